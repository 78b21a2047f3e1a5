// A plan that is not empty: checked, applied, checked again, judged; kept, or walked back and quarantined.
import { apply } from "./apply/apply.ts";
import { isTrouble, keep, rollBack } from "./apply/finish.ts";
import { isJournalOpen } from "./apply/journal.ts";
import type { Aim } from "./aim.ts";
import type { Course } from "./course.ts";
import type { FullPlan } from "./full-plan.ts";
import type { Ground } from "./ground.ts";
import { checkHealth } from "./health/check.ts";
import { gatherEvidence } from "./health/evidence/evidence.ts";
import { inWords, judge } from "./health/judge.ts";
import { observe } from "./observe.ts";
import type { HealthReport } from "./model/health.ts";
import { creates } from "./model/created.ts";
import type { Outcome } from "./model/outcome.ts";
import { countByKind, countStandings, type Plan, type Standings } from "./model/plan.ts";
import { titleOf, type ResourceId } from "./model/state.ts";
import { plan } from "./plan/plan.ts";
import { riskyOnes } from "./plan/risky.ts";
import { isOfTheMoment, quarantine } from "./quarantine.ts";
import { remember, STAMP_SETTLES_MS } from "./plan/remember.ts";
import type { Step } from "./resources/kind.ts";
import type { StoredLedger } from "./state/ledger.ts";
import { countKept, keptFolder, limitKept } from "./state/kept.ts";
import type { StoredMemory } from "./state/memory.ts";
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
  /** Whether the revision was put into quarantine. */
  readonly setAside?: boolean;
  /** Planned again afterwards, nothing was left to do. */
  readonly calm: boolean;
  /** As they stand after the change; left out where nothing was changed in the end. */
  readonly resources?: Standings;
  readonly byKind?: Outcome["byKind"];
}

export async function change(ground: Ground, work: Work, course: Course): Promise<Changed> {
  const changed = await make(ground, work, course);
  if (!isJournalOpen(ground.state)) await ground.deadman?.disarm();
  return changed;
}

async function make(ground: Ground, work: Work, course: Course): Promise<Changed> {
  const { machine, state, config, deadman } = ground;
  const { aim, planned } = work;
  const rendered = await course.stage("render", () => aim.rendered());
  if (!rendered.ok) return failed(course, rendered.problems);
  const { changes } = planned.plan;
  const isRisky = riskyOnes(changes, aim.target.confirm ?? []).length > 0;
  // Gathered now: what can be reached before the change is what has to be reached after it.
  const evidence = isRisky
    ? await course.stage("check", () => gatherEvidence(machine, config, changes, course.signal))
    : [];
  const checks = [...aim.target.health, ...evidence];
  const before = await course.stage("check", () => checkHealth(checks, machine, "before", course.emit, course.signal));
  const { contents } = rendered.value;
  const at = machine.clock.wallMs();
  const { cycleMs: deadlineMs, confirmMs } = config.deadlines;
  const unwatched = (await deadman?.arm(course.run, deadlineMs - course.elapsedMs() + margin(deadlineMs))) ?? [];
  course.tell(unwatched);
  if (unwatched.length > 0 && isRisky) return failed(course, [nobodyWouldNotice()]);
  const applied = await course.stage("apply", () =>
    apply(
      machine,
      state,
      {
        ...{ run: course.run, commit: aim.revision.commit, digest: aim.digest },
        ...{ at, deadlineMs, signal: course.signal },
        ...{ changes, contents, checks, before },
      },
      course.emit,
    ),
  );
  if (applied.problems.length > 0) {
    course.tell(applied.problems);
    const setAside = applied.touched && isTheRevisionsFault(work, applied.problems);
    if (setAside) await setRevisionAside(ground, work, inShort(applied.problems), at, course);
    const reason = applied.touched ? "a change could not be made" : undefined;
    return { ...(await back(ground, course, applied.steps, reason, before)), setAside };
  }
  if (isRisky) await deadman?.arm(course.run, confirmMs + margin(confirmMs));
  const after = await course.stage("judge", () => checkHealth(checks, machine, "after", course.emit, course.signal));
  const verdict = judge(before, after);
  if (!verdict.keep) {
    const reason = inWords(verdict);
    await setRevisionAside(ground, work, reason, at, course);
    return { ...(await back(ground, course, applied.steps, `health got worse (${reason})`, after)), setAside: true };
  }
  return { result: "changed", health: after, ...(await keepAndRemember(ground, work, applied.steps, course)) };
}

/** Known to be bad before it is walked back: a power cut in between must not lead to trying it again. */
async function setRevisionAside(
  { config }: Ground,
  work: Work,
  reason: string,
  at: number,
  course: Course,
): Promise<void> {
  const { digest, revision } = work.aim;
  course.tell(await quarantine(work.ledger, config.state, { digest, commit: revision.commit, reason, at }));
}

/**
 * What a new revision asks for cannot be made: trying again would only shake the services once more. Not when it is
 * this moment's fault, and not when the revision was good here before: then it is the server that has changed.
 */
function isTheRevisionsFault({ aim: { revision }, ledger: { ledger } }: Work, problems: readonly Problem[]): boolean {
  return !ledger.good.some(({ commit }) => commit === revision.commit) && !problems.every(isOfTheMoment);
}

/** One line, without the words that announce further ones. */
function inShort([first]: readonly Problem[]): string {
  const [line = ""] = (first?.what ?? "").split("\n", 1);
  const what = line.replace(/[;:][^;:]*:$/u, "");
  return first?.where?.file === undefined ? what : `${first.where.file} ${what}`;
}

/** The run itself is to come to its end first. */
function margin(ms: number): number {
  return Math.min(Math.max(ms / 10, 5_000), 30_000);
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
  await tellKept(ground, course);
  return problems.length === 0 ? kept : { ...kept, calm: false };
}

function counted(standings: Plan["standings"]): Required<Pick<Changed, "resources">> & Pick<Changed, "byKind"> {
  return { resources: countStandings(standings), byKind: countByKind(standings) };
}

/** Where somebody finds what this run replaced although it was not ours. */
async function tellKept({ state, config }: Ground, course: Course): Promise<void> {
  const folder = keptFolder(course.run);
  if (state.stat(folder) === undefined) return;
  course.emit({ type: "kept", files: countKept(state, course.run), folder: config.state + folder });
  await limitKept(state, config.limits.keptBytes);
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
    steps.length === 0 ? Promise.resolve([]) : rollBack(ground.machine, ground.state, course.run, steps),
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

function nobodyWouldNotice(): Problem {
  return {
    code: "unwatched",
    what: "these changes could cut this server off, and nothing would take them back if this program died: they are not made",
    hint: "mend what keeps the timer from being armed (told above)",
  };
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
