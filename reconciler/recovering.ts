// The ground and its Memory in; a run that was cut off brought to its end, and what came of it, out. The first thing of
// every cycle, and all that `reconcile recover` does: it needs neither a remote nor the mirror.
import { recover, rememberSteps, type Recovery } from "./apply/recover.ts";
import type { Ground } from "./ground.ts";
import { checkHealth } from "./health/check.ts";
import { judge } from "./health/judge.ts";
import type { Emit } from "./model/event.ts";
import type { StoredMemory } from "./state/memory.ts";
import type { Problem } from "../common/problem.ts";

export interface Recovered {
  /** Left out when there was nothing to bring to an end. */
  readonly recovery?: Recovery;
  /** Those of the recovery as well. */
  readonly problems: readonly Problem[];
}

export async function recoverOpenRun(
  { machine, state }: Ground,
  memory: StoredMemory,
  emit: Emit,
  signal: AbortSignal,
): Promise<Recovered> {
  const { recovery, problems } = await recover(machine, state, {
    remember: (steps) => memory.save(rememberSteps(memory.memory, steps)),
    async isNoWorse({ checks, before }) {
      const after = await checkHealth(checks, machine, "after", emit, signal);
      return judge(before, after).keep;
    },
  });
  if (recovery === undefined) return { problems };
  const { run, steps, kept } = recovery;
  emit({ type: "recovered", run, steps, kept, problems: recovery.problems });
  return { recovery, problems: [...problems, ...recovery.problems] };
}
