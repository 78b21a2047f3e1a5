// The entries of a tree from outside in, what must not come onto a server out: devices, set-user-id, links that lead out
// of it, and more than is allowed.
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";

export interface Offered {
  /** Relative, as the archive or the folder has it. */
  readonly path: string;
  readonly type: "regular" | "directory" | "symlink" | "hardlink" | "special";
  /** Twelve permission bits. */
  readonly mode: number;
  readonly size: number;
  /** Of a link; of a symlink left out where the archive does not list it. */
  readonly target?: string;
}

const MOST_ENTRIES = 2_000_000;
const DEEPEST = 64;
const SET_ID = 0o6000;

/** The first fault, said of the place that the item comes from. */
export function faultOfTree(source: string, entries: readonly Offered[], maxBytes: number): Problem | undefined {
  if (entries.length > MOST_ENTRIES) return refusal(source, `has more than ${MOST_ENTRIES} entries`);
  const size = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (size > maxBytes) return refusal(source, `has ${size} bytes; at most ${maxBytes} are allowed`);
  const seen = new Map<string, Offered["type"]>();
  for (const entry of entries) {
    const fault = faultOfName(entry.path) ?? faultOfEntry(entry, seen);
    if (fault !== undefined) return refusal(source, `${fault}: ${printable(entry.path).slice(0, 200)}`);
    seen.set(plain(entry.path), entry.type);
  }
  return undefined;
}

function faultOfName(path: string): string | undefined {
  const parts = plain(path).split("/");
  if (path.startsWith("/")) return "an absolute path is in it";
  if (parts.includes("..")) return 'a path with ".." is in it';
  if (parts.length > DEEPEST) return `it is more than ${DEEPEST} folders deep`;
  // A name that is no text could not be spoken of, and might be another one for the next program.
  return /[\0\ufffd]/u.test(path) ? "a name is in it that is no text" : undefined;
}

function faultOfEntry(
  { path, type, mode, target }: Offered,
  seen: ReadonlyMap<string, Offered["type"]>,
): string | undefined {
  if (type === "special") return "a device, socket or pipe is in it";
  if (type !== "symlink" && (mode & SET_ID) !== 0) return "a set-user-id or set-group-id bit is in it";
  if (type === "symlink" && target !== undefined && leaves(path, target)) return "a link is in it that leads out of it";
  if (type === "hardlink" && (target === undefined || seen.get(plain(target)) !== "regular"))
    return "a hard link is in it to something that is not";
  const before = seen.get(plain(path));
  if (before !== undefined && !(before === "directory" && type === "directory")) return "a name is in it twice";
  return goesThrough(plain(path), seen) ? "a path is in it that goes through what is no folder" : undefined;
}

/** By its text alone, from the folder it lies in. */
function leaves(path: string, target: string): boolean {
  if (target.startsWith("/")) return true;
  let depth = plain(path).split("/").length - 1;
  for (const part of target.split("/")) {
    if (part === "..") depth--;
    else if (part !== "" && part !== ".") depth++;
    if (depth < 0) return true;
  }
  return false;
}

/** Folders that nobody listed are folders all the same. */
function goesThrough(path: string, seen: ReadonlyMap<string, Offered["type"]>): boolean {
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    if ((seen.get(path.slice(0, end)) ?? "directory") !== "directory") return true;
  }
  return false;
}

/** As the file system has it: without "./" in front, "/" behind, and what says nothing in between. */
function plain(path: string): string {
  if (!/(?:^|\/)(?:\.|\/|$)/u.test(path)) return path;
  return path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
}

function refusal(source: string, what: string): Problem {
  return {
    code: "data-refused-content",
    what: `${source} is not taken: ${what}`,
    hint: "make it again without that; what is here stays",
  };
}
