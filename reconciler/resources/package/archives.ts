// The archives of versions that are about to go, kept in the store: a folder for each, which is there only when whole.
import type { Machine, Store, StoreReader } from "../../machine/machine.ts";
import type { ManagerOptions, PackageManager } from "../managers/manager.ts";

const ALL = "/archives";
const PART = ".part";
/** What may stay after a run, so that the next one need not secure it again. */
const MOST_BYTES = 256 * 1024 * 1024;

/** Every other character in hexadecimal, so that no two versions share a folder. */
export function archiveFolder(name: string, version: string): string {
  const safe = (text: string): string =>
    text.replace(/[^A-Za-z0-9.+~-]/gu, (found) => `%${(found.codePointAt(0) ?? 0).toString(16)}`);
  return `${ALL}/${safe(name)}_${safe(version)}`;
}

/** The path by which a manager reaches the archive; undefined when it was never had. */
export function archiveIn(store: StoreReader, folder: string): string | undefined {
  if (store.files.stat(folder)?.type !== "directory") return undefined;
  const [file] = store.files.list(folder);
  return file === undefined ? undefined : store.hostPath(`${folder}/${file}`);
}

export function archiveBytes({ files }: StoreReader, folder: string): number {
  if (files.stat(folder)?.type !== "directory") return 0;
  return files.list(folder).reduce((sum, file) => sum + (files.stat(`${folder}/${file}`)?.size ?? 0), 0);
}

/** Whether the archive is in the store when it resolves, on disk. */
export async function secureArchive(
  manager: PackageManager,
  machine: Machine,
  installed: { readonly name: string; readonly version: string },
  options: ManagerOptions,
): Promise<boolean> {
  const { files } = machine.store;
  const folder = archiveFolder(installed.name, installed.version);
  if (archiveIn(machine.store, folder) !== undefined) return true;
  const part = folder + PART;
  if (files.stat(ALL) === undefined) files.makeDirectory(ALL, { mode: 0o700 });
  for (const left of [part, folder]) removeFolder(machine.store, left);
  files.makeDirectory(part, { mode: 0o700 });
  const file = await manager.secure(machine, installed, machine.store.hostPath(part), options);
  if (file === undefined || !isWhole(machine.store, part, file)) {
    removeFolder(machine.store, part);
    return false;
  }
  // Adds nothing: it is how a file that a program wrote comes to be on disk.
  await files.append(`${part}/${file}`, Buffer.alloc(0));
  await files.syncDirectory(part);
  files.rename(part, folder);
  await files.syncDirectory(ALL);
  return true;
}

/** One file, with something in it. */
function isWhole({ files }: Store, folder: string, file: string): boolean {
  const names = files.list(folder);
  const stat = names.length === 1 && names[0] === file ? files.stat(`${folder}/${file}`) : undefined;
  return stat?.type === "regular" && stat.size > 0;
}

function removeFolder({ files }: Store, folder: string): void {
  if (files.stat(folder) === undefined) return;
  for (const file of files.list(folder)) files.unlink(`${folder}/${file}`);
  files.removeDirectory(folder);
}

/** The oldest go first; no run is under way that could still need them. */
export function pruneArchives(store: Store, mostBytes = MOST_BYTES): void {
  if (store.files.stat(ALL) === undefined) return;
  const folders = store.files.list(ALL).map((name) => `${ALL}/${name}`);
  const newestFirst = folders
    .map((folder) => ({ folder, bytes: archiveBytes(store, folder), ms: store.files.stat(folder)?.stamp.mtimeMs ?? 0 }))
    .sort((one, other) => other.ms - one.ms || (one.folder < other.folder ? -1 : 1));
  let bytes = 0;
  for (const kept of newestFirst) {
    bytes += kept.bytes;
    if (bytes > mostBytes || kept.folder.endsWith(PART)) removeFolder(store, kept.folder);
  }
}
