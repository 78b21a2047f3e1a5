// An Outcome as plain, versioned JSON for other programs; docs/json/outcome.schema.json describes every member.
import { octal, permissionsOf } from "./permissions.ts";
import { kindOf, nameOf, type ResourceId, type State } from "../model/state.ts";
import type { Change, Held } from "../model/plan.ts";
import type { Outcome } from "../model/outcome.ts";

/** The shape changes in ways that break readers only together with this number. */
const OUTCOME_VERSION = 1;

export type OutcomeJson = ReturnType<typeof outcomeToJson>;

/** Only plain values, ready for JSON.stringify; no Map, no Buffer, nothing undefined that a reader would miss. */
export function outcomeToJson(outcome: Outcome) {
  const { run, trigger, result, settled, startedAt, durationMs, stageMs, desired, applied } = outcome;
  return {
    version: OUTCOME_VERSION,
    kind: "outcome",
    ...{ run, trigger, result, settled, startedAt, durationMs, stageMs, desired, applied },
    changes: outcome.changes.map(changeToJson),
    held: outcome.held.map(heldToJson),
    resources: outcome.resources,
    health: outcome.health,
    problems: outcome.problems,
  } as const;
}

export function changeToJson({ id, before, after, why, standing, implied, because, renew, irreversible }: Change) {
  const states = { before: stateToJson(before), after: stateToJson(after) };
  return { ...idToJson(id), ...states, why, standing, implied, because: because?.map(idToJson), renew, irreversible };
}

export function heldToJson({ id, before, after, policy, standing, waits }: Held) {
  return { ...idToJson(id), before: stateToJson(before), after: stateToJson(after), policy, standing, waits };
}

export function idToJson(id: ResourceId) {
  return { kind: kindOf(id), name: nameOf(id) };
}

/** The mode as people write it, `0644`. */
export function stateToJson(state: State) {
  const { mode, uid, gid } = permissionsOf(state);
  const permissions = { mode: mode === undefined ? undefined : octal(mode), uid, gid };
  switch (state.type) {
    case "regular":
      return { type: state.type, digest: state.digest, size: state.size, ...permissions };
    case "symlink":
      return { type: state.type, target: state.target, ...permissions };
    case "directory":
      return { type: state.type, ...permissions };
    case "data":
      return { type: state.type, shape: state.shape, digest: state.digest, size: state.size, ...permissions };
    default:
      return state;
  }
}
