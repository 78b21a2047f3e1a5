// What would have to be done, as a value: it can be printed, tested, saved and thrown away.
import type { FileState, ResourceId } from "./state.ts";
import type { Check, Policy, Stamp } from "./target.ts";
import type { Problem } from "../../common/problem.ts";

/** git moved: `new`, `changed`, `retired`; the machine moved: `drifted`. */
export type Why = "new" | "changed" | "drifted" | "retired";

/** Where a resource stands: both agree, git moved, the machine moved, both moved, or it was never ours. */
export type Standing = "in_sync" | "pending" | "drift" | "conflict" | "foreign";

/** One change, told in states; nothing here says how. */
export interface Change {
  readonly id: ResourceId;
  readonly before: FileState;
  readonly after: FileState;
  readonly why: Why;
  readonly standing: Standing;
  /** The stamp seen while planning: just before the change is made it must still be this one. */
  readonly stamp?: Stamp;
  /** Asked about the staged file before anything is changed. */
  readonly check?: Check;
  readonly implied?: true;
}

/** A difference that is told but not put right, because its policy says so or because nothing may be done. */
export interface Held {
  readonly id: ResourceId;
  readonly policy: Policy;
  readonly standing: Standing;
  readonly before: FileState;
  readonly after: FileState;
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

/** How many resources stand how. */
export function countStandings(standings: Plan["standings"]): Record<Standing, number> {
  const counts: Record<Standing, number> = { in_sync: 0, pending: 0, drift: 0, conflict: 0, foreign: 0 };
  for (const standing of standings.values()) counts[standing] += 1;
  return counts;
}
