// A clock that may be wrong in; the time that is known, and how much of it has passed since, out: never by a clock that
// shows less than the newest commit that was verified.

/** The part of the machine's clock that this goes by. */
export interface Timepiece {
  /** Unix milliseconds: may leap, may be 1970. */
  wallMs(): number;
  /** Never goes backwards, counts from some moment of this boot. */
  monotonicMs(): number;
  /** Names this boot; left out where nobody can know. */
  bootId?(): string | undefined;
  /** What time it is at least, Unix milliseconds. */
  readonly notBeforeMs?: number;
}

/** When something happened, by both clocks: the one on the wall may be set, the other one ends with the boot. */
export interface Moment {
  /** Unix milliseconds. */
  readonly at: number;
  readonly monotonicMs: number;
  readonly boot?: string;
}

export function momentNow(clock: Timepiece): Moment {
  const boot = clock.bootId?.();
  return { at: clock.wallMs(), monotonicMs: clock.monotonicMs(), ...(boot === undefined ? {} : { boot }) };
}

/** Unix milliseconds; undefined when the clock cannot be believed. */
export function knownMs(clock: Timepiece): number | undefined {
  const nowMs = clock.wallMs();
  return nowMs < (clock.notBeforeMs ?? 0) ? undefined : nowMs;
}

/** Unix milliseconds; when the clock cannot be believed, the earliest that it can be. */
export function atLeastMs(clock: Timepiece): number {
  return Math.max(clock.wallMs(), clock.notBeforeMs ?? 0);
}

/** Milliseconds since, whatever was done to the clock meanwhile; undefined when nobody can know. */
export function passedMs(clock: Timepiece, since: Moment): number | undefined {
  if (isThisBoot(clock, since)) return clock.monotonicMs() - since.monotonicMs;
  const nowMs = knownMs(clock);
  return nowMs === undefined || nowMs < since.at ? undefined : nowMs - since.at;
}

export function isThisBoot(clock: Timepiece, { boot }: Moment): boolean {
  return boot !== undefined && boot === clock.bootId?.();
}
