// One visible change of a file, and what makes it last.
import { FileError, type Files, type Machine } from "../../machine/machine.ts";
import { pathOf, sameContent } from "../../model/state.ts";
import type { Change } from "../../model/plan.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Step } from "../kind.ts";
import { parentOf } from "./names.ts";
import { permissionsOf } from "./prepare.ts";
import { telling, tellingLater } from "./telling.ts";

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

/** Every folder whose names changed. */
export async function settleFiles(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]> {
  const { files } = machine;
  const folders = new Set(
    steps.flatMap(({ change, staged, backup }) =>
      [pathOf(change.id), staged, backup].filter((path) => path !== undefined).map(parentOf),
    ),
  );
  return tellingLater(async () => {
    for (const folder of folders) await syncIfThere(files, folder);
    return [];
  });
}

/** A folder may be gone by now, or a file or a link that leads nowhere; the folder above it is synced as well then. */
async function syncIfThere(files: Files, folder: string): Promise<void> {
  try {
    await files.syncDirectory(folder);
  } catch (error) {
    if (!(error instanceof FileError && ["ENOENT", "ENOTDIR", "ELOOP"].includes(error.code))) throw error;
  }
}
