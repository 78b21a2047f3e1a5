// A Target, and what was observed and is remembered in; the whole plan out: compared, completed by each kind, with what
// has to wait set aside, fetched beforehand what has to be fetched, and in order.
import type { Machine } from "./machine/machine.ts";
import type { Change, Held, Plan, Wait } from "./model/plan.ts";
import type { Kind, ResourceId } from "./model/state.ts";
import { kindOf } from "./model/state.ts";
import type { Memory, Target } from "./model/target.ts";
import type { Observation } from "./observe.ts";
import { occasionsFor } from "./occasions/occasions.ts";
import { arrange } from "./plan/arrange.ts";
import { hold } from "./plan/hold.ts";
import { plan } from "./plan/plan.ts";
import type { Draft, Trouble } from "./resources/kind.ts";
import { everyKind } from "./resources/kinds.ts";
import type { Problem } from "../common/problem.ts";

export interface PlanWish {
  readonly target: Target;
  readonly observation: Observation;
  readonly memory: Memory;
  readonly agreedRemovals?: number;
  /** A person who says so need not wait for windows and guards. */
  readonly regardless?: boolean;
  /** Whether what has to be fetched may be fetched now. */
  readonly gather: boolean;
  readonly signal: AbortSignal;
}

export interface FullPlan {
  readonly plan: Plan;
  /** Brakes and obstacles: the revision may not be followed. */
  readonly problems: readonly Problem[];
  /** Told; the rest of the plan goes on. */
  readonly troubles: readonly Trouble[];
  readonly notices: readonly Problem[];
}

export async function fullPlan(machine: Machine, wish: PlanWish): Promise<FullPlan> {
  const { target, observation, memory, agreedRemovals = 0 } = wish;
  const { observed } = observation;
  const compared = plan({ target, observed, memory, agreedRemovals });
  const work = startWork(compared.plan, observation.troubles);
  const isBusy = compared.plan.changes.length > 0 || target.updates !== undefined;
  if (isBusy) {
    for (const kind of ["package", "data"] as const) await completeKind(machine, kind, work, wish);
    await waitForOccasions(machine, work, wish);
    await completeKind(machine, "service", work, wish);
    await waitForOccasions(machine, work, wish);
    if (wish.gather && compared.problems.length === 0) await gatherAll(machine, work, wish);
  }
  const { changes, held } = work;
  return {
    plan: { changes: arrange(changes, target), held, standings: compared.plan.standings },
    problems: compared.problems,
    troubles: work.troubles,
    notices: work.notices,
  };
}

interface Work {
  changes: readonly Change[];
  held: Held[];
  readonly standings: Plan["standings"];
  readonly troubles: Trouble[];
  readonly notices: Problem[];
}

function startWork({ changes, held, standings }: Plan, troubles: readonly Trouble[]): Work {
  return { changes, held: [...held], standings, troubles: [...troubles], notices: [] };
}

/** What the changes of one kind bring with them. */
async function completeKind(machine: Machine, kind: Kind, work: Work, wish: PlanWish): Promise<void> {
  const { target, observation, memory } = wish;
  setAside(work, waitsOf(work.troubles), target);
  const draft: Draft = { plan: work, target, observed: observation.observed, memory };
  const completed = await everyKind[kind].complete?.(machine, draft);
  if (completed === undefined) return;
  work.changes = [...work.changes.filter(({ id }) => kindOf(id) !== kind), ...completed.changes];
  work.held.push(...completed.held);
  work.troubles.push(...completed.troubles);
  work.notices.push(...completed.notices);
  setAside(work, waitsOf(work.troubles), target);
}

async function waitForOccasions(machine: Machine, work: Work, { target, regardless = false }: PlanWish): Promise<void> {
  if (!regardless) setAside(work, await occasionsFor(machine, work.changes, target), target);
}

/** Also what waits for its window: so that in its hour nothing has to be waited for. */
async function gatherAll(machine: Machine, work: Work, { target, signal }: PlanWish): Promise<void> {
  const coming = [...work.changes, ...work.held.filter(({ waits }) => waits?.for === "window").map(asChange)];
  const found: Trouble[] = [];
  const irreversible = new Map<ResourceId, string>();
  for (const [kind, resource] of Object.entries(everyKind)) {
    const own = coming.filter(({ id }) => kindOf(id) === kind);
    const gathered = own.length === 0 ? undefined : await resource.gather?.(machine, own, target, { signal });
    found.push(...(gathered?.troubles ?? []));
    for (const [id, why] of gathered?.irreversible ?? []) irreversible.set(id, why);
  }
  work.changes = work.changes.map((change) => withWarning(change, irreversible.get(change.id)));
  work.troubles.push(...found);
  setAside(work, waitsOf(found), target);
}

function withWarning(change: Change, irreversible: string | undefined): Change {
  return irreversible === undefined ? change : { ...change, irreversible };
}

function asChange({ id, before, after, standing }: Held): Change {
  return { id, before, after, standing, why: "changed" };
}

function setAside(work: Work, waits: ReadonlyMap<ResourceId, Wait>, target: Target): void {
  const { changes, held } = hold(work.changes, waits, target);
  work.changes = changes;
  work.held.push(...held);
}

function waitsOf(troubles: readonly Trouble[]): ReadonlyMap<ResourceId, Wait> {
  return new Map(troubles.map(({ id, problem: { what } }) => [id, { for: "trouble", what }]));
}
