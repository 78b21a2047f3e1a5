import { describe, expect, test } from "@jest/globals";
import { ailment } from "../../../reconciler/report/liveness.ts";
import { amount, cut, duration } from "../../../reconciler/report/words.ts";
import { wantsColour } from "../../../common/colour.ts";

describe("colours", () => {
  const cases: [wanted: boolean, isTTY: boolean, env: Record<string, string>][] = [
    [true, true, {}],
    [false, false, {}],
    [false, true, { NO_COLOR: "1" }],
    [true, true, { NO_COLOR: "" }],
    [true, false, { FORCE_COLOR: "1" }],
    [true, false, { FORCE_COLOR: "" }],
    [false, true, { FORCE_COLOR: "0" }],
    [false, true, { NO_COLOR: "1", FORCE_COLOR: "1" }],
    [false, true, { TERM: "dumb" }],
  ];
  test.each(cases)("wanted: %s, when a terminal: %s, with %j", (wanted, isTTY, env) => {
    expect(wantsColour({ isTTY }, env)).toBe(wanted);
  });
});

describe("amounts and durations", () => {
  test("read like speech", () => {
    expect([amount(0, "file"), amount(1, "file"), amount(2, "file")]).toEqual(["0 files", "1 file", "2 files"]);
    expect([41.4, 999, 1000, 59_999, 60_000, 125_400].map(duration)).toEqual([
      "41 ms",
      "999 ms",
      "1.0 s",
      "59.9 s",
      "1 min 0 s",
      "2 min 5 s",
    ]);
  });

  test("a list of twenty is whole, a longer one is cut", () => {
    const lines = Array.from({ length: 21 }, (_, n) => String(n));
    expect(cut(lines.slice(1))).toHaveLength(20);
    expect(cut(lines).at(-1)).toBe("and 1 more");
  });
});

describe("this program is well", () => {
  test("while the last run, or the start, is younger than three intervals", () => {
    const pulse = { startedMs: 1000, intervalMs: 300_000 };
    expect(ailment({ ...pulse, nowMs: 901_000 })).toBeUndefined();
    expect(ailment({ ...pulse, nowMs: 901_001 })).toBe(
      "no run has ended since the start 900 s ago; there should be one every 300 s",
    );
    expect(ailment({ ...pulse, lastCycleMs: 800_000, nowMs: 1_700_000 })).toBeUndefined();
    expect(ailment({ ...pulse, lastCycleMs: 800_000, nowMs: 2_000_000 })).toMatch(/^the last run ended 1200 s ago/);
  });
});
