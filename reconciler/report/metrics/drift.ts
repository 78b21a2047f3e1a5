// Plans in; drift counted once each time it appears, however many runs it stays.
import type { Plan } from "../../model/plan.ts";
import type { Policy } from "../../model/target.ts";
import type { MetricTable } from "./table.ts";
import { kindOf, type ResourceId } from "../../model/state.ts";

export function createDriftCount(table: MetricTable): (plan: Plan) => void {
  let former: ReadonlyMap<ResourceId, Policy> = new Map();
  return (plan) => {
    const current = driftIn(plan);
    for (const [id, policy] of current) {
      if (!former.has(id)) table.drift.inc({ kind: kindOf(id), policy });
    }
    former = current;
  };
}

function driftIn({ changes, held }: Plan): ReadonlyMap<ResourceId, Policy> {
  const moved = ({ standing }: { readonly standing: string }) => standing === "drift" || standing === "conflict";
  const enforced = changes.filter(moved).map(({ id }) => [id, "enforce"] as const);
  return new Map<ResourceId, Policy>([
    ...enforced,
    ...held.filter(moved).map(({ id, policy }) => [id, policy] as const),
  ]);
}
