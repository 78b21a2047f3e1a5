// Configuration that pacman put aside: the maintainer's version beside an edited file, and an edited file that went
// with its package.
import type { Files, Machine, MachineReader } from "../../../machine/machine.ts";
import type { ConffileHint, PackageAction } from "../manager.ts";
import { backupFiles } from "./database.ts";
import { readInstalled } from "./installed.ts";

export async function conffileHintsOf(
  machine: MachineReader,
  names: readonly string[],
): Promise<readonly ConffileHint[]> {
  const versions = await readInstalled(machine);
  if (!versions.ok) return [];
  const hints: ConffileHint[] = [];
  for (const name of names) {
    const version = versions.value.get(name);
    if (version === undefined) continue;
    for (const path of await backupFiles(machine.files, name, version)) {
      const other = `${path}.pacnew`;
      if (machine.files.stat(other) !== undefined) hints.push({ package: name, path, other });
    }
  }
  return hints;
}

/** A package that comes back finds its configuration as it was edited; and what a newer version put beside it goes. */
export async function returnConffiles({ files }: Machine, actions: readonly PackageAction[], isWayBack: boolean) {
  for (const { name, from, to } of actions) {
    if (to === undefined) continue;
    for (const path of await backupFiles(files, name, to)) {
      if (from === undefined) moveOver(files, `${path}.pacsave`, path);
      if (isWayBack && files.stat(`${path}.pacnew`) !== undefined) files.unlink(`${path}.pacnew`);
    }
  }
}

function moveOver(files: Files, from: string, to: string): void {
  if (files.stat(from)?.type === "regular" && files.stat(to)?.type === "regular") files.rename(from, to);
}
