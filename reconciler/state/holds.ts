// What a person asked for on this server: to pause, or to stay at a revision. Only the verbs write it; the cycle reads.
import type { Files } from "../machine/machine.ts";
import { isThisBoot, knownMs, type Moment, type Timepiece } from "../model/moment.ts";
import { readSlots, writeSlots } from "./slots.ts";

const NAME = "holds";

export interface Suspension {
  readonly reason: string;
  /** Login name of the person, as far as it is known. */
  readonly by: string;
  /** Unix milliseconds. */
  readonly since: number;
  readonly until: number;
}

export interface Pin {
  /** Full id of the commit to stay at. */
  readonly commit: string;
  readonly by: string;
  readonly since: number;
}

export interface Holds {
  /** `began` is its beginning by both clocks; left out in what an older version wrote. */
  readonly suspension?: Suspension & { readonly began?: Moment };
  readonly pin?: Pin;
}

export async function loadHolds(state: Files): Promise<Holds> {
  const { value } = await readSlots(state, NAME);
  return (value as Holds | undefined) ?? {};
}

export async function saveHolds(state: Files, holds: Holds): Promise<void> {
  const { sequence } = await readSlots(state, NAME);
  await writeSlots(state, NAME, holds, sequence + 1);
}

/**
 * The suspension that is in force now; one that ran out counts as none. It lasts as long as was asked for, whatever is
 * done to the clock meanwhile; `until` is told anew by a clock that was set.
 */
export function suspensionNow({ suspension }: Holds, clock: Timepiece): Suspension | undefined {
  if (suspension === undefined) return undefined;
  const { began, ...told } = suspension;
  const leftMs = told.until - told.since - lastedMs(clock, told.since, began);
  if (leftMs <= 0) return undefined;
  const until = clock.wallMs() + leftMs;
  return Math.abs(until - told.until) < LEAP_MS ? told : { ...told, until };
}

/** The two clocks of a server drift apart by a second or so a day. */
const LEAP_MS = 5 * 60_000;

/**
 * After a boot only the clock on the wall can tell: as far from the beginning on either side, so that one which was
 * ahead then makes nothing last for years. One that is not believed leaves the time since the boot.
 */
function lastedMs(clock: Timepiece, since: number, began: Moment | undefined): number {
  if (began !== undefined && isThisBoot(clock, began)) return clock.monotonicMs() - began.monotonicMs;
  const nowMs = knownMs(clock);
  const isTold = nowMs !== undefined && since >= (clock.notBeforeMs ?? 0);
  return isTold ? Math.abs(nowMs - since) : clock.monotonicMs();
}
