// The two ends of a run: kept, or walked back the way it came.
import { describeFileError } from "../machine/file-problem.ts";
import { FileError, type Files, type Machine } from "../machine/machine.ts";
import { pathOf } from "../model/state.ts";
import type { Step } from "../resources/kind.ts";
import { keepOld } from "../state/kept.ts";
import type { Problem } from "../../common/problem.ts";
import { kindFor, settleAll } from "./apply.ts";
import { closeJournal, noteKept, noteSteps } from "./journal.ts";

/**
 * Walks every step back, last first. Problems name what could not be put back; the journal then stays open, and all
 * that was kept for undoing stays where it is. What somebody else changed meanwhile (`left-in-place`) is told, but it is
 * no reason to try again.
 */
export async function rollBack(machine: Machine, state: Files, steps: readonly Step[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const step of steps.toReversed()) problems.push(...(await kindFor(step).undo(machine, step)));
  problems.push(...(await settleAll(machine, steps)));
  if (problems.some(isTrouble)) return problems;
  await noteSteps(state, "undone", steps);
  return [...problems, ...(await release(machine, state, steps))];
}

/**
 * The verdict is on disk first: from then on a power cut leads forward. `remember` must be done when it resolves.
 * Problems tell what could not be let go of; the journal then stays open.
 */
export async function keep(
  machine: Machine,
  state: Files,
  run: string,
  steps: readonly Step[],
  remember: () => Promise<void>,
): Promise<readonly Problem[]> {
  await noteKept(state);
  return letGo(machine, state, run, steps, remember);
}

/** The part of keeping that a recovery repeats. */
export async function letGo(
  machine: Machine,
  state: Files,
  run: string,
  steps: readonly Step[],
  remember: () => Promise<void>,
): Promise<readonly Problem[]> {
  await remember();
  const unkept = await keepForeign(machine, state, run, steps);
  return [...unkept, ...(await release(machine, state, steps))];
}

/** Content that was not ours is put aside first. Where that does not work it is told, and no reason to stay half done. */
async function keepForeign(
  machine: Machine,
  state: Files,
  run: string,
  steps: readonly Step[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const step of steps) {
    try {
      const bytes = await kindFor(step).foreignContent(machine, step);
      if (bytes !== undefined) await keepOld(state, run, pathOf(step.change.id), bytes);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(describeFileError(error));
    }
  }
  return problems;
}

/** The journal is closed last, when nothing is left that only it knows of. */
async function release(machine: Machine, state: Files, steps: readonly Step[]): Promise<readonly Problem[]> {
  const problems = steps.flatMap((step) => kindFor(step).release(machine, step));
  problems.push(...(await settleAll(machine, steps)));
  if (problems.length === 0) await closeJournal(state);
  return problems;
}

/** Whether a problem of walking back says that it has to be tried again. */
export function isTrouble({ code }: Problem): boolean {
  return code !== "left-in-place";
}
