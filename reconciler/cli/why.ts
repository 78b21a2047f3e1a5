// `reconcile why PATH`: which layer, file, line and commit gave each part of a file of this server.
import { stateToJson } from "../report/outcome-json.ts";
import { VERSION } from "../version.ts";
import { describeAnswer } from "../why/describe.ts";
import { explainPath } from "../why/explain-path.ts";
import type { Answer } from "../why/explanation.ts";
import { whyToJson } from "../why/json.ts";
import type { Ground } from "../ground.ts";
import type { Result } from "../../common/problem.ts";
import { lookFor, openForLooking, openMirrorForLooking } from "./look.ts";
import { managedPath } from "./managed-path.ts";
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
  if (!path.ok) return path;
  const mirror = await openMirrorForLooking(ground);
  return mirror.ok ? explainPath(ground, mirror.value, path.value) : mirror;
}
