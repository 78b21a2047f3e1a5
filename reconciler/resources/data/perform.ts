// The switch of one item: a file by one rename, a tree by two, each of them on disk before the next.
import { FileError, type Files, type Machine, type StoreReader } from "../../machine/machine.ts";
import { describeFileError } from "../../machine/file-problem.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Performing, Step } from "../kind.ts";
import { readItem } from "./item.ts";
import { lastNameOf, join, parentOf } from "./names.ts";
import { isFileForFile, wantedPermissions } from "./prepare.ts";

export async function performData(
  machine: Machine,
  batch: readonly Step[],
  performing: Performing,
): Promise<readonly Problem[]> {
  for (const step of batch) {
    const problem = await performOne(machine, step);
    if (problem !== undefined) return [problem];
    await performing.done(step);
  }
  return [];
}

async function performOne(machine: Machine, step: Step): Promise<Problem | undefined> {
  try {
    const moved = movedSince(machine.files, step.change);
    if (moved !== undefined) return moved;
    await enter(machine, step);
    return undefined;
  } catch (error) {
    if (error instanceof FileError) return describeFileError(error);
    throw error;
  }
}

/** What lies inside a tree may have moved meanwhile: then it is kept with the version that goes. */
function movedSince(files: Files, { id, before, after, stamp }: Change): Problem | undefined {
  const stat = files.stat(nameOf(id));
  const same =
    before.type === "data"
      ? before.shape === "tree"
        ? stat?.type === "directory"
        : stat?.type === "regular" &&
          stat.stamp.size === stamp?.size &&
          stat.stamp.mtimeMs === stamp.mtimeMs &&
          stat.stamp.ino === stamp.ino
      : stat === undefined;
  if (same) return undefined;
  return {
    code: "moved",
    where: { file: nameOf(id) },
    what: `was changed by somebody else while this run was under way${after.type === "absent" ? "; it stays" : ""}`,
    hint: "the run is taken back; the next one starts from what is there now",
  };
}

async function enter(machine: Machine, step: Step): Promise<void> {
  const { files, store } = machine;
  const { change, staged, backup } = step;
  const path = nameOf(change.id);
  if (staged === undefined && change.after.type === "data") {
    files.setPermissions(path, wantedPermissions(machine, change.after));
    return;
  }
  if (backup !== undefined && !isFileForFile(change)) {
    files.rename(path, backup);
    // Were only the second of the two on disk when the power goes, the old version would have no name.
    await files.syncDirectory(parentOf(path));
  }
  if (staged !== undefined) files.rename(await waitingAt(store, path, staged), path);
}

/** Where the content of a step waits: above, if the folder of the item was not there when it came. */
export async function waitingAt(store: StoreReader, path: string, staged: string): Promise<string> {
  const waitsIn = (await readItem(store, path))?.waitsIn;
  return waitsIn === undefined ? staged : join(waitsIn, lastNameOf(staged));
}
