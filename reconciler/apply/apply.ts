// A Plan's changes go in; they are made one journalled step at a time, or not at all.
import type { Clock, Files, Machine } from "../machine/machine.ts";
import type { Emit } from "../model/event.ts";
import type { HealthCheck, HealthReport } from "../model/health.ts";
import type { Change } from "../model/plan.ts";
import { kindOf, type Kind } from "../model/state.ts";
import type { Contents } from "../model/target.ts";
import type { ResourceKind, Step } from "../resources/kind.ts";
import { everyKind } from "../resources/kinds.ts";
import type { Problem } from "../../common/problem.ts";
import { noteMade, noteSteps, openJournal, type Intent } from "./journal.ts";
import { roomFor, runItself } from "./room.ts";

export interface Application {
  readonly run: string;
  readonly commit: string;
  readonly digest: string;
  readonly at: number;
  readonly deadlineMs: number;
  /** Aborted when the deadline has passed: no further change is begun. */
  readonly signal: AbortSignal;
  readonly changes: readonly Change[];
  /** Health checks, and what they said before. */
  readonly checks: readonly HealthCheck[];
  readonly before: HealthReport;
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
  const { run, commit, digest, at, deadlineMs, signal, changes, contents, checks, before } = application;
  const steps = stepsOf(changes, run);
  const short = roomFor(machine, [...eachKind(steps), [runItself, steps]]);
  if (short.length > 0) return { steps: [], touched: false, problems: short };
  const refused = await openJournal(state, {
    run,
    commit,
    digest,
    at,
    deadlineMs,
    began: moment(machine.clock),
    checks,
    before,
    steps,
  });
  if (refused !== undefined) return { steps: [], touched: false, problems: [refused] };
  for (const [kind, own] of eachKind(steps)) {
    const problems = await kind.prepare(machine, own, contents);
    if (problems.length > 0) return { steps, touched: false, problems };
  }
  const problems = await performAll(machine, state, steps, { signal, contents }, emit);
  if (problems.length === 0) await noteMade(state);
  return { steps, touched: true, problems };
}

/** Receipts are written so often, and at the end. Undoing does not depend on them: the intent names every step. */
const RECEIPT_EVERY_MS = 200;

async function performAll(
  machine: Machine,
  state: Files,
  steps: readonly Step[],
  given: Pick<Application, "signal" | "contents">,
  emit: Emit,
): Promise<readonly Problem[]> {
  let unnoted: Step[] = [];
  let notedAt = machine.clock.monotonicMs();
  const done = async (step: Step): Promise<void> => {
    unnoted.push(step);
    emit({ type: "step-done", change: step.change, n: step.n + 1, of: steps.length });
    if (machine.clock.monotonicMs() - notedAt <= RECEIPT_EVERY_MS) return;
    await noteSteps(state, "done", unnoted);
    unnoted = [];
    notedAt = machine.clock.monotonicMs();
  };
  const last = new Set<Step>();
  const earlier = new Set<Kind>();
  for (const batch of batchesOf(steps)) {
    if (given.signal.aborted) return [tookTooLong()];
    // A service is started from files that last; a power cut right after it must not bring others back.
    const waiting = steps.filter((step) => step.n < (batch[0]?.n ?? 0) && !last.has(step));
    if (needsLasting(batch)) for (const step of waiting) last.add(step);
    const unsettled = needsLasting(batch) ? await settleAll(machine, waiting) : [];
    if (unsettled.length > 0) return unsettled;
    await noteSteps(state, "begun", batch);
    const problems = await kindOfBatch(batch).perform(machine, batch, { ...given, earlier, done });
    if (problems.length > 0) return problems;
    for (const { change } of batch.slice(0, 1)) earlier.add(kindOf(change.id));
  }
  const problems = await settleAll(
    machine,
    steps.filter((step) => !last.has(step)),
  );
  await noteSteps(state, "done", unnoted);
  return problems;
}

/** Now, as another process of this boot can understand it. */
function moment(clock: Clock): Intent["began"] {
  const boot = clock.bootId?.();
  return { monotonicMs: clock.monotonicMs(), ...(boot === undefined ? {} : { boot }) };
}

function needsLasting([first]: readonly Step[]): boolean {
  return first !== undefined && kindOf(first.change.id) !== "file";
}

/** Steps of one kind that follow one another: a package manager makes them in one go, a supervisor orders them. */
export function batchesOf(steps: readonly Step[]): readonly (readonly Step[])[] {
  const batches: Step[][] = [];
  for (const step of steps) {
    const last = batches.at(-1);
    if (last?.[0] !== undefined && kindFor(last[0]) === kindFor(step)) last.push(step);
    else batches.push([step]);
  }
  return batches;
}

export function kindOfBatch([first]: readonly Step[]): ResourceKind {
  if (first === undefined) throw new Error("a batch holds at least one step");
  return kindFor(first);
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
  for (const [kind, resource] of Object.entries(everyKind)) {
    const own = changes.filter(({ id }) => kindOf(id) === kind);
    for (const step of resource.steps(own, run, n)) named.set(step.change, step);
    n += own.length;
  }
  return changes.flatMap((change) => named.get(change) ?? []);
}

export function eachKind(steps: readonly Step[]): readonly (readonly [ResourceKind, readonly Step[]])[] {
  return Object.entries(everyKind).flatMap(([kind, resource]) => {
    const own = steps.filter(({ change }) => kindOf(change.id) === kind);
    return own.length === 0 ? [] : [[resource, own] as const];
  });
}

export function kindFor(step: Step): ResourceKind {
  return everyKind[kindOf(step.change.id)];
}

function tookTooLong(): Problem {
  return {
    code: "deadline",
    what: "the run took longer than it may, so what it had changed is taken back",
    hint: "look which stage took the time (reconcile --now --json), or raise deadlines.cycle_s in config.yaml",
  };
}
