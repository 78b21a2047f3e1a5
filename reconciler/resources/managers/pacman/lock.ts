// pacman's lock in, who holds it out. It is an empty file, which says nothing of its owner and stays when that is killed;
// but whoever is alive still has it open.
import { printable } from "../../../../common/printable.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import { ask } from "./call.ts";

export const LOCK = "/var/lib/pacman/db.lck";

/** `pacman (process 123)`; undefined when there is no lock, or its owner is gone. */
export async function lockHolderOf(machine: MachineReader): Promise<string | undefined> {
  if (machine.files.stat(LOCK) === undefined) return undefined;
  const [where, depth] = [["/proc"], ["-mindepth", "3", "-maxdepth", "3", "-path", "/proc/[0-9]*/fd/*"]];
  const found = await ask(machine, ["find", "-L", ...where, ...depth, "-samefile", machine.hostPath(LOCK)]);
  if (found.ended !== undefined) return "a program that cannot be named";
  const pids = new Set([...found.stdout.toString().matchAll(/^\/proc\/(\d+)\//gmu)].map(([, pid = ""]) => pid));
  for (const pid of pids) {
    const { code, stdout } = await ask(machine, ["cat", "--", `/proc/${pid}/comm`]);
    // It has ended since, as find itself, which had the file open to compare.
    if (code === 0) return `${printable(stdout.toString().trim())} (process ${pid})`;
  }
  return undefined;
}
