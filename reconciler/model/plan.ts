// What would have to be done, as a value: it can be printed, tested, saved and thrown away.
import { kindOf, type Kind, type ResourceId, type State } from "./state.ts";
import type { Check, Policy, Stamp, Supply } from "./target.ts";
import type { Problem } from "../../common/problem.ts";

/**
 * git moved: `new`, `changed`, `retired`; the machine moved: `drifted`; the distribution or a source of data moved:
 * `updated`; another change brings it along (a package that is pulled in, a service that reads a new file): `follows`.
 */
export type Why = "new" | "changed" | "drifted" | "retired" | "updated" | "follows";

/** Where a resource stands: both agree, git moved, the machine moved, both moved, or it was never ours. */
export type Standing = "in_sync" | "pending" | "drift" | "conflict" | "foreign";

/** One change, told in states; nothing here says how. */
export interface Change {
  readonly id: ResourceId;
  readonly before: State;
  readonly after: State;
  readonly why: Why;
  readonly standing: Standing;
  /** The stamp seen while planning: just before the change is made it must still be this one. */
  readonly stamp?: Stamp;
  /** Asked about the staged file before anything is changed. */
  readonly check?: Check;
  readonly implied?: true;
  /** What brings it along, where `why` is `follows`. */
  readonly because?: readonly ResourceId[];
  /** A running service is made to use what changed; `before` and `after` may then be the same. */
  readonly renew?: "reload" | "restart";
  /** How long a service is watched after it was started or renewed, milliseconds. */
  readonly settleMs?: number;
  /** Where data comes from. */
  readonly supply?: Supply;
  /** Why it could not be walked back, in words that follow "cannot be undone: ". */
  readonly irreversible?: string;
}

/** Why something that may be put right has to wait. */
export interface Wait {
  /** `window`: not its hour; `guard`: the server is in use, on battery, or its link is dear; `trouble`: see `what`; `needs`: what it needs waits. */
  readonly for: "window" | "guard" | "trouble" | "needs";
  /** For a person, without an end of sentence. */
  readonly what: string;
  /** Unix milliseconds from which it may go on; left out when nobody can know. */
  readonly untilMs?: number;
}

/** A difference that is told but not put right, because its policy says so or because nothing may be done. */
export interface Held {
  readonly id: ResourceId;
  readonly policy: Policy;
  readonly standing: Standing;
  readonly before: State;
  readonly after: State;
  /** Left out when it does not wait but is held by its policy. */
  readonly waits?: Wait;
}

export interface Plan {
  /** In the order in which they are made. */
  readonly changes: readonly Change[];
  readonly held: readonly Held[];
  /** Every resource considered, by standing. */
  readonly standings: ReadonlyMap<ResourceId, Standing>;
}

/** A plan, or why there is none (a brake, an obstacle): all of it at once. */
export interface Planned {
  readonly plan: Plan;
  readonly problems: readonly Problem[];
}

export type Standings = Readonly<Record<Standing, number>>;

/** How many resources of each kind stand how; a kind of which there are none is left out. */
export function countByKind(standings: Plan["standings"]): Readonly<Partial<Record<Kind, Standings>>> {
  const counts: Partial<Record<Kind, Record<Standing, number>>> = {};
  for (const [id, standing] of standings) {
    const own = (counts[kindOf(id)] ??= { in_sync: 0, pending: 0, drift: 0, conflict: 0, foreign: 0 });
    own[standing] += 1;
  }
  return counts;
}

/** How many resources stand how. */
export function countStandings(standings: Plan["standings"]): Record<Standing, number> {
  const counts: Record<Standing, number> = { in_sync: 0, pending: 0, drift: 0, conflict: 0, foreign: 0 };
  for (const standing of standings.values()) counts[standing] += 1;
  return counts;
}
