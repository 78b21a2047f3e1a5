// A run whose time is over in; the run lock out, taken from whoever still has it. Nothing when the run is at its end.
import { lookIntoJournal, type OpenJournal } from "../apply/journal.ts";
import type { Ground } from "../ground.ts";
import { lockHolder } from "../machine/lock-holder.ts";
import { takeLock, type Lock } from "../machine/lock.ts";
import { endWithAll, isStoppedForGood } from "../machine/end-process.ts";
import { stillThere, type ProcessSeen } from "../machine/processes.ts";
import { kindOf } from "../model/state.ts";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { succeed, type Result } from "../../common/problem.ts";

/** Who comes in between begins with bringing the run to its end, and may hang in its turn. */
const ROUNDS = 3;
const POLL_MS = 500;

/** `tell` hears, in words, who is waited for and who is ended. */
export async function lockOverdue(
  { state, config }: Ground,
  run: string,
  tell: (words: string) => void,
): Promise<Result<Lock | undefined>> {
  const path = join(config.state, "lock");
  for (let round = 0; ; round++) {
    const open = await openRun({ state }, run);
    if (open === undefined) return succeed(undefined);
    const lock = await takeLock(path, { waitMs: 0 });
    if (lock.ok || round === ROUNDS || lock.problems.some(({ code }) => code !== "lock-held")) return lock;
    const holder = lockHolder(path);
    if (holder === undefined) {
      await pause(POLL_MS);
      continue;
    }
    const isSpared = round > 0 || isBestLeftAlone(open);
    if (isSpared) tell(`waiting for process ${holder.pid}, which may bring the run ${run} to its end`);
    if (await goesOn(holder, { state }, run, isSpared ? config.deadlines.cycleMs : 0)) {
      tell(`process ${holder.pid} has been at the run ${run} for too long: it is ended`);
      await endWithAll(holder);
    }
  }
}

async function openRun({ state }: Pick<Ground, "state">, run: string): Promise<OpenJournal | undefined> {
  const open = await lookIntoJournal(state);
  return open?.intent.run === run ? open : undefined;
}

/**
 * It is on its way to the end already, or at work on packages: those are not ended because a run is out of time, and one
 * that is leaves more to mend than its delay does harm.
 */
function isBestLeftAlone({ keep, back, made, atWork: [step] }: OpenJournal): boolean {
  return keep || back || (!made && step !== undefined && kindOf(step.change.id) === "package");
}

/** Whether it still is at the run when it has had that long; known at once of one that somebody stopped. */
async function goesOn(
  holder: ProcessSeen,
  ground: Pick<Ground, "state">,
  run: string,
  patienceMs: number,
): Promise<boolean> {
  const endsAt = performance.now() + patienceMs;
  for (;;) {
    if (stillThere(holder) === undefined || (await openRun(ground, run)) === undefined) return false;
    if (performance.now() >= endsAt || isStoppedForGood(holder)) return true;
    await pause(POLL_MS);
  }
}
