// The way back of one change of a file, and letting go of what it needs. It goes by what is there now, so it may be
// interrupted and repeated, whether the change was made, half made or not begun.
import type { Files, Machine, Stat } from "../../machine/machine.ts";
import type { Directory, RegularFile, Symlink } from "../../model/file-state.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Step } from "../kind.ts";
import { mainName, parentOf } from "./names.ts";
import { permissionsOf } from "./prepare.ts";
import { telling, tellingLater } from "./telling.ts";

/** In the order in which they are given, which is last first. */
export async function undoFiles(machine: Machine, batch: readonly Step[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const step of batch) problems.push(...(await undoFile(machine, step)));
  return problems;
}

/** Staged and kept content stay until `releaseFile`: as long as they are there, it can be done again. */
function undoFile({ files }: Machine, step: Step): Promise<readonly Problem[]> {
  const path = nameOf(step.change.id);
  const { before } = step.change;
  return tellingLater(async () => {
    const now = files.stat(path);
    if (now === undefined && before.type !== "absent" && !isFolder(files, parentOf(path))) return [leftInPlace(path)];
    switch (before.type) {
      case "absent":
        return now === undefined ? [] : removeMade(files, path, step, now);
      case "directory":
        return returnDirectory(files, path, before, step, now);
      case "regular":
      case "symlink":
        if (step.backup !== undefined) return returnContent(files, path, step.backup, step, now);
        return now === undefined ? [] : returnPermissions(files, path, before, now);
      default:
        return [];
    }
  });
}

/** The folders above have been put back by now; one that is not there was taken away, or replaced, by somebody else. */
function isFolder(files: Files, path: string): boolean {
  const type = files.stat(path)?.type;
  return type === "directory" || type === "symlink";
}

/** The old content itself comes back, with its inode: its times, owner and attributes are those it had. */
async function returnContent(
  files: Files,
  path: string,
  backup: string,
  step: Step,
  now: Stat | undefined,
): Promise<Problem[]> {
  const kept = files.stat(backup);
  // Not kept yet, or back already; or never away.
  if (kept === undefined || (now !== undefined && isSameInode(now, kept))) return [];
  if (now !== undefined && !(isMade(files, step, now) && (await isUntouched(files, path, step, now))))
    return [leftInPlace(path)];
  if (now !== undefined && now.type !== "directory") {
    files.rename(backup, path);
    return [];
  }
  if (now !== undefined) files.removeDirectory(path);
  // A second name, not a move: it may lie in another folder, and the first one stays until both folders are on disk.
  files.link(backup, path);
  return [];
}

type Permitted = RegularFile | Directory | Symlink;

function returnDirectory(files: Files, path: string, before: Permitted, step: Step, now: Stat | undefined): Problem[] {
  if (now?.type === "directory") return returnPermissions(files, path, before, now);
  if (now !== undefined && !isMade(files, step, now)) return [leftInPlace(path)];
  if (now !== undefined) files.unlink(path);
  files.makeDirectory(path, permissionsOf(before));
  return [];
}

function returnPermissions(files: Files, path: string, before: Permitted, now: Stat): Problem[] {
  if (now.type !== before.type) return [leftInPlace(path)];
  const same = before.mode === now.mode && before.uid === now.uid && before.gid === now.gid;
  if (!same) files.setPermissions(path, permissionsOf(before));
  return [];
}

/** Removes what we made there, if it still is what we made. A folder in which somebody put something stays. */
async function removeMade(files: Files, path: string, step: Step, now: Stat): Promise<Problem[]> {
  if (!isMade(files, step, now) || !(await isUntouched(files, path, step, now))) return [leftInPlace(path)];
  if (now.type === "directory") files.removeDirectory(path);
  else files.unlink(path);
  return [];
}

/**
 * Whether it was this step that put there what is there now. The rename that does so takes the staged name away; after
 * a power cut it may still be there, as a second name of the same content.
 */
function isMade(files: Files, { change: { after }, staged }: Step, now: Stat): boolean {
  if (now.type !== after.type) return false;
  const waiting = staged === undefined ? undefined : files.stat(staged);
  return waiting === undefined || isSameInode(waiting, now);
}

async function isUntouched(files: Files, path: string, { change: { after } }: Step, now: Stat): Promise<boolean> {
  if (now.type === "directory") return files.list(path).length === 0;
  if (after.type === "regular") return (await files.digest(path)) === after.digest;
  return after.type === "symlink" && files.readLink(path) === after.target;
}

function isSameInode(one: Stat, other: Stat): boolean {
  return one.stamp.ino === other.stamp.ino && one.dev === other.dev;
}

function leftInPlace(path: string): Problem {
  return {
    code: "left-in-place",
    where: { file: path },
    what: "is not what this run put there: somebody else changed it meanwhile, so taking the run back left it alone",
    hint: "look whether it is still wanted, and remove it by hand if not",
  };
}

export function releaseFile({ files }: Machine, { change, staged, backup }: Step): readonly Problem[] {
  const main = staged === undefined ? undefined : mainName(staged, nameOf(change.id));
  return telling(() => {
    for (const name of [staged, backup, main]) {
      if (name !== undefined && files.stat(name) !== undefined) files.unlink(name);
    }
    return [];
  });
}
