// The order in which changes are made: out of the way first, then folders, files, and last what is no longer wanted.
import type { Change } from "../model/plan.ts";
import { nameOf } from "../model/state.ts";

export function order(changes: readonly Change[]): readonly Change[] {
  const made = new Set(changes.filter(makes).map(({ id }) => nameOf(id)));
  const inTheWay = (change: Change): boolean => !makes(change) && standsUnder(nameOf(change.id), made);
  const removals = changes.filter((change) => !makes(change)).sort(deepestFirst);
  return [
    ...removals.filter(inTheWay),
    ...changes.filter(makes).sort(parentsFirst),
    ...removals.filter((change) => !inTheWay(change)),
  ];
}

function makes({ after }: Change): boolean {
  return after.type !== "absent";
}

/** Below something that is to become a file or a link, or above something that is to be made: it has to go first. */
function standsUnder(path: string, made: ReadonlySet<string>): boolean {
  for (let parent = path; parent !== ""; parent = parent.slice(0, parent.lastIndexOf("/"))) {
    if (made.has(parent)) return true;
  }
  return false;
}

function parentsFirst(one: Change, other: Change): number {
  const depth = Number(one.after.type !== "directory") - Number(other.after.type !== "directory");
  return depth !== 0 ? depth : compareText(one.id, other.id);
}

function deepestFirst(one: Change, other: Change): number {
  return compareText(other.id, one.id);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
