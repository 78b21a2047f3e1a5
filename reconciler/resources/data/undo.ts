// The way back of one item. It goes by what is there now, so it may be interrupted and repeated.
import type { Files, Machine, Stat } from "../../machine/machine.ts";
import type { Data } from "../../model/data-state.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import { tellingLater } from "../file/telling.ts";
import type { Step } from "../kind.ts";
import { isWhole } from "./base.ts";
import { parentOf } from "./names.ts";
import { waitingAt } from "./perform.ts";
import { isFileForFile } from "./prepare.ts";
import { realPath } from "./real-folder.ts";

export async function undoData(machine: Machine, batch: readonly Step[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const step of batch.toReversed()) problems.push(...(await tellingLater(() => undoOne(machine, step))));
  return problems;
}

async function undoOne(machine: Machine, step: Step): Promise<readonly Problem[]> {
  const { files, store } = machine;
  const { before } = step.change;
  const path = nameOf(step.change.id);
  const waiting = step.staged === undefined ? undefined : await waitingAt(store, path, step.staged);
  const now = files.stat(path);
  if (before.type !== "data") return now === undefined ? [] : takeAway(machine, step, waiting);
  if (step.backup === undefined) return now === undefined ? [] : returnPermissions(files, path, before, now);
  const kept = files.stat(step.backup);
  // Not begun, or back already.
  if (kept === undefined) return [];
  if (isFileForFile(step.change)) return returnFile(files, path, step.backup, waiting, now);
  return returnVersion(files, path, step.backup, waiting, now);
}

/** What we put where nothing was goes back to where it waited. */
async function takeAway(machine: Machine, { change }: Step, waiting: string | undefined): Promise<readonly Problem[]> {
  const { files } = machine;
  const path = nameOf(change.id);
  if (change.after.type !== "data" || waiting === undefined) return [];
  // As long as it waits there, what lies here is somebody else's.
  const isOurs =
    files.stat(waiting) === undefined && (await isWhole(machine, path, realPath(files, path), change.after));
  if (!isOurs) return [leftInPlace(path)];
  files.rename(path, waiting);
  return [];
}

function returnPermissions(files: Files, path: string, { shape, mode, uid, gid }: Data, now: Stat): readonly Problem[] {
  if (now.type !== (shape === "tree" ? "directory" : "regular")) return [leftInPlace(path)];
  if (mode === now.mode && uid === now.uid && gid === now.gid) return [];
  files.setPermissions(path, {
    ...(mode === undefined ? {} : { mode }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  });
  return [];
}

/** The old file itself comes back in one rename; the new one keeps the name under which it waited. */
function returnFile(
  files: Files,
  path: string,
  backup: string,
  waiting: string | undefined,
  now: Stat | undefined,
): readonly Problem[] {
  const kept = files.stat(backup);
  if (now !== undefined && isSameInode(now, kept)) return [];
  const staged = waiting === undefined ? undefined : files.stat(waiting);
  if (now !== undefined && staged !== undefined && !isSameInode(now, staged)) return [leftInPlace(path)];
  if (now !== undefined && now.type !== "regular") return [leftInPlace(path)];
  if (now !== undefined && staged === undefined && waiting !== undefined) files.link(path, waiting);
  files.rename(backup, path);
  return [];
}

async function returnVersion(
  files: Files,
  path: string,
  backup: string,
  waiting: string | undefined,
  now: Stat | undefined,
): Promise<readonly Problem[]> {
  if (now !== undefined) {
    if (waiting === undefined || files.stat(waiting) !== undefined) return [leftInPlace(path)];
    files.rename(path, waiting);
    // Were only the second of the two on disk when the power goes, the new version would have no name.
    await files.syncDirectory(parentOf(path));
  }
  files.rename(backup, path);
  return [];
}

function isSameInode(one: Stat, other: Stat | undefined): boolean {
  return one.stamp.ino === other?.stamp.ino && one.dev === other.dev;
}

function leftInPlace(path: string): Problem {
  return {
    code: "left-in-place",
    where: { file: path },
    what: "is not what this run put there: somebody else changed it meanwhile, so taking the run back left it alone",
    hint: "look whether it is still wanted, and remove it by hand if not",
  };
}
