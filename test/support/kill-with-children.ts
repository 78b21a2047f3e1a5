// The leader of a process group in; it and all that it started gone, out: nothing of it does anything any more.
import { readdirSync, readFileSync } from "node:fs";

/** Stopped first, so that none of them starts another one meanwhile. Programs of ours have groups of their own. */
export function killWithChildren(leader: number): void {
  const stopped = new Set<number>();
  for (let waiting = [leader]; waiting.length > 0;) {
    for (const pid of waiting) {
      signalGroup(pid, "SIGSTOP");
      stopped.add(pid);
    }
    waiting = childrenOf(stopped).filter((pid) => !stopped.has(pid));
  }
  for (const pid of stopped) signalGroup(pid, "SIGKILL");
}

/** Not every kernel tells the children of a process; all of them tell the parent. */
function childrenOf(parents: ReadonlySet<number>): readonly number[] {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/u.test(name));
  return pids.filter((pid) => parents.has(parentOf(pid))).map(Number);
}

function parentOf(pid: string): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return Number(stat.slice(stat.lastIndexOf(")")).split(" ")[2]);
  } catch {
    return 0;
  }
}

/** Of that process, and of its group where it leads one. */
function signalGroup(pid: number, signal: NodeJS.Signals): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
    } catch {
      // It leads no group, or it is gone by now.
    }
  }
}
