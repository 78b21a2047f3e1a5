// The ground and its Memory in; a run that was cut off brought to its end, and what came of it, out. The first thing of
// every cycle, and all that `reconcile recover` does: it needs neither a remote nor the mirror.
import { readJournal, type Intent } from "./apply/journal.ts";
import { tellLeft } from "./apply/left.ts";
import { recover, rememberSteps, type Recovery } from "./apply/recover.ts";
import type { Ground } from "./ground.ts";
import { checkHealth } from "./health/check.ts";
import { inWords, judge } from "./health/judge.ts";
import type { Emit } from "./model/event.ts";
import { quarantine } from "./quarantine.ts";
import type { StoredLedger } from "./state/ledger.ts";
import type { StoredMemory } from "./state/memory.ts";
import type { Problem } from "../common/problem.ts";

/** What a recovery writes besides the machine. */
export interface Stored {
  readonly memory: StoredMemory;
  readonly ledger: StoredLedger;
}

export interface Recovered {
  /** Left out when there was nothing to bring to an end. */
  readonly recovery?: Recovery;
  /** Those of the recovery as well. */
  readonly problems: readonly Problem[];
}

export async function recoverOpenRun(
  { machine, state, config, deadman }: Ground,
  { memory, ledger }: Stored,
  emit: Emit,
  signal: AbortSignal,
): Promise<Recovered> {
  const unwritten: Problem[] = [];
  const isNoWorse = async ({ checks, before, digest, commit, at }: Intent): Promise<boolean> => {
    const after = await checkHealth(checks, machine, "after", emit, signal);
    const verdict = judge(before, after);
    // Known to be bad before it is walked back, as in the run itself.
    const harm = { digest, commit, at, reason: inWords(verdict) };
    if (!verdict.keep) unwritten.push(...(await quarantine(ledger, config.state, harm)));
    return verdict.keep;
  };
  const { recovery, problems } = await recover(machine, state, {
    remember: (steps) => memory.save(rememberSteps(memory.memory, steps)),
    // Before anything is up, nobody can tell: it is walked back without blame, and tried again.
    ...(machine.booting === true ? {} : { isNoWorse }),
  });
  if (recovery === undefined) return { problems };
  const { run, steps, kept, over } = recovery;
  if (over) await deadman?.disarm();
  emit({ type: "recovered", run, steps, kept, over, problems: recovery.problems });
  return { recovery, problems: [...problems, ...unwritten, ...recovery.problems] };
}

/** What of an interrupted run stands in which state, where it is not brought to its end any more. Only looks. */
export async function accountForOpenRun({ machine, state }: Ground): Promise<readonly Problem[]> {
  const { open, problems } = await readJournal(state);
  return [...problems, ...(open === undefined ? [] : await tellLeft(machine, open.intent.steps))];
}
