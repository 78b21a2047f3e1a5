// What was switched (or switched back) made last, and versions that nobody needs any more removed.
import { FileError, type Files, type Machine } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import { telling, tellingLater } from "../file/telling.ts";
import type { Step } from "../kind.ts";
import { knowAgain } from "./adopt.ts";
import { shelfOf } from "./manifest.ts";
import { digitsOf, goneName, isGone, join, lastNameOf, parentOf, versionDigits, versionName } from "./names.ts";
import { waitingAt } from "./perform.ts";
import { realPath } from "./real-folder.ts";
import { removeAll } from "./remove.ts";
import { keepAsSpare, removeSpare } from "./spare.ts";

export async function settleData(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const step of steps) {
    problems.push(...(await tellingLater(() => settleOne(machine, step))));
  }
  return problems;
}

async function settleOne(machine: Machine, step: Step): Promise<readonly Problem[]> {
  const { files } = machine;
  const path = nameOf(step.change.id);
  const folder = parentOf(path);
  if (step.staged !== undefined) {
    const waits = parentOf(await waitingAt(machine.store, path, step.staged));
    if (waits !== folder) await syncIfThere(files, waits);
  }
  await syncIfThere(files, folder);
  // Before the verdict nothing is thrown away.
  const isOpen = step.backup !== undefined && files.stat(step.backup) !== undefined;
  if (isOpen) return [];
  const isRemoved = await tidy(machine, step);
  const made = await isMade(machine, step);
  if (isRemoved || !made) await knowCurrent(machine, step, made);
  return [];
}

/** A folder may be gone again by now; the one above it is synced by whoever took it away. */
async function syncIfThere(files: Files, folder: string): Promise<void> {
  try {
    await files.syncDirectory(folder);
  } catch (error) {
    if (!(error instanceof FileError && ["ENOENT", "ENOTDIR", "ELOOP"].includes(error.code))) throw error;
  }
}

/** Whether names went that the version in place may have as well. */
async function tidy(machine: Machine, { change }: Step): Promise<boolean> {
  const { files } = machine;
  const path = nameOf(change.id);
  const folder = parentOf(path);
  if (files.stat(folder)?.type !== "directory") return false;
  const names = files.list(folder);
  const gone = names.filter((name) => isGone(name, path)).map((name) => join(folder, name));
  const surplus = surplusOf(files, folder, path, names, change);
  const isSpared = comesAsTree(change);
  // One that the version that came now did not begin from is of no use to the next either.
  let isRemoved = await removeSpare(machine, path);
  for (const place of [...surplus, ...gone])
    isRemoved = !(await isKeptAsSpare(machine, path, place, isSpared)) || isRemoved;
  forget(machine, change);
  return isRemoved;
}

/** Only then will another version begin from its names; what somebody else made of the tree shares none with it. */
function comesAsTree({ after, supply, standing }: Change): boolean {
  return after.type === "data" && after.shape === "tree" && supply?.source.type === "rsync" && isOurs(standing);
}

/** Otherwise it is removed. */
async function isKeptAsSpare(machine: Machine, path: string, place: string, isSpared: boolean): Promise<boolean> {
  const gone = isGone(lastNameOf(place), path) ? place : goneName(place);
  // Out of the way first, so that nothing half removed is ever taken for a version.
  if (gone !== place) {
    await removeAll(machine, gone);
    machine.files.rename(place, gone);
  }
  if (isSpared && (await keepAsSpare(machine, path, gone))) return true;
  await removeAll(machine, gone);
  return false;
}

/** All but the newest ones; what this change brings is none of them, wherever it lies. */
function surplusOf(
  files: Files,
  folder: string,
  path: string,
  names: readonly string[],
  change: Change,
): readonly string[] {
  const { after } = change;
  const coming = after.type === "data" ? digitsOf(after.digest) : undefined;
  const kept = names.filter((name) => {
    const digits = versionDigits(name, path);
    return digits !== undefined && digits !== coming;
  });
  const aged = kept.map((name) => ({
    at: join(folder, name),
    ctimeMs: files.stat(join(folder, name))?.stamp.ctimeMs ?? 0,
  }));
  const newestFirst = aged.sort((one, other) => other.ctimeMs - one.ctimeMs).map(({ at }) => at);
  return newestFirst.slice(versionsToKeep(change));
}

/** What a person, or somebody before us, made of it is never thrown away at once. */
function versionsToKeep({ after, supply, standing }: Change): number {
  return Math.max(after.type === "absent" ? 0 : (supply?.keepVersions ?? 0), isOurs(standing) ? 0 : 1);
}

function isOurs(standing: Change["standing"]): boolean {
  return standing === "pending" || standing === "in_sync";
}

/** What is known of versions that are gone. */
function forget({ files, store }: Machine, { id, before, after }: Change): void {
  const path = nameOf(id);
  const shelf = shelfOf(path);
  if (store.files.stat(shelf) === undefined) return;
  const here = files.list(parentOf(path)).map((name) => versionDigits(name, path));
  const states = [before, after].map((state) => (state.type === "data" ? digitsOf(state.digest) : undefined));
  const known = store.files.list(shelf).filter((name) => name.endsWith(".files"));
  for (const name of known) {
    if (![...here, ...states].includes(name.slice(0, -".files".length))) store.files.unlink(join(shelf, name));
  }
}

/** Whether the switch was made, and not taken back. */
async function isMade({ files, store }: Machine, { change, staged }: Step): Promise<boolean> {
  return staged !== undefined && files.stat(await waitingAt(store, nameOf(change.id), staged)) === undefined;
}

/** What lies in place shared files with what was removed, and with what waits beside it. */
async function knowCurrent(machine: Machine, { change }: Step, made: boolean): Promise<void> {
  const path = nameOf(change.id);
  const state = made ? change.after : change.before;
  if (state.type !== "data" || state.shape !== "tree") return;
  await knowAgain(machine, path, realPath(machine.files, path), state.digest);
}

/** What undo would have needed becomes a version that is kept, or is named as going: `settle` removes it. */
export function releaseData({ files }: Machine, { change, backup }: Step): readonly Problem[] {
  return telling(() => {
    const stat = backup === undefined ? undefined : files.stat(backup);
    if (backup === undefined || stat === undefined) return [];
    const { before, id } = change;
    const version = before.type === "data" ? versionName(parentOf(backup), nameOf(id), before.digest) : undefined;
    const to =
      versionsToKeep(change) > 0 && version !== undefined && files.stat(version) === undefined
        ? version
        : goneName(backup);
    // What nobody is shown any more, nobody needs to enter. First, because under its new name nobody looks at it again.
    if (to === version && stat.type === "directory") files.setPermissions(backup, { mode: 0o700 });
    files.rename(backup, to);
    return [];
  });
}
