// `reconcile status`: how this server is, in at most a dozen lines.
import { wantsColour } from "../../common/colour.ts";
import { createPaint } from "../report/log/paint.ts";
import { describeStatus } from "../status/describe.ts";
import { gatherStatus } from "../status/gather.ts";
import { statusToJson } from "../status/json.ts";
import { succeed } from "../../common/problem.ts";
import { lookFor, openForLooking } from "./look.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

/** Resolves with the exit code: 0 settled, 1 not. */
export async function status(options: CommonOptions): Promise<number> {
  const ground = await openForLooking(options.config);
  const gathered = ground.ok
    ? await lookFor(async () => succeed(await gatherStatus(ground.value)), ground.value.config.state)
    : ground;
  if (!gathered.ok) {
    sayProblems(gathered.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson(statusToJson(gathered.value));
  else say(describeStatus(gathered.value, createPaint(wantsColour(process.stdout, process.env))).join("\n"));
  return gathered.value.settled ? EXIT.settled : EXIT.notSettled;
}
