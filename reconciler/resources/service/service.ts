// Services as a kind of resource.
import type { Change } from "../../model/plan.ts";
import type { ResourceKind, Step } from "../kind.ts";
import { completeServices } from "./complete.ts";
import { observeServices } from "./observe.ts";
import { performServices } from "./perform.ts";
import { reviveServices, undoServices } from "./undo.ts";

export const serviceKind: ResourceKind = {
  observe: observeServices,
  complete: completeServices,
  steps: stepsOfServices,
  needs: () => [],
  prepare: () => Promise.resolve([]),
  perform: performServices,
  settle: () => Promise.resolve([]),
  undo: undoServices,
  revive: reviveServices,
  release: () => [],
};

/** Nothing is staged, and nothing has to be kept. */
function stepsOfServices(changes: readonly Change[], _run: string, firstStep: number): readonly Step[] {
  return changes.map((change, index) => ({ n: firstStep + index, change }));
}
