// Ids of packages in; which of them this server has, and at which version, out: one question for all of them.
import type { MachineReader } from "../../machine/machine.ts";
import { nameOf, type ResourceId } from "../../model/state.ts";
import type { Memory, Seen, Target } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Looked, Trouble } from "../kind.ts";
import type { InstalledPackage, PackageManager } from "../managers/manager.ts";
import { stateOf } from "./states.ts";

export async function observePackages(
  manager: PackageManager | undefined,
  machine: MachineReader,
  ids: readonly ResourceId[],
  target: Target,
  memory: Memory,
): Promise<Looked> {
  if (manager === undefined) return unseen(ids, [noManager()], target);
  const found = await manager.installed(machine, ids.map(nameOf));
  if (!found.ok)
    return ids.length > 1 ? oneByOne(manager, machine, ids, target, memory) : unseen(ids, found.problems, target);
  const seen = new Map<ResourceId, Seen>();
  for (const id of ids) {
    const minimums = [target.wanted.get(id)?.state, memory.get(id)?.state].flatMap((state) =>
      state?.type === "installed" && state.minimum !== undefined ? [state.minimum] : [],
    );
    seen.set(id, { state: await look(manager, machine, found.value.get(nameOf(id)), minimums) });
  }
  return { seen, problems: [] };
}

/** A name that no package can have is trouble of that one. */
async function oneByOne(
  manager: PackageManager,
  machine: MachineReader,
  ids: readonly ResourceId[],
  target: Target,
  memory: Memory,
): Promise<Looked> {
  const seen = new Map<ResourceId, Seen>();
  const troubles: Trouble[] = [];
  for (const id of ids) {
    const looked = await observePackages(manager, machine, [id], target, memory);
    for (const [one, state] of looked.seen) seen.set(one, state);
    troubles.push(...(looked.troubles ?? []));
  }
  return { seen, problems: [], troubles };
}

/** The wanted minimum, or else the one of before: otherwise an old package would look changed by somebody. */
async function look(
  manager: PackageManager,
  machine: MachineReader,
  found: InstalledPackage | undefined,
  minimums: readonly string[],
): Promise<Seen["state"]> {
  const state = stateOf(found);
  if (found === undefined) return state;
  for (const minimum of minimums) {
    if (await manager.isAtLeast(machine, found.version, minimum)) return { ...state, minimum } as Seen["state"];
  }
  return state;
}

/** It holds back these packages and what needs them; files and services are cared for all the same. */
function unseen(ids: readonly ResourceId[], problems: readonly Problem[], { wanted }: Target): Looked {
  const troubles = ids.filter((id) => wanted.has(id)).flatMap((id) => problems.map((problem) => ({ id, problem })));
  return { seen: new Map(), problems: [], troubles };
}

export function noManager(): Problem {
  return {
    code: "no-package-manager",
    what: "this server has no package manager that we know (apt, dnf, zypper, pacman, apk)",
    hint: "take the packages out of the desired state of this server, or install them by hand",
  };
}
