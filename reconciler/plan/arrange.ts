// The changes of a plan in, in the order in which they are made out.
import type { Change } from "../model/plan.ts";
import { kindOf, type ResourceId } from "../model/state.ts";
import type { Target } from "../model/target.ts";
import { needsOf, phaseOf } from "./graph.ts";
import { order } from "./order.ts";

/** By phase; within a phase what is needed comes before what needs it, and otherwise by name, so that it is always the same. */
export function arrange(changes: readonly Change[], target: Target): readonly Change[] {
  const phases = new Map<number, Change[]>();
  for (const change of changes) {
    const own = phases.get(phaseOf(change));
    if (own === undefined) phases.set(phaseOf(change), [change]);
    else own.push(change);
  }
  const inOrder = [...phases].sort(([one], [other]) => one - other).map(([, own]) => own);
  return inOrder.flatMap((own) => (isOfFiles(own) ? order(own) : neededFirst(own, target)));
}

function isOfFiles([first]: readonly Change[]): boolean {
  return first !== undefined && kindOf(first.id) === "file";
}

function neededFirst(changes: readonly Change[], target: Target): readonly Change[] {
  const byId = new Map([...changes].sort(byName).map((change) => [change.id, change]));
  const arranged = new Set<Change>();
  const visited = new Set<ResourceId>();
  const visit = (change: Change): void => {
    if (visited.has(change.id)) return;
    visited.add(change.id);
    for (const need of needsOf(change.id, target)) {
      const needed = byId.get(need);
      if (needed !== undefined) visit(needed);
    }
    arranged.add(change);
  };
  for (const change of byId.values()) visit(change);
  return [...arranged];
}

function byName(one: Change, other: Change): number {
  return one.id < other.id ? -1 : 1;
}
