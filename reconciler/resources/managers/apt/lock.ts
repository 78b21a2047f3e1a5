// Who is at work on the packages: the kernel's list of locks and the lock files of apt and dpkg in, a name out.
import { FileError, type MachineReader } from "../../../machine/machine.ts";
import { printable } from "../../../../common/printable.ts";
import { look } from "./call.ts";

const LOCKS = [
  "/var/lib/dpkg/lock-frontend",
  "/var/lib/dpkg/lock",
  "/var/cache/apt/archives/lock",
  "/var/lib/apt/lists/lock",
];

export interface KernelLock {
  /** Undefined for a process that cannot be seen from here, in another container. */
  readonly pid: number | undefined;
  readonly device: string;
  readonly inode: number;
}

export async function lockHolder(machine: MachineReader): Promise<string | undefined> {
  const files = LOCKS.flatMap((path) => fileAt(machine, path));
  if (files.length === 0) return undefined;
  const locks = parseLocks((await look(machine, ["cat", "/proc/locks"])).stdout.toString());
  for (const { path, ino, dev } of files) {
    for (const lock of locks.filter(({ inode }) => inode === ino)) {
      if (lock.device === deviceOf(dev) || lock.device === (await mountedDevice(machine, path)))
        return whoIs(machine, lock);
    }
  }
  return undefined;
}

function fileAt({ files }: MachineReader, path: string): readonly { path: string; ino: number; dev: number }[] {
  try {
    const stat = files.stat(path);
    return stat === undefined ? [] : [{ path, ino: stat.stamp.ino, dev: stat.dev }];
  } catch (error) {
    // What cannot be looked at here, apt-get complains of itself.
    if (error instanceof FileError) return [];
    throw error;
  }
}

/** `1: POSIX  ADVISORY  WRITE 1234 fd:01:3145 0 EOF`; a line with `->` is one that waits. Locks of flock(1) stop no dpkg. */
export function parseLocks(text: string): readonly KernelLock[] {
  return [...text.matchAll(/^\d+: +(?:POSIX|OFDLCK) +\S+ +WRITE +(-?\d+) +([0-9a-f]+:[0-9a-f]+):(\d+) /gmu)].map(
    ([, pid, device = "", inode]) => ({ pid: Number(pid) > 0 ? Number(pid) : undefined, device, inode: Number(inode) }),
  );
}

/** A number of stat(2) as the kernel writes it. */
export function deviceOf(dev: number): string {
  const wide = BigInt(dev);
  const major = ((wide >> 8n) & 0xfffn) | ((wide >> 32n) & ~0xfffn);
  const minor = (wide & 0xffn) | ((wide >> 12n) & ~0xffn & 0xffffffn);
  return `${hex(major)}:${hex(minor)}`;
}

function hex(part: bigint): string {
  return part.toString(16).padStart(2, "0");
}

/** Some file systems (btrfs, overlayfs) tell stat(2) another device than the one they are mounted as. */
async function mountedDevice(machine: MachineReader, path: string): Promise<string | undefined> {
  const argv = ["findmnt", "--noheadings", "--first-only", "--output", "MAJ:MIN", "--target", machine.hostPath(path)];
  const [, major, minor] = /(\d+):(\d+)/u.exec((await look(machine, argv)).stdout.toString()) ?? [];
  return major === undefined || minor === undefined ? undefined : `${hex(BigInt(major))}:${hex(BigInt(minor))}`;
}

async function whoIs(machine: MachineReader, { pid }: KernelLock): Promise<string> {
  if (pid === undefined) return "a process of another container";
  const name = printable((await look(machine, ["cat", `/proc/${pid}/comm`])).stdout.toString().trim());
  return `${name === "" ? "a program" : name} (process ${pid})`;
}
