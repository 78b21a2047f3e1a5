// How much time has passed, by two clocks of which one may be set by anybody, and the other ends with the boot.
import { describe, expect, test } from "@jest/globals";
import { atLeastMs, knownMs, momentNow, passedMs, type Timepiece } from "../../../reconciler/model/moment.ts";

const HOUR = 3_600_000;
const YEARS_20 = 20 * 365 * 24 * HOUR;
const NOW = Date.UTC(2026, 10, 23, 12);

function clock(wallMs: number, uptimeMs: number, boot?: string): Timepiece {
  const inner = { wallMs: () => wallMs, monotonicMs: () => uptimeMs, notBeforeMs: NOW - HOUR };
  return boot === undefined ? inner : { ...inner, bootId: () => boot };
}

test.each([
  ["a clock that is right", NOW, NOW, NOW],
  ["the very second of the newest commit", NOW - HOUR, NOW - HOUR, NOW - HOUR],
  ["a second before the newest commit", NOW - HOUR - 1000, undefined, NOW - HOUR],
  ["1970", 5000, undefined, NOW - HOUR],
  ["twenty years ahead, which nobody can know", NOW + YEARS_20, NOW + YEARS_20, NOW + YEARS_20],
])("%s", (_, wallMs, known, atLeast) => {
  expect([knownMs(clock(wallMs, 0)), atLeastMs(clock(wallMs, 0))]).toEqual([known, atLeast]);
});

describe.each<[string, Timepiece, Timepiece, number | undefined]>([
  ["in one boot", clock(NOW, 0, "one"), clock(NOW + HOUR, HOUR, "one"), HOUR],
  ["in one boot, the clock leaps ahead", clock(NOW, 0, "one"), clock(NOW + YEARS_20, HOUR, "one"), HOUR],
  ["in one boot, the clock leaps back", clock(NOW + YEARS_20, 0, "one"), clock(NOW, HOUR, "one"), HOUR],
  ["in one boot in 1970", clock(0, 0, "one"), clock(HOUR, HOUR, "one"), HOUR],
  ["in one boot in 1970, and then the clock is set", clock(0, 0, "one"), clock(NOW, HOUR, "one"), HOUR],
  ["over a boot", clock(NOW, 5 * HOUR, "one"), clock(NOW + HOUR, 0, "two"), HOUR],
  ["over a boot, by a clock that went back", clock(NOW + HOUR, 0, "one"), clock(NOW, 0, "two"), undefined],
  ["over a boot into 1970", clock(NOW, 0, "one"), clock(HOUR, 0, "two"), undefined],
  ["over a boot in 1970", clock(0, 0, "one"), clock(HOUR, 0, "two"), undefined],
  ["where nobody knows the boot", clock(NOW, 0), clock(NOW + HOUR, 0), HOUR],
])("an hour %s", (_, before, after, passed) => {
  test(passed === undefined ? "nobody knows" : "is an hour", () => {
    expect(passedMs(after, momentNow(before))).toBe(passed);
  });
});
