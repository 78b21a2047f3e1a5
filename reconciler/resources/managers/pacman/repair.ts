// What a killed pacman left behind: found, and put right by bringing the transaction to its end.
import { succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { Machine, MachineReader } from "../../../machine/machine.ts";
import { tellingLater } from "../../file/telling.ts";
import type { ManagerOptions, PackageAction } from "../manager.ts";
import { cachedArchive, isArchiveOf } from "./cache.ts";
import { ask, runPacman } from "./call.ts";
import { complaints, managerLocked } from "./complaints.ts";
import { LOCAL, splitEntry, tornEntries } from "./database.ts";
import { readInstalled } from "./installed.ts";
import { LOCK, lockHolderOf } from "./lock.ts";
import { clearUnfinished, isDone, readUnfinished } from "./note.ts";
import { isName } from "./words.ts";

export async function findBroken(machine: MachineReader): Promise<Result<readonly string[]>> {
  const versions = await readInstalled(machine);
  if (!versions.ok) return versions;
  // While somebody is at work nothing is broken yet.
  if ((await lockHolderOf(machine)) !== undefined) return succeed([]);
  const stale = machine.files.stat(LOCK) === undefined ? [] : [LOCK];
  const torn = tornEntries(machine.files).map((entry) => splitEntry(entry)?.name ?? entry);
  const { actions } = await readUnfinished(machine.store);
  const unfinished = actions.filter((action) => !isDone(action, versions.value));
  return succeed([...new Set([...torn, ...unfinished.map(({ name }) => name), ...stale])]);
}

export async function repairPacman(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]> {
  const holder = await lockHolderOf(machine);
  if (holder !== undefined) return [managerLocked(holder)];
  return tellingLater(async () => {
    if (machine.files.stat(LOCK) !== undefined) machine.files.unlink(LOCK);
    const torn = dropTornEntries(machine);
    const versions = await readInstalled(machine);
    if (!versions.ok) return versions.problems;
    const { actions, archives } = await readUnfinished(machine.store);
    const unfinished = actions.filter((action) => !isDone(action, versions.value));
    const named = new Set(unfinished.map(({ name }) => name));
    const problems = await finish(
      machine,
      [...unfinished, ...torn.filter(({ name }) => !named.has(name))],
      archives,
      options,
    );
    if (problems.length === 0) await clearUnfinished(machine.store);
    return problems;
  });
}

/** pacman refuses even to replace an entry of which a part is missing. */
function dropTornEntries({ files }: Machine): readonly PackageAction[] {
  return tornEntries(files).flatMap((folder) => {
    for (const name of files.list(`${LOCAL}/${folder}`)) files.unlink(`${LOCAL}/${folder}/${name}`);
    files.removeDirectory(`${LOCAL}/${folder}`);
    const { name = "", version = "" } = splitEntry(folder) ?? {};
    return isName(name) ? [{ name, to: version }] : [];
  });
}

/** Forward: the archives are here, and half of the new files may be, too. */
async function finish(
  machine: Machine,
  actions: readonly PackageAction[],
  archives: readonly string[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const [files, fetched]: [string[], string[]] = [[], []];
  for (const { name, to } of actions) {
    if (to === undefined) continue;
    const file = await archiveFor(machine, archives, name, to);
    if (file === undefined) fetched.push(name);
    else files.push(file);
  }
  const going = actions.flatMap(({ name, to }) => (to === undefined ? [name] : []));
  return [
    ...(await runFor(machine, options, files, "-U", "--overwrite", "*", "--ask", "4")),
    ...(await runFor(machine, options, fetched, "-S", "--overwrite", "*")),
    ...(await runFor(machine, options, going, "-R")),
  ];
}

async function archiveFor(
  machine: Machine,
  archives: readonly string[],
  name: string,
  version: string,
): Promise<string | undefined> {
  const noted = archives.find((path) => isArchiveOf(path.slice(path.lastIndexOf("/") + 1), name, version));
  const isThere = noted !== undefined && (await ask(machine, ["test", "-f", noted])).code === 0;
  return isThere ? noted : cachedArchive(machine, name, version);
}

async function runFor(
  machine: Machine,
  options: ManagerOptions,
  names: readonly string[],
  ...words: readonly string[]
): Promise<readonly Problem[]> {
  if (names.length === 0) return [];
  const result = await runPacman(machine, options, ...words, "--", ...names);
  return result.code === 0 ? [] : complaints(result);
}
