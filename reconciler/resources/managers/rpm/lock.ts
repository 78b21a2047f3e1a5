// Lock files in; the process that holds one of them out, by name and number.
import { printable } from "../../../../common/printable.ts";
import { FileError, type FileReader, type MachineReader } from "../../../machine/machine.ts";

/** Where distributions keep rpm's own lock. */
const RPM_LOCKS = [
  "/usr/lib/sysimage/rpm/.rpm.lock",
  "/var/lib/rpm/.rpm.lock",
  "/root/.rpmdb/.rpm.lock",
  "/.rpmdb/.rpm.lock",
];
const LONGEST_PID = 32;
const TIMEOUT_MS = 10_000;

/** `pidFiles` hold the number of a process as long as it works; a number of a process that is gone does not count. */
export async function lockHolderOf(machine: MachineReader, pidFiles: readonly string[]): Promise<string | undefined> {
  const pids = [...(await pidsIn(machine.files, pidFiles)), ...(await lockingPids(machine))];
  for (const pid of pids) {
    const name = await nameOfProcess(machine, pid);
    if (name !== undefined) return `${name} (process ${pid})`;
  }
  return undefined;
}

async function pidsIn(files: FileReader, paths: readonly string[]): Promise<string[]> {
  const pids: string[] = [];
  for (const path of paths) {
    const text = await readIfThere(files, path);
    const pid = /^\s*([0-9]{1,10})\s*$/u.exec(text ?? "")?.[1];
    if (pid !== undefined) pids.push(pid);
  }
  return pids;
}

async function readIfThere(files: FileReader, path: string): Promise<string | undefined> {
  try {
    return files.stat(path) === undefined ? undefined : (await files.read(path, LONGEST_PID)).toString();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** rpm locks its file itself; the kernel knows for whom. */
async function lockingPids(machine: MachineReader): Promise<string[]> {
  const inodes = RPM_LOCKS.map((path) => inodeOf(machine.files, path)).filter((inode) => inode !== undefined);
  if (inodes.length === 0) return [];
  const { code, stdout } = await machine.query(["cat", "/proc/locks"], { timeoutMs: TIMEOUT_MS });
  return code === 0 ? lockersOf(stdout.toString(), new Set(inodes)) : [];
}

function inodeOf(files: FileReader, path: string): number | undefined {
  try {
    return files.stat(path)?.stamp.ino;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** Lines such as `1: POSIX  ADVISORY  WRITE 21475 fe:00:2253378 0 EOF`; the device is not the one that stat tells on btrfs. */
export function lockersOf(locks: string, inodes: ReadonlySet<number>): string[] {
  return locks.split("\n").flatMap((line) => {
    const [, pid, inode] = /^[0-9]+: POSIX +\S+ +WRITE +([0-9]+) +[0-9a-f]+:[0-9a-f]+:([0-9]+) /u.exec(line) ?? [];
    return pid !== undefined && inodes.has(Number(inode)) ? [pid] : [];
  });
}

async function nameOfProcess(machine: MachineReader, pid: string): Promise<string | undefined> {
  const { code, stdout } = await machine.query(["cat", "--", `/proc/${pid}/comm`], { timeoutMs: TIMEOUT_MS });
  return code === 0 ? printable(stdout.toString().trim()) : undefined;
}
