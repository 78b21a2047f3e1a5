// Wanted, seen and remembered go in; a Plan comes out. It asks the machine nothing.
import type { Change, Held, Plan, Planned, Standing, Why } from "../model/plan.ts";
import { ABSENT, satisfies, type FileState, type ResourceId } from "../model/state.ts";
import type { Memory, Observed, Remembered, Seen, Target, Wanted } from "../model/target.ts";
import type { Problem } from "../../common/problem.ts";
import { brakeProblem } from "./brake.ts";
import { obstacleProblem } from "./obstacles.ts";
import { order } from "./order.ts";

export interface PlanInput {
  readonly target: Target;
  readonly observed: Observed;
  readonly memory: Memory;
  /** Removals that a person has agreed to; the brake lets so many pass. */
  readonly agreedRemovals?: number;
}

export function plan(input: PlanInput): Planned {
  const considered = [...consider(input)];
  const changes = order(considered.flatMap(({ change }) => (change === undefined ? [] : [change])));
  const held = considered.flatMap((row) => (row.held === undefined ? [] : [row.held]));
  const standings = new Map(considered.map(({ id, standing }) => [id, standing]));
  const problems: Problem[] = changes.flatMap((change) => obstacleProblem(change, changes, input) ?? []);
  const brake = brakeProblem(changes, input.memory, input.target.brake, input.agreedRemovals ?? 0);
  if (brake !== undefined) problems.push(brake);
  return { plan: { changes, held, standings } satisfies Plan, problems };
}

interface Considered {
  readonly id: ResourceId;
  readonly standing: Standing;
  readonly change?: Change;
  readonly held?: Held;
}

function* consider({ target, observed, memory }: PlanInput): Iterable<Considered> {
  for (const [id, wanted] of target.wanted) {
    const seen = observed.get(id);
    if (seen !== undefined) yield compare(id, wanted, seen, memory.get(id));
  }
  for (const [id, remembered] of memory) {
    const seen = observed.get(id);
    if (!target.wanted.has(id) && seen !== undefined) yield retire(id, remembered, seen, observed, target);
  }
}

/** What git wants, against what is there and what we last put there. */
function compare(id: ResourceId, wanted: Wanted, seen: Seen, remembered: Remembered | undefined): Considered {
  if (satisfies(seen.state, wanted.state)) return { id, standing: "in_sync" };
  const { standing, why } = judge(wanted.state, seen.state, remembered?.state);
  const after = wanted.state;
  if (wanted.policy !== "enforce") {
    return { id, standing, held: { id, policy: wanted.policy, standing, before: seen.state, after } };
  }
  const change: Change = {
    id,
    before: seen.state,
    after,
    why,
    standing,
    ...(seen.stamp === undefined ? {} : { stamp: seen.stamp }),
    ...(wanted.check === undefined ? {} : { check: wanted.check }),
    ...(wanted.implied === undefined ? {} : { implied: wanted.implied }),
  };
  return { id, standing, change };
}

/** Who moved: git, the machine, or both; or was it never ours. */
function judge(
  wanted: FileState,
  seen: FileState,
  remembered: FileState | undefined,
): { standing: Standing; why: Why } {
  if (remembered === undefined) return { standing: seen.type === "absent" ? "pending" : "foreign", why: "new" };
  const machineMoved = !satisfies(seen, remembered);
  const gitMoved = !satisfies(remembered, wanted);
  if (machineMoved && gitMoved) return { standing: "conflict", why: "changed" };
  return machineMoved ? { standing: "drift", why: "drifted" } : { standing: "pending", why: "changed" };
}

/** Something of ours that nobody wants any more. Only what we created ourselves is pruned. */
function retire(id: ResourceId, remembered: Remembered, seen: Seen, observed: Observed, target: Target): Considered {
  const goes = remembered.origin === "created" && seen.state.type !== "absent" && seen.state.type !== "special";
  if (!goes || !emptied(id, seen, observed, target)) return { id, standing: "in_sync" };
  const standing: Standing = satisfies(seen.state, remembered.state) ? "pending" : "conflict";
  const change: Change = {
    id,
    before: seen.state,
    after: ABSENT,
    why: "retired",
    standing,
    ...(seen.stamp === undefined ? {} : { stamp: seen.stamp }),
    ...(remembered.implied === undefined ? {} : { implied: remembered.implied }),
  };
  return { id, standing, change };
}

/** A folder goes only when nothing is left in it but what this plan takes away as well. */
function emptied(id: ResourceId, seen: Seen, observed: Observed, target: Target): boolean {
  if (seen.state.type !== "directory") return true;
  return (seen.names ?? []).every((name) => {
    const inside: ResourceId = `${id}/${name}`;
    const there = observed.get(inside);
    return there !== undefined && !target.wanted.has(inside) && emptied(inside, there, observed, target);
  });
}
