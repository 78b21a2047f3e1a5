// What time it is at least: that of the newest commit this server has verified, whoever looks at which clock.
import { expect, test } from "@jest/globals";
import type { Revision } from "../../../reconciler/model/revision.ts";
import { clockProblems, withFloor } from "../../../reconciler/state/clock-floor.ts";
import type { Ledger } from "../../../reconciler/state/ledger.ts";

const JULY = Date.UTC(2026, 6, 1) / 1000;
const AUGUST = Date.UTC(2026, 7, 1) / 1000;

function revision(time: number): Revision {
  return { commit: "c".repeat(40), tree: "t".repeat(40), time, subject: "x", author: "Ana" };
}

function clockAt(ms: number) {
  return { wallMs: () => ms, monotonicMs: () => 1, bootId: () => "boot" };
}

const NOTHING: Ledger = { good: [], quarantine: {} };

test.each<[string, Ledger, Revision | undefined, number]>([
  ["nothing is known", NOTHING, undefined, 0],
  ["the first commit is about to be followed", NOTHING, revision(JULY), JULY],
  ["a newer commit is about to be followed", { ...NOTHING, accepted: revision(JULY) }, revision(AUGUST), AUGUST],
  ["an older one is gone back to", { ...NOTHING, accepted: revision(AUGUST) }, revision(JULY), AUGUST],
  [
    "an older one stands, after a roll-back",
    { ...NOTHING, accepted: revision(AUGUST), applied: revision(JULY) },
    undefined,
    AUGUST,
  ],
  ["a commit of the future was corrected by the next", { ...NOTHING, accepted: revision(JULY) }, revision(JULY), JULY],
  ["only a good one is known", { ...NOTHING, good: [revision(JULY)] }, undefined, JULY],
])("%s", (_, ledger, verified, least) => {
  const clock = withFloor(clockAt(5), ledger, verified);
  expect([clock.notBeforeMs, clock.wallMs(), clock.monotonicMs(), clock.bootId?.()]).toEqual([
    least * 1000,
    5,
    1,
    "boot",
  ]);
});

test("a clock that is not believed is told, with what to do; any other is not", () => {
  const ledger = { ...NOTHING, accepted: revision(JULY) };
  const [told] = clockProblems(withFloor(clockAt(5), ledger));
  expect(told).toMatchObject({
    code: "clock-behind",
    what: expect.stringMatching(/^the clock shows 1970-.*2026-07-01/u),
  });
  expect(told?.hint).toContain("timedatectl");
  expect(clockProblems(withFloor(clockAt(JULY * 1000), ledger))).toEqual([]);
});
