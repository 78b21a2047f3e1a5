// Where pacman keeps the archives that it fetched, and which of them is a given version.
import type { MachineReader } from "../../../machine/machine.ts";
import { askConf } from "./call.ts";

const USUAL = "/var/cache/pacman/pkg";

/** The path by which programs reach the archive; undefined when it is in none of the folders. */
export async function cachedArchive(
  machine: MachineReader,
  name: string,
  version: string,
): Promise<string | undefined> {
  for (const folder of await cacheFolders(machine)) {
    if (machine.files.stat(folder)?.type !== "directory") continue;
    const file = machine.files.list(folder).find((each) => isArchiveOf(each, name, version));
    if (file !== undefined) return machine.hostPath(`${folder}/${file}`);
  }
  return undefined;
}

/** `hello-1.0-1-x86_64.pkg.tar.zst`, and not its signature. */
export function isArchiveOf(file: string, name: string, version: string): boolean {
  const start = `${name}-${version}-`;
  return file.startsWith(start) && /^[^-]+\.pkg\.tar(?:\.(?!sig$|part$)[a-z0-9]+)?$/u.test(file.slice(start.length));
}

/** Of another root only the usual one: its settings would be read as this machine's own. */
async function cacheFolders(machine: MachineReader): Promise<readonly string[]> {
  if (!machine.live) return [USUAL];
  const folders = (await askConf(machine, "CacheDir")).stdout.toString().split("\n");
  const usable = folders.map((folder) => folder.replace(/\/+$/u, "")).filter((folder) => folder.startsWith("/"));
  return usable.length === 0 ? [USUAL] : usable;
}
