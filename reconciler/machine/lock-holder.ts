// The path of a lock in; the process that has it, by what the kernel says and not by what the file says, out.
import { readdirSync, readFileSync, readlinkSync, realpathSync } from "node:fs";
import { everyProcess, type ProcessSeen } from "./processes.ts";

/** Undefined when no other process has it, or only one that cannot be seen from here: in another container, of another user. */
export function lockHolder(path: string): ProcessSeen | undefined {
  const file = realPath(path);
  return file === undefined ? undefined : everyProcess().find(({ pid }) => pid !== process.pid && holds(pid, file));
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}

/** Whoever waits for the lock has its file open as well; the kernel tells with which descriptor it was taken. */
function holds(pid: number, file: string): boolean {
  try {
    const open = readdirSync(`/proc/${pid}/fd`).filter((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`) === file);
    return open.some((fd) => /^lock:.* FLOCK .* WRITE /mu.test(readFileSync(`/proc/${pid}/fdinfo/${fd}`, "latin1")));
  } catch {
    // It has just ended, or closed something.
    return false;
  }
}
