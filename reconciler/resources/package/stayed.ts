// Steps that were walked back in; those that did not come back, and why, out.
import type { MachineReader } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Step } from "../kind.ts";
import type { InstalledPackage, PackageManager } from "../managers/manager.ts";
import { archiveIn } from "./archives.ts";
import { namesOf } from "./mend.ts";
import { told } from "./perform.ts";
import { versionOf } from "./states.ts";

export async function notBack(
  manager: PackageManager,
  machine: MachineReader,
  batch: readonly Step[],
  theirs: readonly Step[],
): Promise<readonly Problem[]> {
  const ours = batch.filter((step) => !theirs.includes(step));
  const names = ours.map(({ change }) => nameOf(change.id));
  const found = await manager.installed(machine, names);
  if (!found.ok) return found.problems;
  const broken = await manager.broken(machine);
  if (!broken.ok) return broken.problems;
  const problems: Problem[] = [];
  for (const step of ours) {
    const now = found.value.get(nameOf(step.change.id));
    if (now?.version !== versionOf(step.change.before)) problems.push(await whyNot(manager, machine, step, now, batch));
    else if (broken.value.includes(nameOf(step.change.id)) && isMoved(step.change)) problems.push(stillBroken(step));
  }
  return problems;
}

function isMoved({ before, after }: Change): boolean {
  return versionOf(before) !== versionOf(after);
}

async function whyNot(
  manager: PackageManager,
  machine: MachineReader,
  step: Step,
  now: InstalledPackage | undefined,
  batch: readonly Step[],
): Promise<Problem> {
  if (hasLostArchive(machine, step)) return noWayBack(step.change, now);
  const name = nameOf(step.change.id);
  const needing = await neededBy(manager, machine, step, batch);
  if (needing.length > 0) return neededMeanwhile(name, needing);
  return {
    code: "package-not-back",
    what: `package ${printable(name)} could not be put back to what it was: ${told(now?.version)}`,
    hint: "it is tried again; look into the package manager's own log for what stands in the way",
  };
}

export function hasLostArchive({ store }: MachineReader, { backup }: Step): boolean {
  return backup !== undefined && archiveIn(store, backup) === undefined;
}

/** Packages that are not of this run and would go with one that it brought. */
export async function neededBy(
  manager: PackageManager,
  machine: MachineReader,
  { change: { id, before } }: Step,
  batch: readonly Step[],
): Promise<readonly string[]> {
  if (versionOf(before) !== undefined) return [];
  const alone = await manager.simulate(machine, [{ name: nameOf(id), type: "absent" }]);
  const ours = new Set(batch.map(({ change }) => nameOf(change.id)));
  return alone.ok ? alone.value.flatMap(({ name }) => (ours.has(name) ? [] : [name])) : [];
}

function stillBroken({ change }: Step): Problem {
  return {
    code: "package-not-back",
    what: `package ${printable(nameOf(change.id))} is at its version of before, but not fully set up`,
    hint: "it is tried again; look into the package manager's own log for what stands in the way",
  };
}

/** `left-in-place`, here and below: trying again would change nothing. */
export function leftAlone({ id }: Change): Problem {
  return {
    code: "left-in-place",
    what: `package ${printable(nameOf(id))} is at a version that is not of this run: somebody else changed it meanwhile, so taking the run back left it alone`,
    hint: "look whether it is still wanted, and put it right by hand if not",
  };
}

function neededMeanwhile(name: string, needing: readonly string[]): Problem {
  return {
    code: "left-in-place",
    what: `package ${printable(name)} stays although this run brought it: ${namesOf(needing)}, installed meanwhile, needs it`,
    hint: "remove them by hand if nobody wants them",
  };
}

function noWayBack({ id, before }: Change, now: InstalledPackage | undefined): Problem {
  const version = printable(versionOf(before) ?? "");
  return {
    code: "left-in-place",
    what: `package ${printable(nameOf(id))} cannot be undone: there is no archive of ${version}, and ${told(now?.version)}`,
    hint: `put ${version} into a repository that this server can reach, and ask for that version`,
  };
}
