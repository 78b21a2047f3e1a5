// Steps of packages in; the versions of before out. It goes by what is installed now, so it may be interrupted and
// repeated, whether the transaction was made, half made or not begun; it needs the archives and no network.
import type { Machine } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem, Result } from "../../../common/problem.ts";
import type { Step } from "../kind.ts";
import type { InstalledPackage, ManagerOptions, PackageManager } from "../managers/manager.ts";
import { archiveIn } from "./archives.ts";
import { waitForLock, type Patience } from "./mend.ts";
import { makeMoves, type Move } from "./moves.ts";
import { noManager } from "./observe.ts";
import { TRANSACTION_MS } from "./perform.ts";
import { heldOf, versionOf } from "./states.ts";
import { hasLostArchive, leftAlone, neededBy, notBack } from "./stayed.ts";

export async function undoPackages(
  manager: PackageManager | undefined,
  machine: Machine,
  batch: readonly Step[],
  patience: Patience,
): Promise<readonly Problem[]> {
  if (manager === undefined) return [noManager()];
  const { signal } = new AbortController();
  const way: Way = { manager, machine, options: { signal, timeoutMs: TRANSACTION_MS } };
  const busy = await waitForLock(manager, machine, signal, patience);
  if (busy !== undefined) return [busy];
  // A repair that fails may be the very reason for going back: the version before can do what the new one cannot.
  await mend(way);
  const found = await lookAt(way, batch);
  if (!found.ok) return found.problems;
  const theirs = batch.filter(({ change }) => isSomebodyElses(change, found.value));
  const failed = await walkBack(
    way,
    batch.filter((step) => !theirs.includes(step)),
  );
  const missed = await notBack(manager, machine, batch, theirs);
  return [...theirs.map(({ change }) => leftAlone(change)), ...missed, ...(missed.some(isTrouble) ? failed : [])];
}

interface Way {
  readonly manager: PackageManager;
  readonly machine: Machine;
  readonly options: ManagerOptions;
}

function isTrouble({ code }: Problem): boolean {
  return code !== "left-in-place";
}

async function mend({ manager, machine, options }: Way): Promise<void> {
  const broken = await manager.broken(machine);
  if (broken.ok && broken.value.length > 0) await manager.repair(machine, options);
}

function lookAt(
  { manager, machine }: Way,
  batch: readonly Step[],
): Promise<Result<ReadonlyMap<string, InstalledPackage>>> {
  return manager.installed(
    machine,
    batch.map(({ change }) => nameOf(change.id)),
  );
}

/** At a version that this run neither found nor made. */
function isSomebodyElses({ id, before, after }: Change, now: ReadonlyMap<string, InstalledPackage>): boolean {
  const version = now.get(nameOf(id))?.version;
  return version !== undefined && version !== versionOf(before) && version !== versionOf(after);
}

/**
 * In one transaction. Where that does not work, without what cannot come back at all, and then one by one: as much as
 * can be had of the server that was there before.
 */
async function walkBack(way: Way, batch: readonly Step[]): Promise<readonly Problem[]> {
  const problems = await tryMoves(way, movesOf(way, batch));
  if (problems.length === 0) return [];
  const stuck = await stuckOf(way, batch);
  const others = batch.filter((step) => !stuck.includes(step));
  const isBack = stuck.length > 0 && (await tryMoves(way, movesOf(way, others))).length === 0;
  await oneByOne(way, movesOf(way, isBack ? stuck : batch));
  return problems;
}

/** Each may stand in the way of another, so there are as many rounds as there are packages, at most. */
async function oneByOne(way: Way, moves: readonly Move[]): Promise<void> {
  for (let left = moves.length, before = Infinity; left > 0 && left < before;) {
    before = left;
    left = 0;
    for (const move of moves) left += Number((await tryMoves(way, [move])).length > 0);
  }
}

/** What lost its archive, and what somebody needs meanwhile. */
async function stuckOf({ manager, machine }: Way, batch: readonly Step[]): Promise<readonly Step[]> {
  const stuck: Step[] = [];
  for (const step of batch) {
    if (hasLostArchive(machine, step) || (await neededBy(manager, machine, step, batch)).length > 0) stuck.push(step);
  }
  return stuck;
}

function movesOf({ machine: { store } }: Way, batch: readonly Step[]): readonly Move[] {
  return batch.map(({ change: { id, before }, backup }) => {
    const held = heldOf(before);
    const archive = backup === undefined ? undefined : archiveIn(store, backup);
    return {
      name: nameOf(id),
      to: versionOf(before),
      ...(held === undefined ? {} : { held }),
      ...(archive === undefined ? {} : { archive }),
    };
  });
}

async function tryMoves(way: Way, moves: readonly Move[]): Promise<readonly Problem[]> {
  if (moves.length === 0) return [];
  const problems = await makeMoves(way.manager, way.machine, moves, way.options);
  if (problems.length > 0) await mend(way);
  return problems;
}
