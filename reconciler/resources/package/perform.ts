// Steps of packages in; made in one transaction of the manager, and looked at afterwards, out.
import type { Machine } from "../../machine/machine.ts";
import { nameOf, type State } from "../../model/state.ts";
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Performing, Step } from "../kind.ts";
import type { InstalledPackage, ManagerOptions, PackageManager } from "../managers/manager.ts";
import { makeReady, type Patience } from "./mend.ts";
import { makeMoves, type Move } from "./moves.ts";
import { noManager } from "./observe.ts";
import { heldOf, isPulledIn, versionOf } from "./states.ts";

export const TRANSACTION_MS = 60 * 60 * 1000;

/** The way to the transaction free, so that whatever follows has only its own faults to tell. */
export async function preparePackages(
  manager: PackageManager | undefined,
  machine: Machine,
  patience: Patience,
): Promise<readonly Problem[]> {
  if (manager === undefined) return [noManager()];
  const { signal } = new AbortController();
  return makeReady(manager, machine, { signal, timeoutMs: TRANSACTION_MS }, patience);
}

export async function performPackages(
  manager: PackageManager | undefined,
  machine: Machine,
  batch: readonly Step[],
  performing: Performing,
  patience: Patience,
): Promise<readonly Problem[]> {
  if (manager === undefined) return [noManager()];
  const options: ManagerOptions = { signal: performing.signal, timeoutMs: TRANSACTION_MS };
  const hindered = await makeReady(manager, machine, options, patience);
  if (hindered.length > 0) return hindered;
  const moved = await different(manager, machine, batch, ({ before }) => versionAlone(before), movedMeanwhile);
  if (moved.length > 0) return moved;
  const failed = await makeMoves(manager, machine, batch.map(forward), options);
  if (failed.length > 0) return failed;
  const missed = await different(manager, machine, batch, ({ after }) => after, notAsPlanned);
  if (missed.length > 0) return missed;
  for (const step of batch) await performing.done(step);
  return [];
}

function forward({ change }: Step): Move {
  const { id, before, after } = change;
  const held = heldOf(after) ?? heldOf(before);
  return {
    name: nameOf(id),
    to: versionOf(after),
    pulledIn: isPulledIn(change),
    ...(held === undefined ? {} : { held }),
  };
}

/** Whether somebody holds it meanwhile is no reason to stop. */
function versionAlone(state: State): State {
  const version = versionOf(state);
  return version === undefined ? state : { type: "installed", version };
}

type Telling = (name: string, version: string | undefined) => Problem;

/** Those that are not at the version of a state, or not held as it says. */
async function different(
  manager: PackageManager,
  machine: Machine,
  batch: readonly Step[],
  stateOf: (change: Step["change"]) => State,
  tell: Telling,
): Promise<readonly Problem[]> {
  const found = await manager.installed(
    machine,
    batch.map(({ change }) => nameOf(change.id)),
  );
  if (!found.ok) return found.problems;
  return batch.flatMap(({ change }) => {
    const now = found.value.get(nameOf(change.id));
    return isAs(now, stateOf(change)) ? [] : [tell(nameOf(change.id), now?.version)];
  });
}

function isAs(now: InstalledPackage | undefined, state: State): boolean {
  const held = heldOf(state);
  return now?.version === versionOf(state) && (now === undefined || held === undefined || now.held === held);
}

function movedMeanwhile(name: string, version: string | undefined): Problem {
  return {
    code: "moved",
    what: `package ${printable(name)} was changed by somebody else while this run was under way: ${told(version)}`,
    hint: "the run is taken back; the next one starts from what is there now",
  };
}

function notAsPlanned(name: string, version: string | undefined): Problem {
  return {
    code: "package-not-as-planned",
    what: `package ${printable(name)} is not as it should be after the transaction: ${told(version)}`,
    hint: "the run is taken back; look into the package manager's own log for what it says about it",
  };
}

export function told(version: string | undefined): string {
  return version === undefined ? "it is not installed" : `it is at ${printable(version)}`;
}
