// `reconcile resume`: whatever was suspended or pinned here, git is followed again.
import type { Ground } from "../ground.ts";
import type { Clock } from "../machine/machine.ts";
import { withFloor } from "../state/clock-floor.ts";
import { loadLedger } from "../state/ledger.ts";
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
  else say(account(before.value, await clockOf(ground.value)));
  return EXIT.settled;
}

async function clockOf({ machine, state }: Ground): Promise<Clock> {
  return withFloor(machine.clock, (await loadLedger(state)).ledger);
}

function account(before: Holds, clock: Clock): string {
  const suspension = suspensionNow(before, clock);
  const ended = [
    ...(suspension === undefined ? [] : [`No longer suspended (${suspension.reason}).`]),
    ...(before.pin === undefined ? [] : [`No longer held at ${before.pin.commit.slice(0, 12)}.`]),
  ];
  if (ended.length === 0) return "Nothing was suspended or held here; git is followed.";
  return [...ended, "The next run follows git again; for one now: reconcile --now"].join("\n");
}
