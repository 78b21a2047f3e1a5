// When cycles ended in; whether this program still does its work out.

export interface Pulse {
  /** All on the monotonic clock. */
  readonly startedMs: number;
  readonly lastCycleMs?: number;
  readonly nowMs: number;
  readonly intervalMs: number;
}

const MISSED_INTERVALS = 3;

/** Why it is not well, or nothing: a cycle, or the start, has to be younger than three intervals. */
export function ailment({ startedMs, lastCycleMs, nowMs, intervalMs }: Pulse): string | undefined {
  const sinceMs = nowMs - (lastCycleMs ?? startedMs);
  if (sinceMs <= MISSED_INTERVALS * intervalMs) return undefined;
  const what = lastCycleMs === undefined ? "no run has ended since the start" : "the last run ended";
  return `${what} ${Math.round(sinceMs / 1000)} s ago; there should be one every ${Math.round(intervalMs / 1000)} s`;
}
