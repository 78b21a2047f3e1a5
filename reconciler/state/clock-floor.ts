// A clock and what this server has followed in; the same clock with the time that it is at least, out. The newest commit
// that was verified counts: whoever signed it had a clock as well, and the next commit corrects a wrong one.
import type { Clock } from "../machine/machine.ts";
import { knownMs } from "../model/moment.ts";
import type { Revision } from "../model/revision.ts";
import type { Problem } from "../../common/problem.ts";
import type { Ledger } from "./ledger.ts";

/** `verified` is one that is about to be followed. */
export function withFloor(clock: Clock, { accepted, applied, good }: Ledger, verified?: Revision): Clock {
  const followed = accepted ?? applied ?? good[0];
  const times = [followed, verified].map((revision) => (revision?.time ?? 0) * 1000);
  return { ...clock, notBeforeMs: Math.max(...times) };
}

export function clockProblems(clock: Clock): readonly Problem[] {
  if (knownMs(clock) !== undefined) return [];
  const [shown, least] = [clock.wallMs(), clock.notBeforeMs ?? 0].map((ms) => new Date(ms).toISOString());
  return [
    {
      code: "clock-behind",
      what: `the clock shows ${shown}, which is before the newest commit that was verified (${least}): it is not believed`,
      hint: "set it (timedatectl, or an NTP server); until then what has a window waits, and nothing is called old",
    },
  ];
}
