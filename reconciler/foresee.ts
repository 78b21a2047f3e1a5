// What a cycle would do now, without doing it: the line stopped after the plan, with every difference explained.
import { startCourse, type Course } from "./course.ts";
import { explainChanges, type ForeseenChange } from "./explain-changes.ts";
import type { Ground } from "./ground.ts";
import type { Held } from "./model/plan.ts";
import type { Revision } from "./model/revision.ts";
import { inQuarantine, propose, type Proposal } from "./propose.ts";
import { findRevisions, refuseRevision } from "./revisions.ts";
import type { Mirror } from "./source/mirror.ts";
import { withFloor } from "./state/clock-floor.ts";
import { loadHolds, suspensionNow, type Suspension } from "./state/holds.ts";
import { loadLedger, type Ledger } from "./state/ledger.ts";
import { loadMemory } from "./state/memory.ts";
import { findOpenRun, findRunAtWork } from "./status/runs.ts";
import type { Problem } from "../common/problem.ts";

export interface Foresight {
  readonly host: string;
  /** The newest revision on offer, if one is known. */
  readonly desired?: Revision;
  /** The revision that the changes lead to; left out when there is none that could be planned. */
  readonly revision?: Revision;
  readonly refused: readonly { readonly revision: Revision; readonly reason: string }[];
  /** Cycles only look meanwhile. */
  readonly suspension?: Suspension;
  readonly changes: readonly ForeseenChange[];
  readonly held: readonly Held[];
  /** What stops a cycle, or would have to be known to trust this plan. */
  readonly problems: readonly Problem[];
  /** What is only told. */
  readonly notices: readonly Problem[];
}

export interface ForesightWish {
  /** Instead of what git wants: a full or abbreviated commit id. */
  readonly revision?: string;
  readonly fetch: boolean;
}

/** `ground` may be dry. With `fetch` the caller holds the run lock. */
export async function foresee(ground: Ground, mirror: Mirror, wish: ForesightWish): Promise<Foresight> {
  const heard = listen();
  const course = startCourse(
    ground.machine.clock,
    { trigger: "manual", because: "asked for a plan" },
    ground.config.deadlines.cycleMs,
    heard.emit,
  );
  const [ledger, memory, holds] = [
    await loadLedger(ground.state),
    await loadMemory(ground.state),
    await loadHolds(ground.state),
  ];
  course.tell([...ledger.problems, ...memory.problems]);
  course.tell(await interrupted(ground));
  const offered = await findRevisions(ground.config, mirror, ledger.ledger, holds, course, wish.fetch);
  const asked = wish.revision === undefined ? undefined : await askedFor(mirror, wish.revision, course);
  const candidates = wish.revision === undefined ? offered.candidates : asked === undefined ? [] : [asked];
  if (wish.revision === undefined && candidates.length === 0) course.tell([nothingKnown()]);
  const known = {
    mirror,
    gather: false,
    memory: memory.memory,
    ledger: asked === undefined ? ledger.ledger : forgiving(ledger.ledger),
  };
  const proposal = await firstPlan(ground, known, candidates, offered.desired, course);
  const rendered = proposal === undefined ? undefined : await proposal.aim.rendered();
  if (rendered?.ok === false) course.tell(rendered.problems);
  if (asked !== undefined && proposal !== undefined) course.tell(setAside(ledger.ledger, proposal));
  const suspension = suspensionNow(holds, withFloor(ground.machine.clock, ledger.ledger));
  const notices = proposal?.aim.notices ?? [];
  const plan = proposal?.planned.plan ?? { changes: [], held: [] };
  return {
    host: ground.config.host,
    ...(offered.desired === undefined ? {} : { desired: offered.desired }),
    ...(proposal === undefined ? {} : { revision: proposal.aim.revision }),
    refused: heard.refused,
    ...(suspension === undefined ? {} : { suspension }),
    changes: rendered?.ok === true ? await explainChanges(ground.machine, plan.changes, rendered.value) : [],
    held: plan.held,
    problems: heard.problems.filter((problem) => !notices.includes(problem)),
    notices,
  };
}

function listen() {
  const problems: Problem[] = [];
  const refused: { revision: Revision; reason: string }[] = [];
  const emit: Course["emit"] = (event) => {
    if (event.type === "problem") problems.push(event.problem);
    if (event.type === "revision-refused") refused.push({ revision: event.revision, reason: event.reason });
  };
  return { problems, refused, emit };
}

/** What is there now may be half of a run's work: the next run ends or undoes that first, and then plans anew. */
async function interrupted({ state }: Ground): Promise<readonly Problem[]> {
  const open = (await findRunAtWork(state)) === undefined ? await findOpenRun(state) : undefined;
  if (open === undefined) return [];
  const run = open.run === undefined ? "a run" : `the run ${open.run}`;
  return [
    {
      code: "interrupted-run",
      what: `${run} was cut off in the middle, so this plan may be out of date as soon as that is brought to an end`,
      hint: "run reconcile --now: it does that first",
    },
  ];
}

async function askedFor(mirror: Mirror, name: string, course: Course): Promise<Revision | undefined> {
  const revision = await mirror.revision(name);
  if (revision === undefined) course.tell([unknownRevision(name)]);
  return revision;
}

/** Whoever asks for a revision by name wants to see it, also when it was set aside here. */
function forgiving(ledger: Ledger): Ledger {
  return { ...ledger, quarantine: {} };
}

function setAside(ledger: Ledger, { aim: { digest, revision } }: Proposal): readonly Problem[] {
  const quarantined = ledger.quarantine[digest];
  return quarantined === undefined ? [] : [inQuarantine(revision, quarantined.reason)];
}

/** The first that can be planned at all; a plan that would be stopped is shown too, with what stops it. */
async function firstPlan(
  ground: Ground,
  known: Parameters<typeof propose>[1],
  candidates: readonly Revision[],
  desired: Revision | undefined,
  course: Course,
): Promise<Proposal | undefined> {
  for (const revision of candidates) {
    const { proposal, refusal } = await propose(ground, known, revision, desired ?? revision, course);
    if (refusal !== undefined) refuseRevision(course, revision, refusal.reason, refusal.problems);
    if (proposal !== undefined) return proposal;
  }
  return undefined;
}

function nothingKnown(): Problem {
  return {
    code: "no-revision",
    what: "no revision of the fleet is known here yet",
    hint: "the first plan needs a remote that answers: run it without --no-fetch, and look at the problem of each remote",
  };
}

function unknownRevision(name: string): Problem {
  return {
    code: "unknown-revision",
    what: `${name} is no commit that is known here`,
    hint: "write a commit id, at least four digits of it, that was pushed to the fleet's repository; fetch it first",
  };
}
