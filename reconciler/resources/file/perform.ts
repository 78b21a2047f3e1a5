// One visible change of a file, and what makes it last.
import { FileError, type Files, type Machine, type Stat } from "../../machine/machine.ts";
import { sameContent } from "../../model/satisfies.ts";
import { nameOf } from "../../model/state.ts";
import type { Change } from "../../model/plan.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Performing, Step } from "../kind.ts";
import { parentOf } from "./names.ts";
import { permissionsOf } from "./prepare.ts";
import { telling, tellingLater } from "./telling.ts";

/** One after the other; stops at the first that does not work, or when the run has no time left. */
export async function performFiles(
  machine: Machine,
  batch: readonly Step[],
  { signal, earlier, done }: Performing,
): Promise<readonly Problem[]> {
  for (const step of batch) {
    const problems = signal.aborted ? [tookTooLong()] : performFile(machine, step, earlier.has("package"));
    if (problems.length > 0) return problems;
    await done(step);
  }
  return [];
}

function performFile(machine: Machine, step: Step, afterPackages: boolean): readonly Problem[] {
  return telling(() => {
    const stat = machine.files.stat(nameOf(step.change.id));
    if (afterPackages && step.change.before.type === "absent" && stat !== undefined)
      return enterOver(machine.files, step, stat);
    const moved = movedSince(stat, step.change);
    if (moved !== undefined) return [moved];
    enter(machine.files, step);
    return [];
  });
}

/** Somebody else may have been at work since the plan was made: then this change was never agreed. */
function movedSince(stat: Stat | undefined, { id, before, stamp }: Change): Problem | undefined {
  const same =
    stat === undefined
      ? before.type === "absent"
      : stat.type === before.type &&
        (stat.type === "directory" ||
          (stat.stamp.ino === stamp?.ino && stat.stamp.size === stamp.size && stat.stamp.mtimeMs === stamp.mtimeMs));
  if (same) return undefined;
  return {
    code: "moved",
    where: { file: nameOf(id) },
    what: "was changed by somebody else while this run was under way",
    hint: "the run is taken back; the next one starts from what is there now",
  };
}

/**
 * A package of this run brought its own version to where nothing was when the plan was made. What git wants takes its
 * place; taking the run back takes the package away as well.
 */
function enterOver(files: Files, step: Step, stat: Stat): readonly Problem[] {
  const { id, after } = step.change;
  const path = nameOf(id);
  if (stat.type === "directory" && after.type === "directory") files.setPermissions(path, permissionsOf(after));
  else if (stat.type === "directory" || stat.type === "special") return [inTheWay(path)];
  else if (step.staged !== undefined) files.rename(step.staged, path);
  return [];
}

function inTheWay(path: string): Problem {
  return {
    code: "obstacle",
    where: { file: path },
    what: "a package of this run brought something here that is not replaced by a file",
    hint: "give the wish another path",
  };
}

function tookTooLong(): Problem {
  return {
    code: "deadline",
    what: "the run took longer than it may, so what it had changed is taken back",
    hint: "look which stage took the time (reconcile --now --json), or raise deadlines.cycle_s in config.yaml",
  };
}

function enter(files: Files, { change, staged }: Step): void {
  const path = nameOf(change.id);
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
      [nameOf(change.id), staged, backup].filter((path) => path !== undefined).map(parentOf),
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
