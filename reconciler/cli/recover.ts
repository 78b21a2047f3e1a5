// `reconcile recover`: a run that was cut off is brought to its end, without git and without network.
import { recoverOpenRun, type Recovered } from "../recovering.ts";
import type { Ground } from "../ground.ts";
import { amount } from "../report/words.ts";
import { loadMemory } from "../state/memory.ts";
import { succeed, type Result } from "../../common/problem.ts";
import { lockRun, openGround } from "./ground.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

/** Resolves with the exit code: 0 nothing is open any more, 4 a run could not be brought to its end, 1 other trouble. */
export async function recover(options: CommonOptions): Promise<number> {
  const ground = await openGround(options.config);
  const recovered = ground.ok ? await underLock(ground.value) : ground;
  if (!recovered.ok) {
    sayProblems(recovered.problems, options.json);
    return EXIT.notSettled;
  }
  const { recovery, problems } = recovered.value;
  if (options.json) sayJson(recoveredToJson(recovered.value));
  else {
    if (problems.length > 0) sayProblems(problems);
    say(account(recovered.value));
  }
  return recovery?.over === false ? EXIT.rollbackFailed : EXIT.settled;
}

async function underLock(ground: Ground): Promise<Result<Recovered>> {
  const lock = await lockRun(ground, (who) => process.stderr.write(`waiting for ${who}\n`));
  if (!lock.ok) return lock;
  try {
    const memory = await loadMemory(ground.state);
    const signal = AbortSignal.timeout(ground.config.deadlines.cycleMs);
    return succeed(await recoverOpenRun(ground, memory, () => undefined, signal));
  } finally {
    lock.value.release();
  }
}

function account({ recovery }: Recovered): string {
  if (recovery === undefined) return "No run was cut off here; there is nothing to bring to an end.";
  const run = `the run ${recovery.run} of ${amount(recovery.steps, "step")}`;
  if (!recovery.over) return `It was tried to bring ${run} to its end, and something is left to do: it is tried again.`;
  return recovery.kept ? `All of ${run} was made, and stays.` : `All of ${run} is walked back.`;
}

/** docs/json/recover.schema.json describes every member. */
function recoveredToJson({ recovery, problems }: Recovered) {
  const { run, commit, kept, steps, over } = recovery ?? {};
  return { version: 1, kind: "recover", run, commit, kept, steps, over, problems } as const;
}
