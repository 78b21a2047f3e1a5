// The two ends of a run: kept, or walked back the way it came.
import { describeFileError } from "../machine/file-problem.ts";
import { FileError, type Files, type Machine } from "../machine/machine.ts";
import { nameOf } from "../model/state.ts";
import { permissionsOf } from "../resources/file/prepare.ts";
import type { Step } from "../resources/kind.ts";
import { keepOld } from "../state/kept.ts";
import { tryWithReserve } from "../state/reserve.ts";
import type { Problem } from "../../common/problem.ts";
import { batchesOf, eachKind, kindFor, kindOfBatch, settleAll } from "./apply.ts";
import { closeJournal, noteBack, noteKept, noteSteps } from "./journal.ts";
import { tellLeft } from "./left.ts";

/**
 * Walks every step back, last first. Problems name what could not be put back, and what stands in which state; the journal
 * then stays open, and all that was kept for undoing stays where it is. What somebody else changed meanwhile
 * (`left-in-place`) is told, but it is no reason to try again. `hasBegun` when the journal says so already.
 */
export async function rollBack(
  machine: Machine,
  state: Files,
  run: string,
  steps: readonly Step[],
  hasBegun = false,
): Promise<readonly Problem[]> {
  if (!hasBegun) await noteBack(state);
  return tryWithReserve(state, () => walkBack(machine, state, run, steps));
}

async function walkBack(
  machine: Machine,
  state: Files,
  run: string,
  steps: readonly Step[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const batch of batchesOf(steps.toReversed())) problems.push(...(await kindOfBatch(batch).undo(machine, batch)));
  problems.push(...(await settleAll(machine, steps)));
  for (const [kind, own] of eachKind(steps)) problems.push(...((await kind.revive?.(machine, own)) ?? []));
  if (problems.some(isTrouble)) return [...problems, ...(await tellLeft(machine, steps))];
  await noteSteps(state, "undone", steps);
  const left = problems.filter((problem) => !wentLater(machine, steps, problem));
  const unkept = await keepForeign(machine, state, run, steps.filter(isLeft(left)));
  if (unkept.length > 0) return [...left, ...unkept];
  return [...left, ...(await release(machine, state, steps))];
}

/** Somebody's newer content stays where it is; then what was there before the run has no place to come back to. */
function isLeft(problems: readonly Problem[]): (step: Step) => boolean {
  const left = new Set(problems.flatMap(({ code, where }) => (code === "left-in-place" ? [where?.file] : [])));
  return ({ change }) => left.has(nameOf(change.id));
}

/** A folder that only had to be there, and that was left because of what a package has in it, goes with the package. */
function wentLater({ files }: Machine, steps: readonly Step[], { code, where }: Problem): boolean {
  if (code !== "left-in-place" || where?.file === undefined) return false;
  const folder = steps.find(({ change }) => nameOf(change.id) === where.file && change.implied === true);
  return folder !== undefined && files.stat(where.file) === undefined;
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
      const bytes = await kindFor(step).foreignContent?.(machine, step);
      if (bytes === undefined) continue;
      const permissions = permissionsOf(step.change.before);
      const path = nameOf(step.change.id);
      await keepOld(state, { run, path, bytes, at: machine.clock.wallMs(), ...permissions });
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

/**
 * Whether a problem of walking back says that it has to be tried again. A service that does not come up with its old
 * files would stand in the way of every run that could mend it.
 */
export function isTrouble({ code }: Problem): boolean {
  return code !== "left-in-place" && code !== "not-revived";
}
