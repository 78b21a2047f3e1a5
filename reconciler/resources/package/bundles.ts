// Changes in; groups of those that go together because one brings another along out.
import type { Change } from "../../model/plan.ts";
import type { ResourceId } from "../../model/state.ts";

export function bundlesOf(changes: readonly Change[]): readonly (readonly Change[])[] {
  const bundles = new Map<ResourceId, Set<Change>>(changes.map((change) => [change.id, new Set([change])]));
  for (const { id, because = [] } of changes) {
    for (const cause of because) {
      const [one, other] = [bundles.get(id), bundles.get(cause)];
      if (one === undefined || other === undefined || one === other) continue;
      for (const change of other) {
        one.add(change);
        bundles.set(change.id, one);
      }
    }
  }
  return [...new Set(bundles.values())].map((bundle) => [...bundle]);
}
