// Changes of packages in; their archives at hand, and those of the versions that go secured, out. What is missing holds
// back its own bundle of packages and no other.
import type { Machine } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf, type ResourceId } from "../../model/state.ts";
import type { Target } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import { printable } from "../../../common/printable.ts";
import { tellingLater } from "../file/telling.ts";
import type { Gathered, Timed, Trouble } from "../kind.ts";
import type { ManagerOptions, PackageManager } from "../managers/manager.ts";
import { secureArchive } from "./archives.ts";
import { bundlesOf } from "./bundles.ts";
import { makeReady, type Patience } from "./mend.ts";
import { actionsOf, versionOf } from "./states.ts";

const TIMEOUT_MS = 60 * 60 * 1000;

/**
 * What others left half done is repaired here already, the only thing that can be seen of it: it is no change of ours,
 * could not be walked back, and until then a manager neither fetches nor tells what it would do. A repair that fails
 * holds back packages; anywhere later it would take the whole run back.
 */
export async function gatherPackages(
  manager: PackageManager | undefined,
  machine: Machine,
  changes: readonly Change[],
  { irreversible = "hold" }: Target,
  { signal }: Timed,
  patience: Patience,
): Promise<Gathered> {
  if (manager === undefined) return { troubles: [] };
  const options: ManagerOptions = { signal, timeoutMs: TIMEOUT_MS };
  const hindered = await makeReady(manager, machine, options, patience);
  if (hindered.length > 0) return { troubles: troublesOf(changes, hindered) };
  const troubles = [...(await fetchAll(manager, machine, changes, options))];
  const allowed = new Map<ResourceId, string>();
  for (const change of changes) {
    const problems = await secureOld(manager, machine, change, options);
    const isAllowed = irreversible === "allow" && problems.every(({ code }) => code === "cannot-be-undone");
    if (!isAllowed) troubles.push(...troublesOf([change], problems));
    else for (const { what } of problems) allowed.set(change.id, what.replace(/^cannot be undone: /u, ""));
  }
  return { troubles, irreversible: allowed };
}

/** All of them in one go; if that does not work, each bundle for itself, to see whose fault it is. */
async function fetchAll(
  manager: PackageManager,
  machine: Machine,
  changes: readonly Change[],
  options: ManagerOptions,
): Promise<readonly Trouble[]> {
  const download = (own: readonly Change[]): Promise<readonly Problem[]> => {
    const actions = actionsOf(own);
    return actions.length === 0 ? Promise.resolve([]) : manager.download(machine, actions, options);
  };
  const problems = await download(changes);
  if (problems.length === 0) return [];
  const bundles = bundlesOf(changes);
  if (bundles.length < 2) return troublesOf(changes, problems);
  const troubles: Trouble[] = [];
  for (const bundle of bundles) {
    troubles.push(...troublesOf(bundle, options.signal.aborted ? problems : await download(bundle)));
  }
  return troubles;
}

async function secureOld(
  manager: PackageManager,
  machine: Machine,
  { id, before, after }: Change,
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const version = versionOf(before);
  if (version === undefined || version === versionOf(after)) return [];
  return tellingLater(async () => {
    const isSecured = await secureArchive(manager, machine, { name: nameOf(id), version }, options);
    return isSecured ? [] : [cannotBeUndone(nameOf(id), version)];
  });
}

function troublesOf(changes: readonly Change[], problems: readonly Problem[]): readonly Trouble[] {
  return changes.flatMap(({ id }) => problems.map((problem) => ({ id, problem })));
}

function cannotBeUndone(name: string, version: string): Problem {
  const shown = `${printable(name)} ${printable(version)}`;
  return {
    code: "cannot-be-undone",
    what: `cannot be undone: no archive of ${shown} can be had, neither from a cache nor from a repository`,
    hint: 'put that version into a repository this server can reach, or let it go ("irreversible: allow")',
  };
}
