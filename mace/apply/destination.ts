// A folder that stands for "/" and a final path in, the real place of the file out: never through a link that leaves it.
import { lstatSync, realpathSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Problem, type Result, refuse, succeed } from "../../common/problem.ts";

export interface Destination {
  /** Real path of the folder. */
  readonly root: string;
}

/** Where a final file lies, or would lie. */
export interface Location {
  /** Real path of its directory. */
  readonly folder: string;
  /** Real path of the file itself; the last name is never followed. */
  readonly file: string;
  /** Directories that have to be made first, outermost first. */
  readonly missing: readonly string[];
}

/** DST_ROOT, which has to be there already. */
export function openDestination(folder: string): Result<Destination> {
  try {
    const root = realpathSync(folder);
    if (statSync(root).isDirectory()) return succeed({ root });
  } catch {
    // Told below.
  }
  const hint = "make the folder first, or correct --dst or DST_ROOT";
  return refuse({ code: "no-destination", where: { file: folder }, what: "is not a folder", hint });
}

/** Finds the place of a final path. Links on the way are followed as long as they stay below the destination. */
export function locate(destination: Destination, path: string): Result<Location> {
  const names = path.split("/").filter((name) => name !== "");
  const missing: string[] = [];
  let folder = destination.root;
  for (const name of names.slice(0, -1)) {
    const next = join(folder, name);
    const entered = missing.length > 0 ? "missing" : enter(destination, next);
    if (entered === undefined) return refuse(blocked(path, next));
    if (entered === "missing") missing.push(next);
    folder = entered === "missing" ? next : entered;
  }
  return succeed({ folder, file: join(folder, names.at(-1) ?? ""), missing });
}

/** The real path of a directory; `missing` when nothing is there; undefined when it cannot or may not be entered. */
function enter(destination: Destination, folder: string): string | undefined {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) return "missing";
  try {
    const real = realpathSync(folder);
    return isBelow(destination.root, real) && statSync(real).isDirectory() ? real : undefined;
  } catch {
    return undefined;
  }
}

function isBelow(root: string, path: string): boolean {
  return path === root || path.startsWith(root === "/" ? "/" : `${root}/`);
}

function blocked(path: string, at: string): Problem {
  const what = `cannot be placed: ${at} is not a directory, or is a link that leads out of the destination`;
  return { code: "blocked-path", where: { file: path }, what, hint: "remove it, or hide the source of this file" };
}
