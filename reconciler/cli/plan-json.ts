// What a cycle would do, as plain, versioned JSON for other programs; docs/json/plan.schema.json describes every member.
import type { ForeseenChange } from "../explain-changes.ts";
import type { Foresight } from "../foresee.ts";
import { changeToJson, heldToJson } from "../report/outcome-json.ts";

/** The shape changes in ways that break readers only together with this number. */
const PLAN_VERSION = 1;

export function planToJson({ changes, held, ...rest }: Foresight) {
  return {
    version: PLAN_VERSION,
    kind: "plan",
    ...rest,
    changes: changes.map(toJson),
    held: held.map(heldToJson),
  } as const;
}

function toJson({ change, difference, sources, risk }: ForeseenChange) {
  return { ...changeToJson(change), difference, sources, risk };
}
