// The states of packages in; what a package manager calls them, and what it would have to do, out.
import { ABSENT } from "../../model/absent.ts";
import type { Installed, PackageState } from "../../model/package-state.ts";
import type { Change } from "../../model/plan.ts";
import { satisfies } from "../../model/satisfies.ts";
import { kindOf, nameOf, type State } from "../../model/state.ts";
import type { Memory, Target } from "../../model/target.ts";
import type { InstalledPackage, PackageAction, PackageWish } from "../managers/manager.ts";

export function stateOf(found: InstalledPackage | undefined): PackageState {
  return found === undefined ? ABSENT : { type: "installed", version: found.version, held: found.held };
}

/** Undefined when it is not installed. */
export function versionOf(state: State): string | undefined {
  return state.type === "installed" ? state.version : undefined;
}

/** Undefined when nobody cares. */
export function heldOf(state: State): boolean | undefined {
  return state.type === "installed" ? state.held : undefined;
}

/** What has to be asked of the manager for this change; undefined when it is only about a hold. */
export function wishOf({ id, before, after }: Change): PackageWish | undefined {
  const name = nameOf(id);
  if (after.type === "absent") return before.type === "absent" ? undefined : { name, type: "absent" };
  if (after.type !== "installed") return undefined;
  const { version, minimum } = after;
  const unheld: Installed = {
    type: "installed",
    ...(version === undefined ? {} : { version }),
    ...(minimum === undefined ? {} : { minimum }),
  };
  return satisfies(before, unheld) ? undefined : { name, ...unheld };
}

/** What the manager has to do; nothing for a hold or a repair. */
export function actionsOf(changes: readonly Change[]): readonly PackageAction[] {
  return changes.flatMap((change) => {
    const [from, to] = [versionOf(change.before), versionOf(change.after)];
    return from === to ? [] : [actionOf(nameOf(change.id), from, to, isPulledIn(change))];
  });
}

/** Nobody asked for it: the manager may take it away again when nothing needs it any more. */
export function isPulledIn({ before, why }: Change): boolean {
  return why === "follows" && before.type === "absent";
}

export function actionOf(
  name: string,
  from: string | undefined,
  to: string | undefined,
  pulledIn: boolean,
): PackageAction {
  return {
    name,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(pulledIn ? { pulledIn } : {}),
  };
}

/** Whether packages are any business of ours on this server. */
export function concernsPackages({ wanted, updates }: Target, memory: Memory): boolean {
  if (updates !== undefined && updates.which !== "none") return true;
  return [...wanted.keys(), ...memory.keys()].some((id) => kindOf(id) === "package");
}
