// An Outcome, whose resources are counted before its changes, into how they stand after them.
import type { Outcome } from "../model/outcome.ts";
import type { Standing } from "../model/plan.ts";

/** What was changed is in sync now; what was retired is no longer counted. */
export function standingsAfter({ result, resources, changes }: Outcome): Readonly<Record<Standing, number>> {
  const after = { ...resources };
  if (result !== "changed") return after;
  for (const { standing, why } of changes) {
    after[standing] = Math.max(0, after[standing] - 1);
    if (why !== "retired") after.in_sync++;
  }
  return after;
}
