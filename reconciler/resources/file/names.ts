// What our own files beside the managed ones are called, and where they wait.
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";

/**
 * Hidden, and with an end that run-parts, logrotate, cron and drop-in folders pass over; the name of the managed file
 * is left out so that a 255-byte name still has room.
 */
export function stagedName(folder: string, run: string, n: number): string {
  return join(folder, `.reconciler-${run}-${n}.new~`);
}

export function backupName(folder: string, run: string, n: number): string {
  return join(folder, `.reconciler-${run}-${n}.old~`);
}

/** The main configuration around a staged file while it is checked. Some checkers go by how its name ends. */
export function mainName(staged: string, path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return `${staged.replace(/\.new~$/u, "")}.main~${dot > 0 ? name.slice(dot) : ""}`;
}

/**
 * The nearest folder above a path that is there now and will still be there afterwards: what is kept in it can reach
 * the path by rename, on the same file system, in one step.
 */
export function waitingFolder(path: string, comingOrGoing: ReadonlySet<string>): string {
  let folder = parentOf(path);
  while (folder !== "/" && comingOrGoing.has(folder)) folder = parentOf(folder);
  return folder;
}

/** Folders that this plan makes or takes away. */
export function unsteadyFolders(changes: readonly Change[]): ReadonlySet<string> {
  const unsteady = new Set<string>();
  for (const { id, before, after } of changes) {
    if ((before.type === "directory") !== (after.type === "directory")) unsteady.add(nameOf(id));
  }
  return unsteady;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function join(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
