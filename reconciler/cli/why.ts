// `reconcile why PATH`: which layer, file, line and commit gave each part of a file of this server.
import { stateToJson } from "../report/outcome-json.ts";
import { VERSION } from "../version.ts";
import { describeAnswer } from "../why/describe.ts";
import { explainPath } from "../why/explain-path.ts";
import type { Answer } from "../why/explanation.ts";
import { whyToJson } from "../why/json.ts";
import type { Ground } from "../ground.ts";
import { refuse, type Problem, type Result } from "../../common/problem.ts";
import { posix } from "node:path";
import { lookFor, openForLooking, openMirrorForLooking } from "./look.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

/** Resolves with the exit code: 0 told, 1 not managed or not to be told. */
export async function why(path: string, options: CommonOptions): Promise<number> {
  const ground = await openForLooking(options.config);
  const answer = ground.ok ? await lookFor(() => ask(ground.value, path)) : ground;
  if (!answer.ok) {
    sayProblems(answer.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson(whyToJson(answer.value, VERSION, stateToJson));
  else say(describeAnswer(answer.value, VERSION).join("\n"));
  return answer.value.managed ? EXIT.settled : EXIT.notSettled;
}

async function ask(ground: Ground, word: string): Promise<Result<Answer>> {
  const path = managedPath(word, ground.config.root);
  if (path === undefined) return refuse(notAbsolute(word));
  const mirror = await openMirrorForLooking(ground);
  return mirror.ok ? explainPath(ground, mirror.value, path) : mirror;
}

/** A path below a managed root other than "/" may be written as this machine has it, too. */
function managedPath(word: string, root: string): string | undefined {
  if (!word.startsWith("/")) return undefined;
  const path = posix.normalize(word).replace(/(?<=.)\/$/u, "");
  return root !== "/" && path.startsWith(`${root}/`) ? path.slice(root.length) : path;
}

function notAbsolute(word: string): Problem {
  return {
    code: "not-a-path",
    what: `${word} is not an absolute path`,
    hint: "write it from the root on, such as /etc/motd",
  };
}
