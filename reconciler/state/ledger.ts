// The few facts that must outlive everything: which revision stands, which were good, which are quarantined.
import type { Files } from "../machine/machine.ts";
import type { Revision } from "../model/revision.ts";
import type { RunStep } from "../model/run-step.ts";
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

/** Nothing is changed here, because the program died again and again in the same place. */
export interface ReportOnly {
  /** Unix milliseconds. */
  readonly since: number;
  /** Where it died: runs do not go there any more. */
  readonly step: RunStep;
  /** The commit that it had turned to. */
  readonly commit?: string;
  /** What git offered then; it ends when git offers something else. */
  readonly offered?: string;
  readonly reason: string;
  /** When it was last tried all the same, Unix milliseconds. */
  readonly triedAt: number;
  /** Also looking at what an interrupted run left is too much. */
  readonly blind?: true;
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
  /** How often the process died where, since a run last came to its end. */
  readonly deaths?: Readonly<Record<string, { readonly count: number; readonly at: number }>>;
  /** The same by step, since ever. */
  readonly deathsEver?: Readonly<Partial<Record<RunStep, number>>>;
  readonly reportOnly?: ReportOnly;
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
  // The last ones were added last; their times are those of a clock that may have leapt.
  const newest = others.slice(1 - QUARANTINE_KEPT);
  return { ...ledger, quarantine: { ...Object.fromEntries(newest), [digest]: { commit, reason, at, count } } };
}
