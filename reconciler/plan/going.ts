// What may be taken away: only what we made ourselves and is still that, and a folder only when all in it goes as well.
import { policyOf } from "../model/policy.ts";
import { nameOf, type ResourceId, type State } from "../model/state.ts";
import type { Memory, Observed, Remembered, Seen, Target } from "../model/target.ts";

export interface Known {
  readonly target: Target;
  readonly observed: Observed;
  readonly memory: Memory;
}

/** A link in the place of our file, or a file in the place of our folder, is somebody else's; other content is not. */
export function isOurs(seen: State, { origin, state }: Remembered): boolean {
  return origin === "created" && seen.type === state.type && seen.type !== "special";
}

/** Whether nothing is left in a folder after this plan. What is no folder is always empty. */
export function goesEmpty(id: ResourceId, { state, names }: Seen, known: Known): boolean {
  if (state.type !== "directory") return true;
  return names?.every((name) => goes(`${id}/${name}`, known)) ?? false;
}

function goes(id: ResourceId, known: Known): boolean {
  const seen = known.observed.get(id);
  return seen !== undefined && isUnwanted(id, seen, known) && goesEmpty(id, seen, known);
}

function isUnwanted(id: ResourceId, seen: Seen, { target, memory }: Known): boolean {
  const wanted = target.wanted.get(id);
  if (wanted !== undefined) {
    return wanted.state.type === "absent" && wanted.policy === "enforce" && seen.state.type !== "special";
  }
  const remembered = memory.get(id);
  const enforced = policyOf(nameOf(id), target.policies) === "enforce";
  return enforced && remembered !== undefined && isOurs(seen.state, remembered);
}
