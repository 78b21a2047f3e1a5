// What a person asked for on this server: to pause, or to stay at a revision. Only the verbs write it; the cycle reads.
import type { Files } from "../machine/machine.ts";
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
  readonly suspension?: Suspension;
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

/** The suspension that is in force now; one that ran out counts as none. */
export function suspensionNow(holds: Holds, nowMs: number): Suspension | undefined {
  return holds.suspension !== undefined && nowMs < holds.suspension.until ? holds.suspension : undefined;
}
