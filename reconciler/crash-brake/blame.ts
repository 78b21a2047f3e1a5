// The note of a run that did not come to its end in; whether that counts, and against what, out.
import { lastBegun } from "../apply/journal.ts";
import type { Ground } from "../ground.ts";
import type { Emit } from "../model/event.ts";
import { deedOf } from "../model/run-step.ts";
import { titleOf } from "../model/state.ts";
import type { AtWork } from "../state/at-work.ts";
import { deathsAt, withDeath, type DeathPlace } from "../state/deaths.ts";
import type { StoredLedger } from "../state/ledger.ts";

/**
 * Schools lose their power every day, mostly while something long is done that harms nobody, so then only a run counts
 * that was touching this server. A recovery may lose its power as often as it likes.
 */
export function isBlamed({ step, boot }: AtWork, bootNow: string | undefined): boolean {
  return (boot !== undefined && boot === bootNow) || ["check", "apply", "judge", "rollback"].includes(step);
}

/** Puts the death down in the ledger, and tells it. */
export async function count(
  { state, machine }: Ground,
  stored: StoredLedger,
  { run, step, commit, digest, offered }: AtWork,
  emit: Emit,
): Promise<void> {
  const resource = step === "apply" ? await lastBegun(state, run) : undefined;
  const place: DeathPlace = {
    step,
    ...(commit === undefined ? {} : { commit }),
    ...(digest === undefined ? {} : { digest }),
    ...(resource === undefined ? {} : { resource }),
    ...(offered === undefined ? {} : { offered }),
  };
  const deed = deedOf(step, commit, resource === undefined ? undefined : titleOf(resource));
  const reason = (times: number): string => `the program died ${times} times while it ${deed}`;
  await stored.save(withDeath(stored.ledger, place, machine.clock.wallMs(), reason));
  const { digest: _digest, offered: _offered, ...told } = place;
  emit({ type: "died", run, ...told, times: deathsAt(stored.ledger, place) });
}
