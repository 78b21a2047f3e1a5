// What stands where something else should be, and is not ours to take away.
import type { Change } from "../model/plan.ts";
import { pathOf, satisfies, type FileState, type ResourceId } from "../model/state.ts";
import type { Memory, Observed } from "../model/target.ts";
import type { Problem } from "../../common/problem.ts";

/** The problem with one change, if something stands in its way. */
export function obstacleProblem(
  change: Change,
  changes: readonly Change[],
  { memory, observed }: { readonly memory: Memory; readonly observed: Observed },
): Problem | undefined {
  const { before, after, id } = change;
  if (before.type === "special") return obstacle(id, "a socket, pipe or device stands here; those are never touched");
  const folderInvolved = before.type === "directory" || after.type === "directory";
  if (before.type === after.type || before.type === "absent" || after.type === "absent" || !folderInvolved) {
    return undefined;
  }
  const remembered = memory.get(id);
  const ours = remembered?.origin === "created" && satisfies(before, remembered.state);
  const emptied = before.type !== "directory" || goesEmpty(id, changes, observed);
  if (ours && emptied) return undefined;
  return obstacle(id, `${article(before)} stands where ${article(after)} should be, and it is not one that we made`);
}

/** Every known thing below the folder is on its way out. */
function goesEmpty(id: ResourceId, changes: readonly Change[], observed: Observed): boolean {
  const going = new Set(changes.filter(({ after }) => after.type === "absent").map((change) => change.id));
  for (const [inside, seen] of observed) {
    if (inside.startsWith(`${id}/`) && seen.state.type !== "absent" && !going.has(inside)) return false;
  }
  return true;
}

function obstacle(id: ResourceId, what: string): Problem {
  return {
    code: "obstacle",
    where: { file: pathOf(id) },
    what,
    hint: "move it away on this server, or give the wish another path",
  };
}

function article({ type }: FileState): string {
  if (type === "directory") return "a directory";
  return type === "symlink" ? "a symlink" : "a file";
}
