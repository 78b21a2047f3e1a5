// Names of a version at hand and the walk of a source on this machine in, the source's version out: only what differs is
// touched.
import { setImmediate } from "node:timers/promises";
import { FileError, type Machine } from "../../machine/machine.ts";
import type { Digest, Permissions } from "../../model/file-state.ts";
import { join } from "./names.ts";
import { ownerToGive, type OwnerToGive } from "./rsync/rsync.ts";
import type { WalkedEntry } from "./walk.ts";

export interface Differences {
  /** The source: a folder of this machine. */
  readonly from: string;
  readonly offered: readonly WalkedEntry[];
  /** A version that the source once had, below the managed root, and what lies in it. */
  readonly where: string;
  readonly entries: readonly WalkedEntry[];
  /** What lies in the workshop already: second names of the files of that version, and folders. */
  readonly here: readonly WalkedEntry[];
  readonly owner: Permissions;
}

/** What is never taken over: set-user-id, set-group-id and sticky bits. */
const TAKEN_BITS = 0o777;
/** Bytes. With more, it matters that rsync goes on where it was interrupted. */
const MOST_COPIED = 1024 * 1024 * 1024;
/** Of a folder that is being filled. */
const WORK_MODE = 0o700;

/** The digests by path of what was copied. Undefined when it did not work, which rsync then mends, or tells. */
export async function copyDifferences(
  machine: Machine,
  differences: Differences,
  content: string,
): Promise<ReadonlyMap<string, Digest> | undefined> {
  try {
    return await copy(machine, differences, content);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

async function copy(machine: Machine, differences: Differences, content: string) {
  const { files } = machine;
  const { from, offered, where, here, owner } = differences;
  const given = ownerToGive(machine, owner);
  const left = removeOthers(machine, content, here, offered);
  const wanted = offered.filter((entry) => entry.path !== "" && !isSame(left.get(entry.path), entry, given));
  const entries = new Map(differences.entries.map((entry) => [entry.path, entry]));
  const isKept = (entry: WalkedEntry): boolean => isSame(entries.get(entry.path), entry, given);
  if (sizeOf(wanted.filter((entry) => !isKept(entry))) > MOST_COPIED) return undefined;

  const folders = wanted.filter(({ type }) => type === "directory");
  for (const { path } of folders) if (!left.has(path)) files.makeDirectory(join(content, path), { mode: WORK_MODE });
  const copied = new Map<string, Digest>();
  for (const entry of wanted) {
    const { path, type, mode, target } = entry;
    const to = join(content, path);
    if (type === "directory" || type === "special") continue;
    if (left.has(path)) files.unlink(to);
    if (type === "symlink") files.makeSymlink(target, to, given ?? {});
    else if (isKept(entry)) files.link(join(where, path), to);
    else {
      const permissions = { mode: mode & TAKEN_BITS, ...given };
      copied.set(path, await files.copyIn({ folder: from, path: `/${path}` }, to, permissions));
      await setImmediate();
    }
  }
  // Their own modes come last: who may not write a folder could not fill it.
  for (const { path, mode } of folders.toReversed())
    files.setPermissions(join(content, path), { mode: mode & TAKEN_BITS, ...given });
  return copied;
}

function sizeOf(entries: readonly WalkedEntry[]): number {
  return entries.reduce((sum, { type, size }) => sum + (type === "regular" ? size : 0), 0);
}

/** What is left, by path. */
function removeOthers(
  { files }: Machine,
  content: string,
  here: readonly WalkedEntry[],
  offered: readonly WalkedEntry[],
): ReadonlyMap<string, WalkedEntry> {
  const types = new Map(offered.map(({ path, type }) => [path, type]));
  const left = new Map<string, WalkedEntry>();
  for (const entry of here.toReversed()) {
    const { path, type } = entry;
    if (types.get(path) === type) left.set(path, entry);
    else if (type === "directory") files.removeDirectory(join(content, path));
    else files.unlink(join(content, path));
  }
  return left;
}

/** As rsync compares: by size and time, which suffices for files of a version that the source once had. */
function isSame(here: WalkedEntry | undefined, offered: WalkedEntry, given: OwnerToGive | undefined): boolean {
  if (here?.type !== offered.type) return false;
  if (given !== undefined && (here.uid !== given.uid || here.gid !== given.gid)) return false;
  if (offered.type === "symlink") return here.target === offered.target;
  if (here.mode !== (offered.mode & TAKEN_BITS)) return false;
  return offered.type === "directory" || (here.size === offered.size && isSameTime(here.mtime, offered.mtime));
}

/** To the microsecond: no copy of ours is more exact. */
function isSameTime(one: string, other: string): boolean {
  return one === other || toMicroseconds(one) === toMicroseconds(other);
}

function toMicroseconds(time: string): string {
  const dot = time.indexOf(".");
  return dot < 0 ? time : time.slice(0, dot + 7);
}
