// A plan that is not empty: checked, applied, checked again, judged; kept, or walked back and quarantined.
import { apply } from "./apply/apply.ts";
import { isTrouble, keep, rollBack } from "./apply/finish.ts";
import type { Aim } from "./aim.ts";
import type { Course } from "./course.ts";
import type { FullPlan } from "./full-plan.ts";
import type { Ground } from "./ground.ts";
import { checkHealth } from "./health/check.ts";
import { judge } from "./health/judge.ts";
import { observe } from "./observe.ts";
import { FileError } from "./machine/machine.ts";
import type { HealthReport } from "./model/health.ts";
import { creates } from "./model/created.ts";
import type { Outcome } from "./model/outcome.ts";
import { countByKind, countStandings, type Plan, type Standings } from "./model/plan.ts";
import { titleOf, type ResourceId } from "./model/state.ts";
import { plan } from "./plan/plan.ts";
import { remember, STAMP_SETTLES_MS } from "./plan/remember.ts";
import type { Step } from "./resources/kind.ts";
import { withQuarantined, type Ledger, type StoredLedger } from "./state/ledger.ts";
import { countKept, keptFolder, limitKept } from "./state/kept.ts";
import type { StoredMemory } from "./state/memory.ts";
import { stateProblem } from "./state/trouble.ts";
import { setTimeout as pause } from "node:timers/promises";
import type { Problem } from "../common/problem.ts";

export interface Work {
  readonly aim: Aim;
  readonly planned: FullPlan;
  readonly memory: StoredMemory;
  readonly ledger: StoredLedger;
}

export interface Changed {
  readonly result: "changed" | "failed" | "rolled_back" | "rollback_failed";
  readonly health: HealthReport;
  /** Planned again afterwards, nothing was left to do. */
  readonly calm: boolean;
  /** As they stand after the change; left out where nothing was changed in the end. */
  readonly resources?: Standings;
  readonly byKind?: Outcome["byKind"];
}

export async function change(ground: Ground, work: Work, course: Course): Promise<Changed> {
  const { machine, state, config } = ground;
  const { aim, planned } = work;
  const rendered = await course.stage("render", () => aim.rendered());
  if (!rendered.ok) return failed(course, rendered.problems);
  const { health: checks } = aim.target;
  const before = await course.stage("check", () => checkHealth(checks, machine, "before", course.emit, course.signal));
  const { changes } = planned.plan;
  const { contents } = rendered.value;
  const at = machine.clock.wallMs();
  const { cycleMs: deadlineMs } = config.deadlines;
  const applied = await course.stage("apply", () =>
    apply(
      machine,
      state,
      {
        ...{ run: course.run, commit: aim.revision.commit, at, deadlineMs, signal: course.signal },
        ...{ changes, contents, checks, before },
      },
      course.emit,
    ),
  );
  if (applied.problems.length > 0) {
    course.tell(applied.problems);
    return back(ground, course, applied.steps, applied.touched ? "a change could not be made" : undefined, before);
  }
  const after = await course.stage("judge", () => checkHealth(checks, machine, "after", course.emit, course.signal));
  const verdict = judge(before, after);
  if (!verdict.keep) {
    const reason = verdict.worsened.map(({ name, detail }) => `${name}: ${detail}`).join("; ");
    const { digest, revision } = aim;
    // Known to be bad before it is walked back: a power cut in between must not lead to trying it again.
    await quarantine(
      ground,
      work.ledger,
      withQuarantined(work.ledger.ledger, digest, revision.commit, reason, at),
      course,
    );
    return back(ground, course, applied.steps, `health got worse (${reason})`, after);
  }
  return { result: "changed", health: after, ...(await keepAndRemember(ground, work, applied.steps, course)) };
}

/** A ledger that cannot be written is told, and no reason to leave the bad revision in place. */
async function quarantine(ground: Ground, stored: StoredLedger, next: Ledger, course: Course): Promise<void> {
  try {
    await stored.save(next);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    course.tell([stateProblem(error, ground.config.state)]);
  }
}

type Kept = Pick<Changed, "calm" | "resources" | "byKind">;

/** Looks again before it lets go, so that Memory holds what is really there; the second plan must be empty. */
async function keepAndRemember(ground: Ground, work: Work, steps: readonly Step[], course: Course): Promise<Kept> {
  const { machine, state } = ground;
  const { target } = work.aim;
  const created = new Set(steps.filter(({ change }) => creates(change)).map(({ change }) => change.id));
  let kept: Kept = { calm: false };
  const problems = await keep(machine, state, course.run, steps, async () => {
    await pause(STAMP_SETTLES_MS + 5);
    const { observed, at: observedAt, problems: unseen } = await observe(machine, target, work.memory.memory);
    const next = remember({ target, observed, memory: work.memory.memory, created, observedAt });
    const again = plan({ target, observed, memory: next }).plan;
    const waiting = new Set(work.planned.plan.held.map(({ id }) => id));
    const restless = again.changes.filter(({ id }) => !waiting.has(id));
    const brought = steps.some(({ change }) => change.id.startsWith("package:"));
    course.tell([
      ...unseen,
      ...restless.slice(0, 10).map(({ id }) => (brought ? broughtAlong(id) : wouldNotSettle(id))),
    ]);
    kept = { calm: restless.length === 0 && unseen.length === 0, ...counted(again.standings) };
    await work.memory.save(next);
  });
  course.tell(problems);
  tellKept(ground, course);
  return problems.length === 0 ? kept : { ...kept, calm: false };
}

function counted(standings: Plan["standings"]): Required<Pick<Changed, "resources">> & Pick<Changed, "byKind"> {
  return { resources: countStandings(standings), byKind: countByKind(standings) };
}

/** Where somebody finds what this run replaced although it was not ours. */
function tellKept({ state, config }: Ground, course: Course): void {
  const folder = keptFolder(course.run);
  if (state.stat(folder) === undefined) return;
  course.emit({ type: "kept", files: countKept(state, course.run), folder: config.state + folder });
  limitKept(state, config.limits.keptBytes);
}

async function back(
  ground: Ground,
  course: Course,
  steps: readonly Step[],
  reason: string | undefined,
  health: HealthReport,
): Promise<Changed> {
  if (reason !== undefined) course.emit({ type: "rolling-back", reason });
  const problems = await course.stage("rollback", () =>
    steps.length === 0 ? Promise.resolve([]) : rollBack(ground.machine, ground.state, steps),
  );
  const ok = !problems.some(isTrouble);
  course.tell(problems);
  if (reason === undefined) return { result: ok ? "failed" : "rollback_failed", health, calm: false };
  course.emit({ type: "rolled-back", ok, steps: steps.length, problems });
  return { result: ok ? "rolled_back" : "rollback_failed", health, calm: false };
}

function failed(course: Course, problems: readonly Problem[]): Changed {
  course.tell(problems);
  return { result: "failed", health: [], calm: false };
}

/** Seen only now, because it came with a package. */
function broughtAlong(id: ResourceId): Problem {
  return {
    code: "brought-along",
    where: { file: titleOf(id) },
    what: "is not as wanted yet: a package of this run brought it along",
    hint: "the next run puts it right",
  };
}

function wouldNotSettle(id: ResourceId): Problem {
  return {
    code: "not-settled",
    where: { file: titleOf(id) },
    what: "is not as wanted although it has just been made so: somebody else changes it",
    hint: "find out who (Puppet, CFEngine, a service that writes its own configuration), or set its policy to report",
  };
}
