// The program behind `npm start`: a school's server kept on this machine, live; or, with --once, its whole story.
import { dirname, join, resolve } from "node:path";
import { outliveReaders } from "../../common/output.ts";
import { templatesFolder } from "../package-paths.ts";
import { live } from "./live.ts";
import { once } from "./once.ts";

const project = dirname(templatesFolder());
// Makes it possible to see several at once, and to have them elsewhere than in a checkout.
const folder = resolve(process.env["DEMO_DIR"] ?? join(project, ".demo"));

const USAGE = `npm start             keeps a school's server in .demo (or the folder DEMO_DIR), until Ctrl-C
npm start -- --once   plays its whole story by itself, and says whether all of it came true
`;

outliveReaders(process);
process.exitCode = await demo(process.argv.slice(2));

async function demo(words: readonly string[]): Promise<number> {
  if (words.length === 0) return live(folder);
  if (words.length === 1 && words[0] === "--once") return once(`${folder}-once`, join(project, "dist/reconcile.js"));
  const isHelp = words.length === 1 && (words[0] === "--help" || words[0] === "-h");
  const stream = isHelp ? process.stdout : process.stderr;
  stream.write(USAGE);
  return isHelp ? 0 : 2;
}
