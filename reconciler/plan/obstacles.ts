// What stands where something else should be, and is not ours to take away.
import type { Change } from "../model/plan.ts";
import { satisfies } from "../model/satisfies.ts";
import { nameOf, type ResourceId, type State } from "../model/state.ts";
import type { Problem } from "../../common/problem.ts";
import { goesEmpty, type Known } from "./going.ts";

/** The problem with one change, if something stands in its way. */
export function obstacleProblem({ before, after, id }: Change, known: Known): Problem | undefined {
  if (before.type === "special") return obstacle(id, "a socket, pipe or device stands here; those are never touched");
  const folderInvolved = before.type === "directory" || after.type === "directory";
  if (before.type === after.type || before.type === "absent" || !folderInvolved) return undefined;
  const seen = known.observed.get(id);
  const isEmptied = seen !== undefined && goesEmpty(id, seen, known);
  if (after.type === "absent") {
    return isEmptied ? undefined : obstacle(id, "a directory that is to go still holds things that nobody wants gone");
  }
  const remembered = known.memory.get(id);
  const isOurs = remembered?.origin === "created" && satisfies(before, remembered.state);
  if (isOurs && isEmptied) return undefined;
  const why = isOurs ? "and it holds things that are not ours" : "and it is not one that we made";
  return obstacle(id, `${article(before)} stands where ${article(after)} should be, ${why}`);
}

function obstacle(id: ResourceId, what: string): Problem {
  return {
    code: "obstacle",
    where: { file: nameOf(id) },
    what,
    hint: "move it away on this server, or give the wish another path",
  };
}

function article({ type }: State): string {
  if (type === "directory") return "a directory";
  return type === "symlink" ? "a symlink" : "a file";
}
