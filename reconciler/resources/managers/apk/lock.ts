// Who has locked apk's database out; the kernel knows for whom.
import { printable } from "../../../../common/printable.ts";
import type { MachineReader } from "../../../machine/machine.ts";

const LOCK = "/lib/apk/db/lock";
const TIMEOUT_MS = 10_000;

/** Goes by the number of the file alone: on btrfs the kernel and stat(2) tell different devices. */
export async function lockHolder(machine: MachineReader): Promise<string | undefined> {
  const inode = machine.files.stat(LOCK)?.stamp.ino;
  if (inode === undefined) return undefined;
  const locks = (await machine.query(["cat", "/proc/locks"], { timeoutMs: TIMEOUT_MS })).stdout.toString();
  const pattern = new RegExp(`^\\d+: \\S+ +\\S+ +WRITE +(\\d+) +[0-9a-f]+:[0-9a-f]+:${inode} `, "mu");
  const pid = pattern.exec(locks)?.[1];
  if (pid === undefined) return undefined;
  const { stdout } = await machine.query(["cat", "--", `/proc/${pid}/comm`], { timeoutMs: TIMEOUT_MS });
  return `${printable(stdout.toString().trim()) || "a program"} (process ${pid})`;
}
