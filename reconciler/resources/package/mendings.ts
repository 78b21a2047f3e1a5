// What was left half done in; a change for each of these packages, with the same state before and after, out: drift, which
// is put right even when nothing else is to be done.
import type { MachineReader } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { idOf } from "../../model/state.ts";
import type { InstalledPackage, PackageManager } from "../managers/manager.ts";
import { stateOf } from "./states.ts";

/** `changes` are those there are already: whatever is changed is repaired first. */
export async function mendings(
  manager: PackageManager,
  machine: MachineReader,
  broken: readonly string[],
  changes: readonly Change[],
): Promise<readonly Change[]> {
  if (broken.length === 0) return [];
  const found = await manager.installed(machine);
  if (!found.ok) return [];
  const known = new Set(changes.map(({ id }) => id));
  const names = broken.filter((name) => found.value.has(name));
  const meant = names.length > 0 ? names : houseOf(manager, found.value);
  return meant.flatMap((name) => {
    const id = idOf("package", name);
    const state = stateOf(found.value.get(name));
    return known.has(id) ? [] : [{ id, before: state, after: state, why: "drifted", standing: "drift" }];
  });
}

/** It left files of its own behind, which belong to no package in particular. */
function houseOf({ name }: PackageManager, installed: ReadonlyMap<string, InstalledPackage>): readonly string[] {
  return installed.has(name) ? [name] : [...installed.keys()].slice(0, 1);
}
