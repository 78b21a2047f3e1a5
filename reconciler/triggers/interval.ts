// The clock as a trigger: asks for a cycle every so often, spread over the fleet, and less often when fetching fails.
import { createHash } from "node:crypto";
import type { Clock } from "../machine/machine.ts";
import type { Trigger } from "../model/outcome.ts";

export interface Schedule {
  readonly intervalMs: number;
  /** The first run comes somewhere in this span, at a place that is always the same for the same host. */
  readonly splayMs: number;
  readonly host: string;
}

export interface Interval {
  /** Tells how the cycle went, whatever triggered it; the next run is counted from now. */
  ended(fetchWorked: boolean): void;
  /** When the next run is due, on the monotonic clock. */
  dueMs(): number;
  stop(): void;
}

export interface IntervalOptions {
  readonly schedule: Schedule;
  readonly clock: Pick<Clock, "monotonicMs">;
  readonly want: (trigger: Trigger, because: string) => unknown;
  /** From 0 up to, not including, 1. */
  readonly random?: () => number;
}

const HOUR_MS = 3_600_000;
const SHORTEST_BACKOFF_MS = 5000;

/** Starts counting. An unanswered wish is followed by another one after a full interval. */
export function startInterval({ schedule, clock, want, random = Math.random }: IntervalOptions): Interval {
  const because = `every ${Math.round(schedule.intervalMs / 1000)} s`;
  let failures = 0;
  let stopped = false;
  let due = clock.monotonicMs() + firstDelayMs(schedule);
  let timer: NodeJS.Timeout;

  // Looks at the clock at least once an hour: a timer that is set for weeks overflows.
  const wait = () => {
    clearTimeout(timer);
    // A cycle that ends after the stop still tells how it went.
    if (stopped) return;
    timer = setTimeout(look, Math.min(Math.max(due - clock.monotonicMs(), 0), HOUR_MS));
  };
  const look = () => {
    if (clock.monotonicMs() >= due) {
      due = clock.monotonicMs() + schedule.intervalMs;
      want("timer", because);
    }
    wait();
  };

  wait();
  return {
    ended(fetchWorked) {
      failures = fetchWorked ? 0 : failures + 1;
      due = clock.monotonicMs() + nextDelayMs(schedule, failures, random());
      wait();
    },
    dueMs: () => due,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

/** Milliseconds from the start to the first run: the host's own place within the splay. */
export function firstDelayMs({ host, splayMs }: Schedule): number {
  if (splayMs < 1) return 0;
  const place = createHash("sha256").update(host).digest().readUIntBE(0, 6);
  return place % Math.floor(splayMs);
}

/**
 * Milliseconds from the end of a cycle to the next. After failed fetches a random part of a span that doubles up to one
 * hour, so that a fleet whose server comes back does not knock at its door all at once.
 */
export function nextDelayMs(schedule: Schedule, failures: number, random: number): number {
  if (failures === 0) return schedule.intervalMs;
  const span = Math.min(schedule.intervalMs * 2 ** Math.min(failures - 1, 30), HOUR_MS);
  return Math.max(Math.round(random * span), Math.min(SHORTEST_BACKOFF_MS, schedule.intervalMs));
}
