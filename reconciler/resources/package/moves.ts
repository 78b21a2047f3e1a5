// Packages and the versions they should have in; one transaction of the manager, and then the holds, out.
import type { Machine } from "../../machine/machine.ts";
import type { Problem } from "../../../common/problem.ts";
import type { InstalledPackage, ManagerOptions, PackageAction, PackageManager } from "../managers/manager.ts";
import { actionOf } from "./states.ts";

export interface Move {
  readonly name: string;
  /** Undefined when it should not be there. */
  readonly to: string | undefined;
  /** Whether it should be held; not cared for when left out. */
  readonly held?: boolean;
  readonly pulledIn?: boolean;
  /** The path of the archive for a way back. */
  readonly archive?: string;
}

/** From what is there now; nothing is asked of the manager that is so already. */
export async function makeMoves(
  manager: PackageManager,
  machine: Machine,
  moves: readonly Move[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const found = await manager.installed(machine, moves.map(nameOfMove));
  if (!found.ok) return found.problems;
  const moving = moves.filter(({ name, to }) => found.value.get(name)?.version !== to);
  if (moving.length > 0) {
    const freed = moving.flatMap(({ name }) => (found.value.get(name)?.held === true ? [name] : []));
    const unheld = freed.length === 0 ? [] : await manager.hold(machine, freed, false, options);
    const problems = unheld.length > 0 ? unheld : await transact(manager, machine, moving, found.value, options);
    if (problems.length > 0) return problems;
  }
  return holdAll(manager, machine, moves, options);
}

function transact(
  manager: PackageManager,
  machine: Machine,
  moving: readonly Move[],
  installed: ReadonlyMap<string, InstalledPackage>,
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const actions: PackageAction[] = moving.map(({ name, to, pulledIn = false }) => {
    return actionOf(name, installed.get(name)?.version, to, pulledIn);
  });
  const archives = moving.flatMap(({ archive }) => archive ?? []);
  return manager.perform(machine, actions, archives, options);
}

async function holdAll(
  manager: PackageManager,
  machine: Machine,
  moves: readonly Move[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const cared = moves.filter(({ to, held }) => to !== undefined && held !== undefined);
  if (cared.length === 0) return [];
  const found = await manager.installed(machine, cared.map(nameOfMove));
  if (!found.ok) return found.problems;
  const problems: Problem[] = [];
  for (const wanted of [true, false]) {
    const other = cared.filter(({ name, held }) => held === wanted && found.value.get(name)?.held === !wanted);
    if (other.length > 0) problems.push(...(await manager.hold(machine, other.map(nameOfMove), wanted, options)));
  }
  return problems;
}

function nameOfMove({ name }: Move): string {
  return name;
}
