// The number of a process in; which process exactly that is, as the kernel tells it, out: numbers are given out anew.
import { readdirSync, readFileSync } from "node:fs";
import { codeOf } from "./errno.ts";

export interface ProcessSeen {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** As ps(1) writes it: `T` is stopped, `Z` dead and not yet asked after. */
  readonly state: string;
  /** Ticks of 10 ms since this boot; together with the number it names one process and no other. */
  readonly startedTicks: number;
}

/** Undefined when there is no such process, or nobody may see it from here. */
export function processAt(pid: number): ProcessSeen | undefined {
  try {
    return parse(pid, readFileSync(`/proc/${pid}/stat`, "latin1"));
  } catch {
    return undefined;
  }
}

/** `1234 (any (name)) S 1 1234 1234 0 ...`: what counts stands behind the last bracket. */
function parse(pid: number, stat: string): ProcessSeen | undefined {
  const [state = "", ...words] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [parent = NaN, group = NaN, session = NaN] = words.map(Number);
  const startedTicks = Number(words[START]);
  return Number.isInteger(startedTicks) ? { pid, parent, group, session, state, startedTicks } : undefined;
}

/** Field 22 of proc(5), counted from the fourth. */
const START = 18;

export function everyProcess(): readonly ProcessSeen[] {
  return readdirSync("/proc").flatMap((name) => (/^\d+$/u.test(name) ? (processAt(Number(name)) ?? []) : []));
}

/** The process again, as it is now; undefined when it is gone, also when only its parent has not noticed. */
export function stillThere({ pid, startedTicks }: ProcessSeen): ProcessSeen | undefined {
  const now = processAt(pid);
  return now?.startedTicks === startedTicks && now.state !== "Z" ? now : undefined;
}

/** False when it is gone: never to another process that has its number now. */
export function signalProcess(seen: ProcessSeen, signal: NodeJS.Signals): boolean {
  if (stillThere(seen) === undefined) return false;
  try {
    return process.kill(seen.pid, signal);
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}

/** Its children and theirs, as long as nobody between has died. */
export function descendantsOf({ pid }: ProcessSeen, among: readonly ProcessSeen[]): readonly ProcessSeen[] {
  return among.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...descendantsOf(child, among)]);
}
