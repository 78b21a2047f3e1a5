// `npm start`: a ready checkout, then the demonstration in this same process, so that signals, the terminal and the
// exit code are its own.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

import { root, setUp } from "./setup.mjs";

await setUp();
const demo = join(root, "dist/demo.js");
if (!existsSync(demo)) {
  process.stderr.write("There is no demonstration in this checkout: reconciler/demo/main.ts is missing.\n");
  process.exit(1);
}
process.argv[1] = demo;
await import(pathToFileURL(demo).href);
