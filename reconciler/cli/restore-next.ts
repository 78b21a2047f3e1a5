// A file that was put back by hand in; what the next run will do about it, and how to have it otherwise, out.
import type { Ground } from "../ground.ts";
import { policyOf } from "../model/policy.ts";
import { satisfies } from "../model/satisfies.ts";
import { idOf, type State } from "../model/state.ts";
import { loadTarget } from "../state/target-cache.ts";

/** `leaves`: git says nothing of it. `agrees`: it is as git wants it. `tells`: its policy leaves it alone. */
export type GitDoes = "leaves" | "agrees" | "tells" | "replaces" | "unknown";

/** By what this server was last made to follow. */
export async function whatGitDoes({ state }: Ground, path: string, now: State): Promise<GitDoes> {
  const target = (await loadTarget(state))?.target;
  if (target === undefined) return "unknown";
  const wanted = target.wanted.get(idOf("file", path)) ?? target.wanted.get(idOf("data", path));
  if (wanted === undefined) return policyOf(path, target.policies) === "enforce" ? "leaves" : "tells";
  if (satisfies(now, wanted.state)) return "agrees";
  return wanted.policy === "enforce" ? "replaces" : "tells";
}

export function afterwards(path: string, next: GitDoes): readonly string[] {
  switch (next) {
    case "leaves":
      return ["git says nothing of it, so it stays."];
    case "agrees":
      return ["git wants it just so."];
    case "tells":
      return ["Its policy in git leaves it alone, so it stays; status tells that it differs."];
    case "unknown":
      return ["What git wants of it is not known here just now: reconcile plan tells."];
    case "replaces":
      return [
        `git wants something else, and the next run puts that back; a daemon sees the change within seconds.`,
        `To have it stay: give ${path} this content, or the policy report or ignore, in the fleet's repository;`,
        `or pause here first: reconcile suspend --reason "..."; what git puts back leaves this one kept once more.`,
      ];
  }
}
