// What the manager would do in; one change for each package that it would touch out, with its versions to the letter.
import type { MachineReader } from "../../machine/machine.ts";
import { ABSENT } from "../../model/absent.ts";
import type { PackageState } from "../../model/package-state.ts";
import type { Change } from "../../model/plan.ts";
import { idOf, type ResourceId } from "../../model/state.ts";
import type { InstalledPackage, PackageAction, PackageManager } from "../managers/manager.ts";
import type { Sifted, Wished } from "./sift.ts";
import { stateOf } from "./states.ts";

/** More are not asked one by one who brings what. */
const MOST_ASKED = 12;

export async function changesOf(
  manager: PackageManager,
  machine: MachineReader,
  { accepted, actions }: Sifted,
): Promise<readonly Change[]> {
  if (actions.length === 0) return [];
  const found = await manager.installed(
    machine,
    actions.flatMap(({ name, from }) => (from === undefined ? [] : [name])),
  );
  const installed = found.ok ? found.value : new Map<string, InstalledPackage>();
  const wishes = new Map(accepted.map((wished) => [wished.wish.name, wished]));
  const followers = actions.filter(({ name }) => !wishes.has(name));
  const causes = followers.length === 0 ? new Map<string, never>() : await causesOf(manager, machine, accepted);
  return actions.map((action) => {
    const wished = wishes.get(action.name);
    const before = beforeOf(action, installed.get(action.name));
    if (wished !== undefined) return { ...wished.change, before, after: afterOf(action, wished) };
    const because = causes.get(action.name) ?? accepted.map(({ change }) => change.id);
    const id = idOf("package", action.name);
    return { id, before, after: stateAt(action.to), why: "follows", standing: "pending", because };
  });
}

function beforeOf({ from }: PackageAction, found: InstalledPackage | undefined): PackageState {
  return from === undefined ? ABSENT : stateOf({ held: false, ...found, version: from });
}

/** What is wanted of it, at the version that it will have. */
function afterOf({ to }: PackageAction, { change: { after } }: Wished): PackageState {
  return after.type === "installed" && to !== undefined ? { ...after, version: to } : stateAt(to);
}

function stateAt(version: string | undefined): PackageState {
  return version === undefined ? ABSENT : { type: "installed", version };
}

/** Who brings what, by asking for each alone; what none of them brings alone, they bring together. */
async function causesOf(
  manager: PackageManager,
  machine: MachineReader,
  accepted: readonly Wished[],
): Promise<ReadonlyMap<string, readonly ResourceId[]>> {
  const causes = new Map<string, ResourceId[]>();
  if (accepted.length === 1 || accepted.length > MOST_ASKED) return causes;
  for (const { change, wish } of accepted) {
    const alone = await manager.simulate(machine, [wish]);
    for (const { name } of alone.ok ? alone.value : []) {
      causes.set(name, [...(causes.get(name) ?? []), change.id]);
    }
  }
  return causes;
}
