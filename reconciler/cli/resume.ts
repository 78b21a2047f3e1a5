// `reconcile resume`: whatever was suspended or pinned here, git is followed again.
import { suspensionNow, type Holds } from "../state/holds.ts";
import { openGround } from "./ground.ts";
import { changeHolds, holdsToJson } from "./holds.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

/** Resolves with the exit code: 0 git is followed, 1 that could not be written down. */
export async function resume(options: CommonOptions): Promise<number> {
  const ground = await openGround(options.config);
  const before = ground.ok ? await changeHolds(ground.value, () => ({})) : ground;
  if (!ground.ok || !before.ok) {
    sayProblems(before.ok ? [] : before.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson(holdsToJson({}));
  else say(account(before.value, ground.value.machine.clock.wallMs()));
  return EXIT.settled;
}

function account(before: Holds, nowMs: number): string {
  const suspension = suspensionNow(before, nowMs);
  const ended = [
    ...(suspension === undefined ? [] : [`No longer suspended (${suspension.reason}).`]),
    ...(before.pin === undefined ? [] : [`No longer held at ${before.pin.commit.slice(0, 12)}.`]),
  ];
  if (ended.length === 0) return "Nothing was suspended or held here; git is followed.";
  return [...ended, "The next run follows git again; for one now: reconcile --now"].join("\n");
}
