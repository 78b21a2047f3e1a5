// `reconcile recover`: a run that was cut off is brought to its end, without git and without network.
import { lockOverdue } from "../deadman/overdue.ts";
import { recoverOpenRun, type Recovered } from "../recovering.ts";
import type { Ground } from "../ground.ts";
import { amount } from "../report/words.ts";
import { loadLedger } from "../state/ledger.ts";
import { loadMemory } from "../state/memory.ts";
import { succeed, type Result } from "../../common/problem.ts";
import { lockRun, openGround } from "./ground.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

export interface RecoverOptions extends CommonOptions {
  /** Name of a run whose time is over: whoever is still at it is ended. Nothing is done when another one is open. */
  readonly overdue?: string;
  /** The machine is only starting. */
  readonly atBoot?: boolean;
}

/** Resolves with the exit code: 0 nothing is open any more, 4 a run could not be brought to its end, 1 other trouble. */
export async function recover(options: RecoverOptions): Promise<number> {
  const opened = await openGround(options.config);
  const recovered = opened.ok ? await underLock(groundAt(opened.value, options), options.overdue) : opened;
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

function groundAt(ground: Ground, { atBoot = false }: RecoverOptions): Ground {
  return atBoot ? { ...ground, machine: { ...ground.machine, booting: true } } : ground;
}

async function underLock(ground: Ground, overdue: string | undefined): Promise<Result<Recovered>> {
  const lock = overdue === undefined ? await lockRun(ground, tellWait) : await lockOverdue(ground, overdue, tell);
  if (!lock.ok) return lock;
  if (lock.value === undefined) return succeed({ problems: [] });
  try {
    const stored = { memory: await loadMemory(ground.state), ledger: await loadLedger(ground.state) };
    const signal = AbortSignal.timeout(ground.config.deadlines.cycleMs);
    return succeed(await recoverOpenRun(ground, stored, () => undefined, signal));
  } finally {
    lock.value.release();
  }
}

function tellWait(who: string): void {
  tell(`waiting for ${who}`);
}

function tell(words: string): void {
  process.stderr.write(`${words}\n`);
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
