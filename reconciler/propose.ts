// One revision in; what would have to be done to follow it out, or why it may not be followed. The cycle goes on with
// it; `reconcile plan` stops here.
import { aim, type Aim } from "./aim.ts";
import type { Course } from "./course.ts";
import type { Ground } from "./ground.ts";
import type { Planned } from "./model/plan.ts";
import type { Revision } from "./model/revision.ts";
import type { Memory } from "./model/target.ts";
import { observe, type Observation } from "./observe.ts";
import { ownFileProblems } from "./own-files.ts";
import { plan } from "./plan/plan.ts";
import { trusted } from "./revisions.ts";
import type { Mirror } from "./source/mirror.ts";
import type { Ledger } from "./state/ledger.ts";
import type { Problem } from "../common/problem.ts";

/** What a proposal leans on besides the revision itself. */
export interface Known {
  readonly mirror: Mirror;
  readonly ledger: Ledger;
  readonly memory: Memory;
  /** How many removals a person has agreed to. */
  readonly agreedRemovals?: number;
}

export interface Proposal {
  readonly aim: Aim;
  readonly planned: Planned;
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
  const { mirror, ledger, memory, agreedRemovals = 0 } = known;
  const distrust = await course.stage("verify", () => trusted(ground.config, mirror, revision));
  if (distrust.length > 0) return { refusal: { reason: "verify", problems: distrust } };
  const aimed = await course.stage("render", () => aim(ground, mirror, revision));
  if (!aimed.ok) return { refusal: { reason: "invalid", problems: aimed.problems } };
  const { target, digest, notices } = aimed.value;
  const own = ownFileProblems(ground, target);
  if (own.length > 0) return { refusal: { reason: "invalid", problems: own } };
  const quarantined = ledger.quarantine[digest];
  if (quarantined !== undefined) {
    return { refusal: { reason: "quarantined", problems: [inQuarantine(revision, quarantined.reason)] } };
  }
  course.tell(notices);
  course.emit({ type: "revision-chosen", revision, desired });
  const observation = await course.stage("observe", () => observe(ground.machine, target, memory));
  const { observed } = observation;
  const planned = await course.stage("plan", () => Promise.resolve(plan({ target, observed, memory, agreedRemovals })));
  const proposal = { aim: aimed.value, planned, observation };
  const problems = [...observation.problems, ...planned.problems];
  return problems.length > 0 ? { proposal, refusal: { reason: "plan", problems } } : { proposal };
}

export function inQuarantine(revision: Revision, reason: string): Problem {
  return {
    code: "quarantined",
    what: `${revision.commit.slice(0, 12)} (${revision.subject}) was rolled back here before: ${reason}`,
    hint: "it is not tried again until what this school reads of the repository changes",
  };
}
