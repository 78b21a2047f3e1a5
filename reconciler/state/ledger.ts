// The few facts that must outlive everything: which revision stands, which were good, which are quarantined.
import type { Files } from "../machine/machine.ts";
import type { Revision } from "../model/revision.ts";
import { damagedSlots } from "./memory.ts";
import { readSlots, writeSlots } from "./slots.ts";
import type { Problem } from "../../common/problem.ts";

const NAME = "ledger";

export interface Quarantined {
  readonly commit: string;
  readonly reason: string;
  /** Unix milliseconds of the last time. */
  readonly at: number;
  readonly count: number;
}

export interface Ledger {
  /** The revision that the server was last made to follow. */
  readonly applied?: Revision;
  /** High-water mark: the newest tip ever followed. The next one must descend from it, also after a rollback. */
  readonly accepted?: Revision;
  /** Revisions that ended well here, newest first; the first one is what a refused revision falls back to. */
  readonly good: readonly Revision[];
  /** By the digest of the host's tree. */
  readonly quarantine: Readonly<Record<string, Quarantined>>;
}

const GOOD_KEPT = 20;
const QUARANTINE_KEPT = 50;

const NEW_LEDGER: Ledger = { good: [], quarantine: {} };

export interface StoredLedger {
  /** As read, or as last saved. */
  readonly ledger: Ledger;
  readonly problems: readonly Problem[];
  readonly save: (next: Ledger) => Promise<void>;
}

export async function loadLedger(state: Files): Promise<StoredLedger> {
  const { value, sequence, damaged } = await readSlots(state, NAME);
  let current: Ledger = { ...NEW_LEDGER, ...(value as Partial<Ledger> | undefined) };
  let written = sequence;
  return {
    get ledger() {
      return current;
    },
    problems: damagedSlots({ value, damaged }),
    async save(next) {
      written += 1;
      await writeSlots(state, NAME, next, written);
      current = next;
    },
  };
}

/** The server follows this revision now, whether all is well or not. */
export function withApplied(ledger: Ledger, revision: Revision): Ledger {
  return { ...ledger, applied: revision };
}

/** The tip of the branch is followed now. Only for one that descends from what was accepted before. */
export function withAccepted(ledger: Ledger, revision: Revision): Ledger {
  return { ...ledger, accepted: revision };
}

/** A run under this revision ended well. */
export function withGood(ledger: Ledger, revision: Revision): Ledger {
  const others = ledger.good.filter(({ commit }) => commit !== revision.commit);
  return { ...ledger, applied: revision, good: [revision, ...others].slice(0, GOOD_KEPT) };
}

export function withQuarantined(ledger: Ledger, digest: string, commit: string, reason: string, at: number): Ledger {
  const count = (ledger.quarantine[digest]?.count ?? 0) + 1;
  const others = Object.entries(ledger.quarantine).filter(([key]) => key !== digest);
  const newest = others.sort(([, one], [, other]) => other.at - one.at).slice(0, QUARANTINE_KEPT - 1);
  return { ...ledger, quarantine: { ...Object.fromEntries(newest), [digest]: { commit, reason, at, count } } };
}
