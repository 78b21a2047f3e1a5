import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { firstDelayMs, nextDelayMs, startInterval } from "../../../reconciler/triggers/interval.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const schedule = { intervalMs: 15 * MINUTE, splayMs: 5 * MINUTE, host: "escuela-12" };

describe("the first run", () => {
  test("comes within the splay, always at the same place for the same host", () => {
    const delay = firstDelayMs(schedule);
    expect(delay).toBe(firstDelayMs({ ...schedule }));
    expect(delay).toBeGreaterThanOrEqual(0);
    expect(delay).toBeLessThan(schedule.splayMs);
  });

  test("comes at once without a splay", () => {
    expect(firstDelayMs({ ...schedule, splayMs: 0 })).toBe(0);
  });

  test("is spread evenly over a fleet", () => {
    const perMinute = [0, 0, 0, 0, 0];
    for (let n = 0; n < 3000; n++)
      perMinute[Math.floor(firstDelayMs({ ...schedule, host: `school-${n}` }) / MINUTE)]!++;
    for (const count of perMinute) expect(Math.abs(count - 600)).toBeLessThan(100);
  });
});

describe("the next run", () => {
  // Interval, failed fetches in a row, random number, minutes to the next run.
  const cases: [interval: number, failures: number, random: number, minutes: number][] = [
    [15, 0, 0.5, 15],
    [15, 1, 0.999999, 15],
    [15, 2, 0.5, 15],
    [15, 3, 0.5, 30],
    [15, 50, 0.5, 30],
    [24 * 60, 0, 0.5, 24 * 60],
    [24 * 60, 1, 0.5, 30],
  ];
  test.each(cases)(
    "every %i minutes, after %i failures, with %f comes in %i minutes",
    (interval, failures, random, minutes) => {
      const delay = nextDelayMs({ ...schedule, intervalMs: interval * MINUTE }, failures, random);
      expect(Math.round(delay / MINUTE)).toBe(minutes);
    },
  );

  test("never knocks at once, and never waits more than an hour, however often it failed", () => {
    expect(nextDelayMs(schedule, 5, 0)).toBe(5000);
    for (const failures of [1, 10, 2000, Number.MAX_SAFE_INTEGER]) {
      expect(nextDelayMs(schedule, failures, 0.9999)).toBeLessThanOrEqual(HOUR);
    }
  });
});

describe("the interval", () => {
  let wishes: string[];
  const clock = { monotonicMs: () => performance.now() };
  const want = (trigger: string, because: string) => wishes.push(`${trigger}: ${because}`);

  beforeEach(() => {
    wishes = [];
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test("asks at the host's place in the splay, then at every interval", () => {
    const interval = startInterval({ schedule, clock, want });
    jest.advanceTimersByTime(firstDelayMs(schedule) - 1);
    expect(wishes).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(wishes).toEqual(["timer: every 900 s"]);
    jest.advanceTimersByTime(45 * MINUTE);
    expect(wishes).toHaveLength(4);
    interval.stop();
  });

  test("counts from the end of a cycle, and backs off when the fetch failed", () => {
    const interval = startInterval({ schedule: { ...schedule, splayMs: 0 }, clock, want, random: () => 0.5 });
    jest.advanceTimersByTime(0);
    interval.ended(true);
    expect(interval.dueMs() - performance.now()).toBe(15 * MINUTE);
    interval.ended(false);
    interval.ended(false);
    interval.ended(false);
    expect(interval.dueMs() - performance.now()).toBe(30 * MINUTE);
    interval.ended(true);
    expect(interval.dueMs() - performance.now()).toBe(15 * MINUTE);
    interval.stop();
  });

  test("waits for months without a timer that overflows", () => {
    const quarterly = { ...schedule, intervalMs: 90 * 24 * HOUR, splayMs: 0 };
    const interval = startInterval({ schedule: quarterly, clock, want });
    jest.advanceTimersByTime(0);
    jest.advanceTimersByTime(90 * 24 * HOUR - 1);
    expect(wishes).toHaveLength(1);
    jest.advanceTimersByTime(1);
    expect(wishes).toHaveLength(2);
    interval.stop();
  });

  test("asks no more once it is stopped", () => {
    startInterval({ schedule, clock, want }).stop();
    jest.advanceTimersByTime(24 * HOUR);
    expect(wishes).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
