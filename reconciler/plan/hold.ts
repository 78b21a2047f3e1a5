// Changes and the reasons why some of them have to wait in; those that may be made, and those that wait, out. What
// needs something that waits, waits with it; everything else goes on.
import type { Change, Held, Wait } from "../model/plan.ts";
import { titleOf, type ResourceId } from "../model/state.ts";
import type { Target } from "../model/target.ts";
import { needsOf } from "./graph.ts";

export interface Split {
  readonly changes: readonly Change[];
  readonly held: readonly Held[];
}

/** `waits` may name what is not among the changes, such as a package that cannot even be looked at. */
export function hold(changes: readonly Change[], waits: ReadonlyMap<ResourceId, Wait>, target: Target): Split {
  if (waits.size === 0) return { changes, held: [] };
  const reasons = spread(changes, waits, target);
  const made = changes.filter(({ id }) => !reasons.has(id));
  const held = changes.flatMap((change) => {
    const wait = reasons.get(change.id);
    return wait === undefined ? [] : [heldBy(change, wait)];
  });
  return { changes: withoutOrphans(made), held };
}

function heldBy({ id, standing, before, after }: Change, waits: Wait): Held {
  return { id, policy: "enforce", standing, before, after, waits };
}

/** Until nothing is added: a wait of a need, or of what a change was made for together with others. */
function spread(
  changes: readonly Change[],
  waits: ReadonlyMap<ResourceId, Wait>,
  target: Target,
): ReadonlyMap<ResourceId, Wait> {
  const reasons = new Map(waits);
  for (let grew = true; grew;) {
    grew = false;
    for (const change of changes) {
      const wait = reasons.has(change.id) ? undefined : inherited(change, reasons, target);
      if (wait !== undefined) reasons.set(change.id, wait);
      grew ||= wait !== undefined;
    }
    for (const follower of changes) grew = holdLeaders(follower, reasons) || grew;
  }
  return reasons;
}

function inherited({ id }: Change, reasons: ReadonlyMap<ResourceId, Wait>, target: Target): Wait | undefined {
  for (const need of needsOf(id, target)) {
    const wait = reasons.get(need);
    if (wait !== undefined) return waitFor(need, wait);
  }
  return undefined;
}

/** A package that is pulled in cannot be had: then neither can those that pull it in. */
function holdLeaders(follower: Change, reasons: Map<ResourceId, Wait>): boolean {
  const wait = follower.id.startsWith("package:") ? reasons.get(follower.id) : undefined;
  if (wait === undefined) return false;
  const leaders = (follower.because ?? []).filter((id) => !reasons.has(id));
  for (const id of leaders) reasons.set(id, waitFor(follower.id, wait));
  return leaders.length > 0;
}

function waitFor(need: ResourceId, { untilMs }: Wait): Wait {
  const what = `it needs ${titleOf(need)}, which waits`;
  return { for: "needs", what, ...(untilMs === undefined ? {} : { untilMs }) };
}

/** What only followed changes that wait is not made either: the package nobody pulls in, the restart for nothing. */
function withoutOrphans(changes: readonly Change[]): readonly Change[] {
  const ids = new Set(changes.map(({ id }) => id));
  const kept = changes.flatMap((change) => {
    const because = change.because?.filter((id) => ids.has(id));
    if (because === undefined || because.length === change.because?.length) return [change];
    return because.length > 0 || change.why !== "follows" ? [{ ...change, because }] : [];
  });
  return kept.length === changes.length ? kept : withoutOrphans(kept);
}
