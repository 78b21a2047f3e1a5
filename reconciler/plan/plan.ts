// Wanted, seen and remembered go in; a Plan comes out, in no order yet. It asks the machine nothing.
import type { Change, Held, Plan, Planned, Standing, Why } from "../model/plan.ts";
import { policyOf } from "../model/policy.ts";
import { ABSENT } from "../model/absent.ts";
import { satisfies } from "../model/satisfies.ts";
import { kindOf, nameOf, type ResourceId, type State } from "../model/state.ts";
import type { Memory, Observed, Remembered, Seen, Target, Wanted } from "../model/target.ts";
import type { Problem } from "../../common/problem.ts";
import { brakeProblem } from "./brake.ts";
import { goesEmpty, isOurs } from "./going.ts";
import { obstacleProblem } from "./obstacles.ts";

export interface PlanInput {
  readonly target: Target;
  readonly observed: Observed;
  readonly memory: Memory;
  /** Removals that a person has agreed to; the brake lets so many pass. */
  readonly agreedRemovals?: number;
}

export function plan(input: PlanInput): Planned {
  const considered = [...consider(input)];
  const changes = considered.flatMap(({ change }) => (change === undefined ? [] : [change]));
  const held = considered.flatMap((row) => (row.held === undefined ? [] : [row.held]));
  const standings = new Map(considered.map(({ id, standing }) => [id, standing]));
  const problems: Problem[] = changes.flatMap((change) =>
    kindOf(change.id) === "file" ? (obstacleProblem(change, input) ?? []) : [],
  );
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

function* consider(input: PlanInput): Iterable<Considered> {
  const { target, observed, memory } = input;
  for (const [id, wanted] of target.wanted) {
    const seen = observed.get(id);
    if (seen !== undefined) yield compare(id, wanted, seen, memory.get(id));
  }
  for (const [id, remembered] of memory) {
    const seen = observed.get(id);
    if (!target.wanted.has(id) && seen !== undefined) yield retire(id, remembered, seen, input);
  }
}

/** What git wants, against what is there and what we last put there. */
function compare(id: ResourceId, wanted: Wanted, seen: Seen, remembered: Remembered | undefined): Considered {
  if (satisfies(seen.state, wanted.state) || isNobodys(wanted, seen)) return { id, standing: "in_sync" };
  const { standing, why } = judge(wanted.state, seen.state, remembered?.state);
  const after = wanted.state;
  // A policy is about what the machine did. What git moved while the machine stood still is made all the same.
  if (wanted.policy !== "enforce" && standing !== "pending") {
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
    ...(wanted.supply === undefined ? {} : { supply: wanted.supply }),
    ...(wanted.running === undefined ? {} : { settleMs: wanted.running.settleMs }),
  };
  return { id, standing, change };
}

/** A service that nobody asks for is only looked after where it is. */
function isNobodys({ implied, state }: Wanted, seen: Seen): boolean {
  return implied === true && state.type === "service" && seen.state.type === "absent";
}

/** Who moved: git, the machine, or both; or was it never ours. */
function judge(wanted: State, seen: State, remembered: State | undefined): { standing: Standing; why: Why } {
  if (remembered === undefined) return { standing: seen.type === "absent" ? "pending" : "foreign", why: "new" };
  const machineMoved = !satisfies(seen, remembered);
  const gitMoved = !satisfies(remembered, wanted);
  if (machineMoved && gitMoved) return { standing: "conflict", why: "changed" };
  return machineMoved ? { standing: "drift", why: "drifted" } : { standing: "pending", why: "changed" };
}

/** Something of ours that nobody wants any more. */
function retire(id: ResourceId, remembered: Remembered, seen: Seen, input: PlanInput): Considered {
  if (!isOurs(seen.state, remembered) || !goesEmpty(id, seen, input)) return { id, standing: "in_sync" };
  const standing: Standing = satisfies(seen.state, remembered.state) ? "pending" : "conflict";
  const { state: before, stamp } = seen;
  const policy = policyOf(nameOf(id), input.target.policies);
  if (policy !== "enforce") return { id, standing, held: { id, policy, standing, before, after: ABSENT } };
  const change: Change = {
    id,
    before,
    after: ABSENT,
    why: "retired",
    standing,
    ...(stamp === undefined ? {} : { stamp }),
    ...(remembered.implied === undefined ? {} : { implied: remembered.implied }),
  };
  return { id, standing, change };
}
