// What a run came to, seen from git: does the server stand as wanted, and which revision is noted as applied or good.
import type { Outcome } from "./model/outcome.ts";
import type { Revision } from "./model/revision.ts";
import type { Offered } from "./revisions.ts";
import { withAccepted, withApplied, withGood, type StoredLedger } from "./state/ledger.ts";

/** As git wants it, as far as git could be asked, with nothing required in bad health. */
export function isSettled(offered: Offered, applied: Revision, health: Outcome["health"]): boolean {
  return isHealthy(health) && offered.current && followsGit(offered, applied);
}

export function isHealthy(health: Outcome["health"]): boolean {
  return health.every(({ level, ok }) => ok || level === "wanted");
}

/** What is cared for is the first choice; otherwise that one was refused. */
export function followsGit(offered: Offered, applied: Revision): boolean {
  return offered.candidates[0]?.commit === applied.commit;
}

/** A calm run in which nothing is new costs the flash card one record of history, and no more. */
export async function noteRevision(
  stored: StoredLedger,
  offered: Offered,
  revision: Revision,
  good: boolean,
): Promise<void> {
  const { ledger } = stored;
  const isApplied = ledger.applied?.commit === revision.commit;
  const isGood = ledger.good[0]?.commit === revision.commit;
  const isTip = offered.followable && offered.desired?.commit === revision.commit;
  const isAccepted = !isTip || ledger.accepted?.commit === revision.commit;
  if (isApplied && isAccepted && (isGood || !good)) return;
  const next = good ? withGood(ledger, revision) : withApplied(ledger, revision);
  await stored.save(isTip ? withAccepted(next, revision) : next);
}
