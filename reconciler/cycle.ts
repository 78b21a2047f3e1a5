// The whole line on one page; start reading here. git in, a settled server out, an Outcome to tell of it.
import { change } from "./change.ts";
import { startCourse, type Course, type Facts } from "./course.ts";
import type { FullPlan } from "./full-plan.ts";
import type { Ground } from "./ground.ts";
import { createCrashBrake, type CrashBrake } from "./crash-brake/crash-brake.ts";
import { checkHealth } from "./health/check.ts";
import { lookAhead } from "./look-ahead.ts";
import { nothingAhead, type Ahead } from "./machine/ahead.ts";
import { FileError } from "./machine/machine.ts";
import type { Emit } from "./model/event.ts";
import type { Outcome, Trigger } from "./model/outcome.ts";
import { countByKind, countStandings } from "./model/plan.ts";
import type { Revision } from "./model/revision.ts";
import { remember } from "./plan/remember.ts";
import { propose, type Proposal } from "./propose.ts";
import { accountForOpenRun, recoverOpenRun } from "./recovering.ts";
import { findRevisions, refuseRevision, type Offered } from "./revisions.ts";
import { followsGit, isHealthy, isSettled, noteRevision } from "./settled.ts";
import { openMirror, type Mirror } from "./source/mirror.ts";
import { withFloor } from "./state/clock-floor.ts";
import { addToHistory, pastRun } from "./state/history.ts";
import { loadHolds, suspensionNow, type Holds } from "./state/holds.ts";
import { loadLedger, type StoredLedger } from "./state/ledger.ts";
import { loadMemory, type StoredMemory } from "./state/memory.ts";
import { keepReserve, spendReserve } from "./state/reserve.ts";
import { restoreFromCopy, saveCopy } from "./state/second-copy.ts";
import { stateProblem } from "./state/trouble.ts";
import { join } from "node:path";
import type { Problem } from "../common/problem.ts";

export interface CycleWish {
  readonly trigger: Trigger;
  /** In words, for a person. */
  readonly because: string;
  /** How many removals a person has agreed to. */
  readonly allowRemovals?: number;
  /** A person has a reason not to wait for windows and guards. */
  readonly regardless?: boolean;
}

/** The caller holds the run lock. Expected trouble is in the Outcome; a surprise is caught here, once. */
export async function cycle(ground: Ground, wish: CycleWish, emit: Emit): Promise<Outcome> {
  const brake = createCrashBrake(ground);
  const hear: Emit = (event) => {
    brake.listen(event);
    emit(event);
  };
  const course = startCourse(ground.machine.clock, wish, ground.config.deadlines.cycleMs, hear);
  let facts: Facts = { result: "failed", settled: false };
  try {
    facts = await line(ground, wish, brake, course);
    await keepReserve(ground.state, ground.config.limits.reserveBytes);
    course.tell(await saveCopy(ground.state, ground.copy));
  } catch (error) {
    course.tell([trouble(error, ground)]);
  }
  const outcome = course.end(facts);
  await tellHistory(ground, outcome, course);
  await brake.ended();
  return outcome;
}

async function line(ground: Ground, wish: CycleWish, brake: CrashBrake, course: Course): Promise<Facts> {
  const { config, state } = ground;
  course.tell([...spendReserve(state), ...(await restoreFromCopy(state, ground.copy))]);
  await brake.lookBack(course.emit);
  if (brake.stopsBefore("start")) return onlyReports(brake, course);
  const memory = await loadMemory(state);
  const ledger = await loadLedger(state);
  course.tell([...memory.problems, ...ledger.problems]);
  if (brake.stopsBefore("recover")) return staysInBetween(ground, brake, course);
  const { recovery, problems } = await recoverOpenRun(ground, { memory, ledger }, course.emit, course.signal);
  course.tell(problems);
  if (recovery?.over === false) return { result: "rollback_failed", settled: false };
  if (brake.stopsBefore("fetch")) return onlyReports(brake, course);

  const ahead = await lookAhead(ground.machine, memory.memory);
  const mirror = await openMirror(join(config.state, "mirror.git"), { fetchTimeoutMs: config.deadlines.fetchMs });
  if (!mirror.ok) return failed(course, mirror.problems);
  course.tell(mirror.value.notices);
  const holds = await loadHolds(state);
  const offered = await findRevisions(config, mirror.value, ledger.ledger, holds, course, true);
  await brake.offered(ledger, offered.desired);
  course.tell(brake.problems());
  const found = { ground, wish, brake, mirror: mirror.value, ledger, memory, holds, offered, ahead };
  return care(found, offered.candidates, course);
}

/** It would die on the way to a plan: so it is only told why there is none. */
function onlyReports(brake: CrashBrake, course: Course): Facts {
  course.tell(brake.problems());
  return { result: "deferred", settled: false };
}

/** It would die on the way back: so it is only told what stands where. */
async function staysInBetween(ground: Ground, brake: CrashBrake, course: Course): Promise<Facts> {
  course.tell(brake.problems());
  if (brake.turnToAccount()) course.tell(await accountForOpenRun(ground));
  return { result: "rollback_failed", settled: false };
}

/** What a cycle has found out before it turns to a revision. */
interface Found {
  readonly ground: Ground;
  readonly wish: CycleWish;
  readonly brake: CrashBrake;
  readonly mirror: Mirror;
  readonly ledger: StoredLedger;
  readonly memory: StoredMemory;
  readonly holds: Holds;
  readonly offered: Offered;
  readonly ahead: Ahead;
}

/** Cares for the first of the candidates that may be followed and can be made. */
async function care(found: Found, candidates: readonly Revision[], course: Course): Promise<Facts> {
  const { ground, ledger, memory, offered } = found;
  const { machine } = ground;
  const known = offered.desired === undefined ? {} : { desired: offered.desired };

  const chosen = await firstGood(found, candidates, course);
  if (chosen === undefined && found.brake.problems().length > 0)
    return { ...known, result: "deferred", settled: false };
  if (chosen === undefined) return { ...failed(course, candidates.length > 0 ? [] : [nothingKnown()]), ...known };
  const { aim: aimed, planned, observation } = chosen;
  const facts = {
    ...known,
    applied: aimed.revision,
    held: planned.plan.held,
    resources: countStandings(planned.plan.standings),
    byKind: countByKind(planned.plan.standings),
  };

  if (onlyLooks(found)) return { ...facts, result: "deferred", settled: false };
  if (planned.plan.changes.length === 0) {
    const { health: checks } = aimed.target;
    const health = await course.stage("check", () =>
      checkHealth(checks, machine, "before", course.emit, course.signal),
    );
    const created = new Set<never>();
    const { observed, at: observedAt } = observation;
    await memory.save(remember({ target: aimed.target, observed, memory: memory.memory, created, observedAt }));
    const settled = isSettled(offered, aimed.revision, health) && !isWaiting(planned);
    await noteRevision(ledger, offered, aimed.revision, isHealthy(health));
    const asWanted = followsGit(offered, aimed.revision) && planned.troubles.length === 0;
    return { ...facts, health, settled, result: asWanted ? "unchanged" : "failed" };
  }
  const changed = await change(ground, { aim: aimed, planned, memory, ledger }, course);
  const others = candidates.slice(candidates.findIndex(({ commit }) => commit === aimed.revision.commit) + 1);
  if (changed.result === "failed" && others.length > 0) {
    // A service refused its file, say: nothing is as this revision wants it, so the one that stands is cared for.
    refuseRevision(course, aimed.revision, "apply", []);
    return care({ ...found, ahead: nothingAhead }, others, course);
  }
  const isCalm = changed.result === "changed" && changed.calm && !isWaiting(planned);
  const settled = isCalm && isSettled(offered, aimed.revision, changed.health);
  if (changed.result === "changed")
    await noteRevision(ledger, offered, aimed.revision, changed.calm && isHealthy(changed.health));
  const result = changed.result === "changed" && !followsGit(offered, aimed.revision) ? "failed" : changed.result;
  const { health, setAside, resources = facts.resources, byKind = facts.byKind } = changed;
  const made = { changes: planned.plan.changes, health, resources, byKind };
  return { ...facts, ...made, settled, result, ...(setAside === undefined ? {} : { setAside }) };
}

/** The first candidate that may be followed. The others are refused aloud. */
async function firstGood(found: Found, candidates: readonly Revision[], course: Course): Promise<Proposal | undefined> {
  const { ground, wish, brake, mirror, ledger, memory, offered, ahead } = found;
  const agreed = wish.allowRemovals === undefined ? {} : { agreedRemovals: wish.allowRemovals };
  const { regardless = false } = wish;
  const gather = !onlyLooks(found);
  const known = {
    mirror,
    ledger: ledger.ledger,
    memory: memory.memory,
    regardless,
    gather,
    ahead,
    now: wish.trigger === "manual",
    ...agreed,
  };
  for (const revision of candidates) {
    if (!brake.turnTo(revision)) return undefined;
    const { proposal, refusal } = await propose(ground, known, revision, offered.desired ?? revision, course);
    if (refusal === undefined) {
      course.emit({ type: "planned", plan: proposal.planned.plan });
      return proposal;
    }
    refuseRevision(course, revision, refusal.reason, refusal.problems);
  }
  return undefined;
}

/** A person asked for it to pause, or the program died here too often. */
function onlyLooks({ holds, brake, ground, ledger }: Found): boolean {
  return (
    suspensionNow(holds, withFloor(ground.machine.clock, ledger.ledger)) !== undefined || brake.problems().length > 0
  );
}

/** Something is to be done, and is not done yet. */
function isWaiting({ plan: { held }, troubles }: FullPlan): boolean {
  return troubles.length > 0 || held.some(({ waits }) => waits !== undefined);
}

async function tellHistory(ground: Ground, outcome: Outcome, course: Course): Promise<void> {
  try {
    await addToHistory(ground.state, pastRun(outcome), ground.config.limits.historyRuns);
  } catch (error) {
    course.emit({ type: "problem", problem: trouble(error, ground) });
  }
}

function failed(course: Course, problems: readonly Problem[]): Facts {
  course.tell(problems);
  return { result: "failed", settled: false };
}

function nothingKnown(): Problem {
  return {
    code: "no-revision",
    what: "no revision of the fleet is known here yet",
    hint: "the first run needs a remote that answers; look at the problem of each remote above",
  };
}

/** What stands below the managed root is told where it is met; a file that gets up to here is one of the state's. */
function trouble(error: unknown, { config }: Ground): Problem {
  return error instanceof FileError ? stateProblem(error, config.state) : surprise(error);
}

/** Something nobody foresaw. The words are kept short; the journal, if open, is walked back by the next run. */
function surprise(error: unknown): Problem {
  return {
    code: "unexpected",
    what: error instanceof Error ? error.message : String(error),
    hint: "this is a fault of the program itself; please report it with the output of: reconcile status --json",
  };
}
