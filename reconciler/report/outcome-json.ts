// An Outcome as plain, versioned JSON for other programs; docs/json/outcome.schema.json describes every member.
import { octal, permissionsOf } from "./permissions.ts";
import { pathOf } from "../model/state.ts";
import type { Change, Held } from "../model/plan.ts";
import type { FileState, ResourceId } from "../model/state.ts";
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

export function changeToJson({ id, before, after, why, standing, implied }: Change) {
  return { ...idToJson(id), before: stateToJson(before), after: stateToJson(after), why, standing, implied };
}

export function heldToJson({ id, before, after, policy, standing }: Held) {
  return { ...idToJson(id), before: stateToJson(before), after: stateToJson(after), policy, standing };
}

function idToJson(id: ResourceId) {
  return { kind: id.slice(0, id.indexOf(":")), name: pathOf(id) };
}

/** The mode as people write it, `0644`. */
export function stateToJson(state: FileState) {
  const { mode, uid, gid } = permissionsOf(state);
  const permissions = { mode: mode === undefined ? undefined : octal(mode), uid, gid };
  switch (state.type) {
    case "regular":
      return { type: state.type, digest: state.digest, size: state.size, ...permissions };
    case "symlink":
      return { type: state.type, target: state.target, ...permissions };
    case "directory":
      return { type: state.type, ...permissions };
    case "absent":
    case "special":
      return { type: state.type };
  }
}
