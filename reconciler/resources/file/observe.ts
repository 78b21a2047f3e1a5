// What the machine has at the paths of the Target and of Memory. Bytes whose stat did not move are not read again.
import { resolve } from "node:path/posix";
import type { FileReader, MachineReader, Stat } from "../../machine/machine.ts";
import { FileError } from "../../machine/machine.ts";
import { describeFileError } from "../../machine/file-problem.ts";
import { ABSENT } from "../../model/absent.ts";
import type { FileState } from "../../model/file-state.ts";
import { nameOf, type ResourceId } from "../../model/state.ts";
import type { Memory, Remembered, Seen, Stamp, Target } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Looked } from "../kind.ts";
import { parentOf } from "./names.ts";

/** After so many files the daemon's other work (an HTTP answer, a deadline) gets its turn. */
const FILES_A_TURN = 500;

export async function observeFiles(
  machine: MachineReader,
  ids: readonly ResourceId[],
  target: Target,
  memory: Memory,
): Promise<Looked> {
  const seen = new Map<ResourceId, Seen>();
  const problems: Problem[] = [];
  for (let from = 0; from < ids.length; from += FILES_A_TURN) {
    if (from > 0) await new Promise(setImmediate);
    const turn = ids.slice(from, from + FILES_A_TURN);
    const stats = statMany(machine.files, turn.map(nameOf));
    for (const [index, id] of turn.entries()) {
      try {
        const stat = stats === undefined ? statOrNothing(machine.files, nameOf(id)) : stats[index];
        seen.set(id, stat === undefined ? GONE : await look(machine.files, id, stat, target, memory.get(id)));
      } catch (error) {
        if (!(error instanceof FileError)) throw error;
        problems.push(describeFileError(error));
      }
    }
  }
  return { seen, problems };
}

const GONE: Seen = { state: ABSENT };

/** All in one go, or nothing when one of them cannot be looked at: then each is asked for itself. */
function statMany(files: FileReader, paths: readonly string[]): readonly (Stat | undefined)[] | undefined {
  try {
    return files.stats(paths);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

async function look(
  files: FileReader,
  id: ResourceId,
  stat: Stat,
  target: Target,
  memory: Remembered | undefined,
): Promise<Seen> {
  const path = nameOf(id);
  const { mode, uid, gid, stamp } = stat;
  switch (stat.type) {
    case "regular":
      return {
        state: { type: "regular", digest: await digest(files, path, stat, memory), size: stat.size, mode, uid, gid },
        stamp,
      };
    case "symlink":
      if (target.wanted.get(id)?.implied === true && !isOurLink(memory) && leadsToFolder(files, path))
        return { state: { type: "directory" }, stamp };
      return { state: { type: "symlink", target: files.readLink(path), uid, gid }, stamp };
    case "directory":
      // Where it may have to go, and then only if nothing else lies in it.
      return {
        state: { type: "directory", mode, uid, gid },
        stamp,
        ...(target.wanted.get(id)?.state.type === "directory" ? {} : { names: files.list(path) }),
      };
    default:
      return { state: { type: stat.type } as FileState, stamp };
  }
}

/** A path below a file, or below links in a circle, is simply not there; the planner finds the obstacle itself. */
function statOrNothing(files: FileReader, path: string): Stat | undefined {
  try {
    return files.stat(path);
  } catch (error) {
    if (error instanceof FileError && ["ENOTDIR", "ELOOP"].includes(error.code)) return undefined;
    throw error;
  }
}

async function digest(files: FileReader, path: string, stat: Stat, memory: Remembered | undefined): Promise<string> {
  if (memory?.state.type === "regular" && memory.stamp !== undefined && sameStamp(memory.stamp, stat.stamp)) {
    return memory.state.digest;
  }
  return files.digest(path);
}

function sameStamp(one: Stamp, other: Stamp): boolean {
  return (
    one.ino === other.ino && one.size === other.size && one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs
  );
}

/** Git wanted a link there and now wants a folder: then the link has to go, wherever it leads. */
function isOurLink(memory: Remembered | undefined): boolean {
  return memory?.origin === "created" && memory.state.type === "symlink";
}

/** As many as Linux itself follows. */
const MOST_LINKS = 40;

/** A link of somebody else that leads to a folder inside the root serves as that folder. */
function leadsToFolder(files: FileReader, path: string): boolean {
  let at = path;
  for (let links = 0; links <= MOST_LINKS; links++) {
    const stat = files.stat(at);
    if (stat?.type !== "symlink") return stat?.type === "directory";
    // As chroot(2) would: an absolute one begins again at the root, and ".." stays inside.
    const text = files.readLink(at);
    at = resolve("/", text.startsWith("/") ? "" : parentOf(at), text.replace(/^\/+/u, ""));
  }
  return false;
}
