// The two ends of a run: kept, or walked back the way it came.
import type { Files, Machine } from "../machine/machine.ts";
import type { Step } from "../resources/kind.ts";
import type { Problem } from "../../common/problem.ts";
import { eachKind, kindFor } from "./apply.ts";
import { closeJournal, noteSteps, noteVerdict } from "./journal.ts";

/** Walks every step back, last first. Problems name what could not be put back; the journal then stays open. */
export async function rollBack(machine: Machine, state: Files, steps: readonly Step[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const step of steps.toReversed()) problems.push(...(await kindFor(step).undo(machine, step)));
  for (const [kind, own] of eachKind(steps)) await kind.settle(machine, own);
  await noteSteps(state, "undone", steps);
  // What somebody else changed meanwhile is told, but it is no reason to try again.
  if (problems.every(({ code }) => code === "left-in-place")) await closeJournal(state);
  return problems;
}

/** The verdict is on disk first: from then on a power cut leads forward. `remember` must be done when it resolves. */
export async function keep(
  machine: Machine,
  state: Files,
  steps: readonly Step[],
  remember: () => Promise<void>,
): Promise<void> {
  await noteVerdict(state, true);
  await letGo(machine, state, steps, remember);
}

/** The part of keeping that a recovery repeats. */
export async function letGo(
  machine: Machine,
  state: Files,
  steps: readonly Step[],
  remember: () => Promise<void>,
): Promise<void> {
  await remember();
  for (const step of steps) kindFor(step).release(machine, step);
  for (const [kind, own] of eachKind(steps)) await kind.settle(machine, own);
  await closeJournal(state);
}
