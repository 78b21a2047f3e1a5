// A Plan's changes go in; they are made one journalled step at a time, or not at all.
import type { Files, Machine } from "../machine/machine.ts";
import type { Emit } from "../model/event.ts";
import type { Change } from "../model/plan.ts";
import type { Contents } from "../model/target.ts";
import { kindOf, type ResourceKind, type Step } from "../resources/kind.ts";
import { kinds } from "../resources/kinds.ts";
import type { Problem } from "../../common/problem.ts";
import { noteSteps, openJournal } from "./journal.ts";

export interface Application {
  readonly run: string;
  readonly commit: string;
  readonly at: number;
  readonly deadlineMs: number;
  /** Aborted when the deadline has passed: no further change is begun. */
  readonly signal: AbortSignal;
  readonly changes: readonly Change[];
  readonly contents: Contents;
}

/** What was done. With problems, `steps` must be walked back: some of them may have been made. */
export interface Applied {
  /** Every step of the journal, whether it was reached or not; empty when nothing was begun. */
  readonly steps: readonly Step[];
  /** True once anything visible may have changed. */
  readonly touched: boolean;
  readonly problems: readonly Problem[];
}

export async function apply(machine: Machine, state: Files, application: Application, emit: Emit): Promise<Applied> {
  const { run, commit, at, deadlineMs, signal, changes, contents } = application;
  const steps = stepsOf(changes, run);
  const short = eachKind(steps).flatMap(([kind, own]) => kind.room(machine, own));
  if (short.length > 0) return { steps: [], touched: false, problems: short };
  await openJournal(state, { run, commit, at, deadlineMs, steps });
  for (const [kind, own] of eachKind(steps)) {
    const problems = await kind.prepare(machine, own, contents);
    if (problems.length > 0) return { steps, touched: false, problems };
  }
  const problems = await performAll(machine, state, steps, signal, emit);
  return { steps, touched: true, problems };
}

/** Receipts are written so often, and at the end. Undoing does not depend on them: the intent names every step. */
const RECEIPT_EVERY_MS = 200;

async function performAll(
  machine: Machine,
  state: Files,
  steps: readonly Step[],
  signal: AbortSignal,
  emit: Emit,
): Promise<readonly Problem[]> {
  let unnoted: Step[] = [];
  let notedAt = machine.clock.monotonicMs();
  for (const step of steps) {
    if (signal.aborted) return [tookTooLong()];
    const problems = kindFor(step).perform(machine, step);
    if (problems.length > 0) return problems;
    unnoted.push(step);
    emit({ type: "step-done", change: step.change, n: step.n + 1, of: steps.length });
    if (machine.clock.monotonicMs() - notedAt > RECEIPT_EVERY_MS) {
      await noteSteps(state, "done", unnoted);
      unnoted = [];
      notedAt = machine.clock.monotonicMs();
    }
  }
  const problems = await settleAll(machine, steps);
  await noteSteps(state, "done", unnoted);
  return problems;
}

/** Makes what was done, or undone, last. */
export async function settleAll(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const [kind, own] of eachKind(steps)) problems.push(...(await kind.settle(machine, own)));
  return problems;
}

function stepsOf(changes: readonly Change[], run: string): readonly Step[] {
  // Steps keep the order of the plan; a kind that names them is handed its own ones together.
  const named = new Map<Change, Step>();
  let n = 0;
  for (const [kind, resource] of Object.entries(kinds)) {
    const own = changes.filter(({ id }) => kindOf(id) === kind);
    for (const step of resource.steps(own, run, n)) named.set(step.change, step);
    n += own.length;
  }
  return changes.flatMap((change) => named.get(change) ?? []);
}

function eachKind(steps: readonly Step[]): readonly (readonly [ResourceKind, readonly Step[]])[] {
  return Object.entries(kinds).flatMap(([kind, resource]) => {
    const own = steps.filter(({ change }) => kindOf(change.id) === kind);
    return own.length === 0 ? [] : [[resource, own] as const];
  });
}

export function kindFor(step: Step): ResourceKind {
  return kinds[kindOf(step.change.id)];
}

function tookTooLong(): Problem {
  return {
    code: "deadline",
    what: "the run took longer than it may, so what it had changed is taken back",
    hint: "look which stage took the time (reconcile --now --json), or raise deadlines.cycle_s in config.yaml",
  };
}
