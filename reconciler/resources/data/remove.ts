// A path of our own in, nothing there out: by rm(1), which is quickest, or else name by name.
import type { Files, Machine } from "../../machine/machine.ts";
import { join } from "./names.ts";

const TIMEOUT_MS = 30 * 60_000;

/** Never leaves the file system, and never follows a link. */
export async function removeAll(machine: Machine, path: string): Promise<void> {
  const stat = machine.files.stat(path);
  if (stat === undefined) return;
  if (stat.type !== "directory") {
    machine.files.unlink(path);
    return;
  }
  const argv = ["rm", "-rf", "--one-file-system", "--", machine.hostPath(path)];
  const { code } = await machine.run(argv, { timeoutMs: TIMEOUT_MS });
  if (code !== 0) removeByName(machine.files, path);
}

function removeByName(files: Files, path: string): void {
  const type = files.stat(path)?.type;
  if (type === undefined) return;
  if (type !== "directory") {
    files.unlink(path);
    return;
  }
  for (const name of files.list(path)) removeByName(files, join(path, name));
  files.removeDirectory(path);
}

/** Moves out of the way first, so that nothing half removed is ever taken for a version. */
export async function removeIfThere(machine: Machine, path: string, gone: string): Promise<void> {
  if (machine.files.stat(path) === undefined) return;
  await removeAll(machine, gone);
  machine.files.rename(path, gone);
  await removeAll(machine, gone);
}
