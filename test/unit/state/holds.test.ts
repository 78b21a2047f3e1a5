// A suspension lasts as long as was asked for: whatever is done to the clock, and never for ever.
import { describe, expect, test } from "@jest/globals";
import { momentNow, type Timepiece } from "../../../reconciler/model/moment.ts";
import { suspensionNow, type Holds } from "../../../reconciler/state/holds.ts";

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;
const NOW = Date.UTC(2026, 10, 23, 12);

/** A server's two clocks, that of the wall with what is done to it. */
interface Clocks {
  readonly wall: number;
  readonly uptimeH: number;
  readonly boot: string;
}

function clock({ wall, uptimeH, boot }: Clocks, notBeforeMs = NOW - 24 * HOUR): Timepiece {
  return { wallMs: () => wall, monotonicMs: () => uptimeH * HOUR, bootId: () => boot, notBeforeMs };
}

function suspendedAt(at: Clocks, hours = 12): Holds {
  const began = momentNow(clock(at));
  return { suspension: { reason: "exams", by: "rosa", since: began.at, until: began.at + hours * HOUR, began } };
}

const BEGIN: Clocks = { wall: NOW, uptimeH: 1, boot: "one" };

describe.each<[string, Clocks, Clocks, boolean]>([
  ["an hour later", BEGIN, { wall: NOW + HOUR, uptimeH: 2, boot: "one" }, true],
  ["thirteen hours later", BEGIN, { wall: NOW + 13 * HOUR, uptimeH: 14, boot: "one" }, false],
  ["an hour later, after a boot", BEGIN, { wall: NOW + HOUR, uptimeH: 0.5, boot: "two" }, true],
  ["thirteen hours later, after a boot", BEGIN, { wall: NOW + 13 * HOUR, uptimeH: 0.5, boot: "two" }, false],
  ["the clock leaps twenty years ahead", BEGIN, { wall: NOW + 20 * YEAR, uptimeH: 2, boot: "one" }, true],
  ["the clock falls back to 1970", BEGIN, { wall: HOUR, uptimeH: 2, boot: "one" }, true],
  ["thirteen hours later by a clock that fell back", BEGIN, { wall: HOUR, uptimeH: 14, boot: "one" }, false],
  [
    "made twenty years ahead, and the clock is set right",
    { ...BEGIN, wall: NOW + 20 * YEAR },
    { wall: NOW + HOUR, uptimeH: 2, boot: "one" },
    true,
  ],
  [
    "made twenty years ahead, the clock is set right, thirteen hours later",
    { ...BEGIN, wall: NOW + 20 * YEAR },
    { wall: NOW + 13 * HOUR, uptimeH: 14, boot: "one" },
    false,
  ],
  [
    "made twenty years ahead, and the clock is right after a boot",
    { ...BEGIN, wall: NOW + 20 * YEAR },
    { wall: NOW + HOUR, uptimeH: 0.5, boot: "two" },
    false,
  ],
  ["two minutes back after a boot", BEGIN, { wall: NOW - 120_000, uptimeH: 0.1, boot: "two" }, true],
  ["1970 after a boot", BEGIN, { wall: HOUR, uptimeH: 0.5, boot: "two" }, true],
  ["1970 after a boot, for thirteen hours", BEGIN, { wall: 13 * HOUR, uptimeH: 13, boot: "two" }, false],
  [
    "made in 1970, and the clock is right after a boot",
    { ...BEGIN, wall: HOUR },
    { wall: NOW + HOUR, uptimeH: 0.5, boot: "two" },
    true,
  ],
  [
    "made in 1970, and the clock has been right after a boot for thirteen hours",
    { ...BEGIN, wall: HOUR },
    { wall: NOW + 20 * HOUR, uptimeH: 13, boot: "two" },
    false,
  ],
])("suspended for twelve hours: %s", (_, began, now, isSuspended) => {
  test(isSuspended ? "it still is" : "it is over", () => {
    expect(suspensionNow(suspendedAt(began), clock(now)) !== undefined).toBe(isSuspended);
  });
});

test("until when is told by the clock as it is now; what programs are told has no inner clock in it", () => {
  const holds = suspendedAt({ ...BEGIN, wall: NOW + 20 * YEAR });
  const told = suspensionNow(holds, clock({ wall: NOW + HOUR, uptimeH: 2, boot: "one" }));
  expect(told).toEqual({ reason: "exams", by: "rosa", since: NOW + 20 * YEAR, until: NOW + 12 * HOUR });
  const calm = suspensionNow(suspendedAt(BEGIN), clock({ wall: NOW + HOUR + 3000, uptimeH: 2, boot: "one" }));
  expect(calm?.until).toBe(NOW + 12 * HOUR);
});
