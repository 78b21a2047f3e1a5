// A revision that did harm here, and why, in; remembered, so that it is not tried again until what the school reads moves.
import { FileError } from "./machine/machine.ts";
import { withQuarantined, type StoredLedger } from "./state/ledger.ts";
import { stateProblem } from "./state/trouble.ts";
import type { Problem } from "../common/problem.ts";

export interface Harm {
  /** Of what this host reads of the commit. */
  readonly digest: string;
  readonly commit: string;
  readonly reason: string;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Problems tell that the ledger could not be written, which is no reason to leave the bad revision in place. */
export async function quarantine(
  stored: StoredLedger,
  stateFolder: string,
  { digest, commit, reason, at }: Harm,
): Promise<readonly Problem[]> {
  try {
    await stored.save(withQuarantined(stored.ledger, digest, commit, reason, at));
    return [];
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return [stateProblem(error, stateFolder)];
  }
}

/** Nobody's fault but this moment's: a full disk, no time left, somebody else at work. The next run may well succeed. */
export function isOfTheMoment({ code }: Problem): boolean {
  return MOMENTARY.has(code) || code.startsWith("file-e");
}

const MOMENTARY: ReadonlySet<string> = new Set([
  ...["deadline", "no-space", "moved"],
  ...["accounts-moved", "accounts-locked"],
  ...["manager-locked", "package-manager-busy", "manager-aborted", "manager-timeout", "manager-interrupted"],
  ...["repository-unreachable", "data-unreachable", "data-not-gathered", "data-moved-on"],
  "supervisor-gone",
]);
