// What a killed transaction left behind in; a database and packages that are whole again out, or what is in the way.
import type { Problem } from "../../../../common/problem.ts";
import type { CommandResult, Machine } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { doubledEntries, isWhole } from "./broken.ts";
import { runRpm } from "./call.ts";
import { causeOf, locked } from "./causes.ts";
import { readEntries, type Entry } from "./database.ts";
import type { Front } from "./front.ts";
import { lockHolderOf } from "./lock.ts";
import { clearUnfinished, unfinishedActions } from "./unfinished.ts";

export async function repairRpm(front: Front, machine: Machine, options: ManagerOptions): Promise<readonly Problem[]> {
  const holder = await lockHolderOf(machine, front.pidFiles);
  if (holder !== undefined) return [locked(front.name, holder)];
  const rebuilt = await rebuildIfDamaged(machine, options);
  if (rebuilt.length > 0) return rebuilt;
  const ended = await endUpgrades(machine, options);
  const completed = ended.length > 0 ? ended : await completeFiles(front, machine, options);
  return completed.length > 0 ? completed : clearUnfinished(machine);
}

async function rebuildIfDamaged(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]> {
  if ((await readEntries(machine)).ok) return [];
  const result = await runRpm(machine, options, "--rebuilddb");
  const entries = await readEntries(machine);
  if (entries.ok) return [];
  return result.code === 0 ? entries.problems : [causeOf("rpm", result), ...entries.problems];
}

/** An upgrade puts the new version beside the old one, and was killed before the old one went: rpm's own next step. */
async function endUpgrades(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]> {
  const entries = await readEntries(machine);
  if (!entries.ok) return entries.problems;
  const superseded = (await doubledEntries(machine, entries.value)).flatMap((group) => group.slice(0, -1));
  return superseded.length === 0 ? [] : complaint(await erase(machine, superseded, options));
}

/** The files of the packages that the unfinished transaction was about: written again, or taken away to the end. */
async function completeFiles(front: Front, machine: Machine, options: ManagerOptions): Promise<readonly Problem[]> {
  const actions = await unfinishedActions(machine.store);
  const entries = await readEntries(
    machine,
    actions.map(({ name }) => name),
  );
  if (!entries.ok) return entries.problems;
  const torn: Entry[] = [];
  for (const entry of entries.value) if (!(await isWhole(machine, entry))) torn.push(entry);
  const leaving = new Set(actions.filter(({ to }) => to === undefined).map(({ name }) => name));
  const [going, staying] = [torn.filter(({ key }) => leaving.has(key)), torn.filter(({ key }) => !leaving.has(key))];
  return [
    ...(going.length === 0 ? [] : complaint(await erase(machine, going, options))),
    ...(staying.length === 0 ? [] : await writeAgain(front, machine, staying, options)),
  ];
}

async function writeAgain(
  front: Front,
  machine: Machine,
  entries: readonly Entry[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const result = await front.reinstall(machine, entries, options);
  for (const entry of entries) if (!(await isWhole(machine, entry))) return [causeOf(front.name, result)];
  return [];
}

function erase(machine: Machine, entries: readonly Entry[], options: ManagerOptions): Promise<CommandResult> {
  const names = entries.map(({ name, version, arch }) => `${name}-${version}.${arch}`);
  return runRpm(machine, options, "-e", "--nodeps", "--", ...names);
}

function complaint(result: CommandResult): readonly Problem[] {
  return result.code === 0 ? [] : [causeOf("rpm", result)];
}
