// One visible change of a file, and the way back. Both act on what is there, so both may be interrupted and repeated.
import { describeFileError } from "../../machine/file-problem.ts";
import { FileError, type Files, type Machine, type Stat } from "../../machine/machine.ts";
import {
  pathOf,
  sameContent,
  type Directory,
  type FileState,
  type RegularFile,
  type Symlink,
} from "../../model/state.ts";
import type { Change } from "../../model/plan.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Step } from "../kind.ts";
import { parentOf } from "./names.ts";
import { permissionsOf, syncFolders } from "./prepare.ts";

export function performFile(machine: Machine, step: Step): readonly Problem[] {
  return telling(() => {
    const moved = movedSince(machine.files, step.change);
    if (moved !== undefined) return [moved];
    enter(machine.files, step);
    return [];
  });
}

/** Somebody else may have been at work since the plan was made: then this change was never agreed. */
function movedSince(files: Files, { id, before, stamp }: Change): Problem | undefined {
  const stat = files.stat(pathOf(id));
  const same =
    stat === undefined
      ? before.type === "absent"
      : stat.type === before.type &&
        (stat.type === "directory" ||
          (stat.stamp.ino === stamp?.ino && stat.stamp.size === stamp.size && stat.stamp.mtimeMs === stamp.mtimeMs));
  if (same) return undefined;
  return {
    code: "moved",
    where: { file: pathOf(id) },
    what: "was changed by somebody else while this run was under way",
    hint: "the run is taken back; the next one starts from what is there now",
  };
}

function enter(files: Files, { change, staged }: Step): void {
  const path = pathOf(change.id);
  const { before, after } = change;
  if (staged === undefined && sameContent(before, after) && after.type !== "absent" && after.type !== "special") {
    files.setPermissions(path, permissionsOf(after));
    return;
  }
  if (before.type === "directory") files.removeDirectory(path);
  if (after.type === "directory") {
    if (before.type !== "absent") files.unlink(path);
    files.makeDirectory(path, { mode: 0o755, ...permissionsOf(after) });
  } else if (staged !== undefined) {
    files.rename(staged, path);
  } else if (before.type !== "absent" && before.type !== "directory") {
    files.unlink(path);
  }
}

type Permitted = RegularFile | Directory | Symlink;

/** Back to the state before. What somebody else put there meanwhile is left and told. */
export async function undoFile(machine: Machine, step: Step): Promise<readonly Problem[]> {
  try {
    const problems = await leave(machine.files, step);
    dropStaged(machine.files, step);
    return problems;
  } catch (error) {
    return tell(error);
  }
}

async function leave(files: Files, { change, backup }: Step): Promise<readonly Problem[]> {
  const path = pathOf(change.id);
  const { before, after } = change;
  const now = statIfAny(files, path);
  if (backup !== undefined) {
    returnBackup(files, path, backup, now);
  } else if (before.type === "absent") {
    return now === undefined ? [] : removeMade(files, path, now, after);
  } else if (before.type === "directory") {
    returnToDirectory(files, path, before, now);
  } else if (now !== undefined && before.type !== "special") {
    returnPermissions(files, path, before, now);
  }
  return [];
}

function returnBackup(files: Files, path: string, backup: string, now: Stat | undefined): void {
  if (statIfAny(files, backup) === undefined) return;
  if (now?.type === "directory") files.removeDirectory(path);
  files.rename(backup, path);
  // Two names of one inode: rename(2) then leaves both.
  if (files.stat(backup) !== undefined) files.unlink(backup);
}

function returnToDirectory(files: Files, path: string, before: Permitted, now: Stat | undefined): void {
  if (now !== undefined && now.type !== "directory") files.unlink(path);
  if (now?.type !== "directory") files.makeDirectory(path, permissionsOf(before));
  const made = files.stat(path);
  if (made !== undefined) returnPermissions(files, path, before, made);
}

function returnPermissions(files: Files, path: string, before: Permitted, now: Stat): void {
  const same = before.mode === now.mode && before.uid === now.uid && before.gid === now.gid;
  if (!same) files.setPermissions(path, permissionsOf(before));
}

/** Removes what we made there, if it still is what we made. */
async function removeMade(files: Files, path: string, now: Stat, after: FileState): Promise<readonly Problem[]> {
  if (now.type === "directory" && after.type === "directory") return removeIfEmpty(files, path);
  const ours =
    after.type === "regular"
      ? now.type === "regular" && (await files.digest(path)) === after.digest
      : after.type === "symlink" && now.type === "symlink" && files.readLink(path) === after.target;
  if (!ours) return [foreign(path)];
  files.unlink(path);
  return [];
}

/** A folder that we made and in which somebody put something since stays: what is in it is not ours. */
function removeIfEmpty(files: Files, path: string): readonly Problem[] {
  if (files.list(path).length > 0) return [foreign(path)];
  files.removeDirectory(path);
  return [];
}

function foreign(path: string): Problem {
  return {
    code: "left-in-place",
    where: { file: path },
    what: "was changed by somebody else after we made it, so taking our change back left it there",
    hint: "look whether it is still wanted, and remove it by hand if not",
  };
}

/** Lets go of what undo would have needed. */
export function releaseFile(machine: Machine, step: Step): void {
  dropStaged(machine.files, step);
  if (step.backup !== undefined && machine.files.stat(step.backup) !== undefined) machine.files.unlink(step.backup);
}

function dropStaged(files: Files, { staged }: Step): void {
  if (staged !== undefined && statIfAny(files, staged) !== undefined) files.unlink(staged);
}

function statIfAny(files: Files, path: string): Stat | undefined {
  try {
    return files.stat(path);
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOTDIR") return undefined;
    throw error;
  }
}

/** Every folder whose names changed, as far as it is still there. */
export async function settleFiles(machine: Machine, steps: readonly Step[]): Promise<void> {
  const folders = new Set(
    steps.flatMap(({ change, staged, backup }) =>
      [pathOf(change.id), staged, backup].filter((path) => path !== undefined).map(parentOf),
    ),
  );
  for (const folder of folders) if (statIfAny(machine.files, folder) === undefined) folders.delete(folder);
  await syncFolders(machine, folders);
}

function telling(act: () => readonly Problem[]): readonly Problem[] {
  try {
    return act();
  } catch (error) {
    return tell(error);
  }
}

function tell(error: unknown): readonly Problem[] {
  if (error instanceof FileError) return [describeFileError(error)];
  throw error;
}
