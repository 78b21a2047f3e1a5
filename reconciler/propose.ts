// One revision in; what would have to be done to follow it out, or why it may not be followed. The cycle goes on with
// it; `reconcile plan` stops here.
import { aim, type Aim } from "./aim.ts";
import type { Course } from "./course.ts";
import type { Ground } from "./ground.ts";
import { nothingAhead, type Ahead } from "./machine/ahead.ts";
import type { Revision } from "./model/revision.ts";
import type { Memory } from "./model/target.ts";
import { fullPlan, type FullPlan } from "./full-plan.ts";
import { observe, type Observation } from "./observe.ts";
import { ownFileProblems } from "./own-files.ts";
import { refresh } from "./refresh.ts";
import { trusted } from "./revisions.ts";
import type { Mirror } from "./source/mirror.ts";
import { clockProblems, withFloor } from "./state/clock-floor.ts";
import type { Ledger } from "./state/ledger.ts";
import type { Problem } from "../common/problem.ts";

/** What a proposal leans on besides the revision itself. */
export interface Known {
  readonly mirror: Mirror;
  readonly ledger: Ledger;
  readonly memory: Memory;
  /** How many removals a person has agreed to. */
  readonly agreedRemovals?: number;
  /** A person who gave a reason need not wait for windows and guards. */
  readonly regardless?: boolean;
  /** Whether sources outside may be asked, and what is needed fetched from them; otherwise this only looks. */
  readonly gather: boolean;
  /** A person waits for it: sources are asked whenever they were asked last. */
  readonly now?: boolean;
  /** What was looked at while git was asked. */
  readonly ahead?: Ahead;
}

export interface Proposal {
  /** With the states that only their sources know. */
  readonly aim: Aim;
  readonly planned: FullPlan;
  readonly observation: Observation;
}

export interface Refusal {
  readonly reason: "verify" | "invalid" | "quarantined" | "plan";
  readonly problems: readonly Problem[];
}

/** A plan that a brake or an obstacle stops is told as well, so that a person can see what was stopped. */
export type Proposed =
  | { readonly proposal: Proposal; readonly refusal?: undefined }
  | { readonly proposal?: Proposal; readonly refusal: Refusal };

/** Trusted, valid, not quarantined, and can be planned; `desired` is only told along. */
export async function propose(
  ground: Ground,
  known: Known,
  revision: Revision,
  desired: Revision,
  course: Course,
): Promise<Proposed> {
  const { mirror, ledger, memory, gather } = known;
  const distrust = await course.stage("verify", () => trusted(ground.config, mirror, revision));
  if (distrust.length > 0) return { refusal: { reason: "verify", problems: distrust } };
  const aimed = await course.stage("render", () => aim(ground, mirror, revision));
  if (!aimed.ok) return { refusal: { reason: "invalid", problems: aimed.problems } };
  const { digest, notices } = aimed.value;
  const own = ownFileProblems(ground, aimed.value.target);
  if (own.length > 0) return { refusal: { reason: "invalid", problems: own } };
  const quarantined = ledger.quarantine[digest];
  if (quarantined !== undefined) {
    return { refusal: { reason: "quarantined", problems: [inQuarantine(revision, quarantined.reason)] } };
  }
  course.tell(notices);
  course.emit({ type: "revision-chosen", revision, desired, digest });
  const machine = { ...ground.machine, clock: withFloor(ground.machine.clock, ledger, revision) };
  course.tell(clockProblems(machine.clock));
  const asking = { ask: gather, now: known.now ?? false };
  const looked = (known.ahead ?? nothingAhead)(machine);
  const target = await course.stage("refresh", () => refresh(looked, aimed.value.target, memory, asking, course));
  const observation = await course.stage("observe", () => observe(looked, target, memory));
  const { agreedRemovals = 0, regardless = false } = known;
  const wish = { target, observation, memory, agreedRemovals, regardless, gather, signal: course.signal };
  const planned = await course.stage("plan", () => fullPlan(machine, wish));
  course.tell([...planned.notices, ...planned.troubles.map(({ problem }) => problem)]);
  const proposal = { aim: { ...aimed.value, target }, planned, observation };
  const problems = [...observation.problems, ...planned.problems];
  return problems.length > 0 ? { proposal, refusal: { reason: "plan", problems } } : { proposal };
}

export function inQuarantine(revision: Revision, reason: string): Problem {
  return {
    code: "quarantined",
    what: `${revision.commit.slice(0, 12)} (${revision.subject}) is set aside here: ${reason}`,
    hint: `it is not tried again until what this school reads of the repository changes; to let it: reconcile release ${revision.commit.slice(0, 12)}`,
  };
}
