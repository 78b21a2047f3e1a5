// An installed package in, the archive of just that version in a folder of ours out: from pacman's own archives, from a
// repository, or packed again from what is installed.
import type { Machine } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { cachedArchive } from "./cache.ts";
import { downloadArchives } from "./download.ts";
import { repack } from "./repack.ts";
import { badActions } from "./words.ts";

export async function secureArchive(
  machine: Machine,
  installed: { readonly name: string; readonly version: string },
  store: string,
  options: ManagerOptions,
): Promise<string | undefined> {
  const { name, version } = installed;
  if (badActions([{ name, from: version }]).length > 0 || options.signal.aborted) return undefined;
  const archive = (await cachedArchive(machine, name, version)) ?? (await fetched(machine, name, version, options));
  if (archive === undefined) return repack(machine, installed, store, options);
  const file = archive.slice(archive.lastIndexOf("/") + 1);
  const { code } = await machine.run(["cp", "--", archive, `${store}/${file}`], { timeoutMs: options.timeoutMs });
  return code === 0 ? file : undefined;
}

async function fetched(
  machine: Machine,
  name: string,
  version: string,
  options: ManagerOptions,
): Promise<string | undefined> {
  await downloadArchives(machine, [{ name, to: version }], options);
  return cachedArchive(machine, name, version);
}
