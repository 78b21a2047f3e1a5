// An installed version in; the name of its whole archive in the store out, from a cache or a repository.
import type { Machine, MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { QUERY_TIMEOUT_MS, queryRpm } from "./call.ts";
import { ENTRY_FORMAT, parseEntries, readEntries, type Entry } from "./database.ts";
import type { Front } from "./front.ts";
import { archiveName, isName } from "./names.ts";

export async function secureArchive(
  front: Front,
  machine: Machine,
  installed: { readonly name: string; readonly version: string },
  store: string,
  options: ManagerOptions,
): Promise<string | undefined> {
  const entry = await entryOf(machine, installed);
  if (entry === undefined || options.signal.aborted) return undefined;
  const file = archiveName(entry.name, entry.version, entry.arch);
  const place = `${store}/${file}`;
  if (await isArchiveOf(machine, place, entry)) return file;
  const found = await front.fetch(machine, entry, store, options);
  if (found === undefined || !(await isArchiveOf(machine, found, entry))) return undefined;
  return (await bring(machine, found, place)) ? file : undefined;
}

async function entryOf(
  machine: MachineReader,
  { name, version }: { readonly name: string; readonly version: string },
): Promise<Entry | undefined> {
  if (!isName(name)) return undefined;
  const entries = await readEntries(machine, [name]);
  return entries.ok ? entries.value.find((entry) => entry.key === name && entry.version === version) : undefined;
}

/** Its digests are right, and it is the version that is asked for. */
async function isArchiveOf(machine: MachineReader, path: string, entry: Entry): Promise<boolean> {
  const told = await queryRpm(machine, "-qp", "--nosignature", "--qf", ENTRY_FORMAT, "--", path);
  const [there] = told.code === 0 ? parseEntries(told.stdout.toString()) : [];
  if (there?.key !== entry.key || there.version !== entry.version) return false;
  return (await queryRpm(machine, "-K", "--nosignature", "--", path)).code === 0;
}

/** On disk when it resolves; a copy that was interrupted never has the name of a whole one. */
async function bring(machine: Machine, from: string, to: string): Promise<boolean> {
  const part = `${to}.part`;
  const steps =
    from === to
      ? []
      : [
          ["cp", "--", from, part],
          ["mv", "--", part, to],
        ];
  for (const argv of [...steps, ["sync", "--", to]]) {
    if ((await machine.run(argv, { timeoutMs: QUERY_TIMEOUT_MS })).code !== 0) return false;
  }
  return true;
}
