// The brake on pruning: a commit that takes away much, or all, stops and asks.
import type { Change } from "../model/plan.ts";
import type { Brake, Memory } from "../model/target.ts";
import type { Problem } from "../../common/problem.ts";

/** So few removals are never a share worth asking about. */
const ALWAYS_ALLOWED = 5;

export function brakeProblem(
  changes: readonly Change[],
  memory: Memory,
  brake: Brake,
  agreedRemovals: number,
): Problem | undefined {
  const removals = changes.filter(({ why, implied }) => why === "retired" && implied === undefined).length;
  const kept = [...memory.values()].filter(
    ({ implied, origin }) => implied === undefined && origin === "created",
  ).length;
  const tooMany = removals > brake.maxRemovals;
  const tooMuch = removals > ALWAYS_ALLOWED && removals > kept * brake.maxShare;
  const emptied = kept > 1 && removals === kept;
  if (!(tooMany || tooMuch || emptied) || removals <= agreedRemovals) return undefined;
  return {
    code: "prune-brake",
    what: `this revision would remove ${removals} of the ${kept} things that we keep here`,
    hint: `if that is meant, run: reconcile --now --allow-removals ${removals}`,
  };
}
