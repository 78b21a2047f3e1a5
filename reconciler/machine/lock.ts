// A path in, a lock that only one process on this machine can have out. flock(2) belongs to the open file: flock(1)
// takes it on our descriptor and leaves, and it stays ours until we close the file or die, however we die.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { refuse, succeed } from "../../common/problem.ts";
import { readBootId } from "./boot-id.ts";
import { attempt } from "./errno.ts";
import { describeFileError } from "./file-problem.ts";
import { FileError } from "./machine.ts";
import { programEnvironment } from "./program.ts";
import type { Problem, Result } from "../../common/problem.ts";

const { O_RDWR, O_CREAT, O_NOFOLLOW } = fs.constants;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1000;
const FLOCK_TIMEOUT_MS = 10_000;

/** Who has the lock, as its file says; nothing in it when the holder has not written it yet. */
export interface Holder {
  readonly pid?: number;
  /** Of the running kernel, to tell a pid of before the last boot. */
  readonly bootId?: string;
  /** ISO 8601, by a clock that may be wrong. */
  readonly startedAt?: string;
}

export interface LockOptions {
  /** How long to go on trying; 0 tries once. */
  readonly waitMs: number;
  /** Told once, when there is somebody to wait for. */
  readonly onWait?: (holder: Holder) => void;
}

export interface Lock {
  /** The lock is gone already when the process dies. Further calls do nothing. */
  release(): void;
}

/** About 2 ms when nobody has it. `path` is on this machine, not below the managed root; its directory must exist. */
export async function takeLock(path: string, { waitMs, onWait }: LockOptions): Promise<Result<Lock>> {
  const opened = openLockFile(path);
  if (!opened.ok) return opened;
  const descriptor = opened.value;
  const giveUpAt = performance.now() + waitMs;
  for (let pauseMs = FIRST_PAUSE_MS, tries = 1; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS), tries++) {
    const answer = await flock(descriptor);
    if (answer === "taken") return succeed(hold(descriptor));
    const left = giveUpAt - performance.now();
    if (answer !== "busy" || left <= 0) {
      const problem = answer === "busy" ? heldProblem(path, readHolder(descriptor)) : answer;
      fs.closeSync(descriptor);
      return refuse(problem);
    }
    if (tries === 1) onWait?.(readHolder(descriptor));
    await pause(Math.min(pauseMs, left));
  }
}

function openLockFile(path: string): Result<number> {
  try {
    return succeed(attempt("open the lock", path, () => fs.openSync(path, O_RDWR | O_CREAT | O_NOFOLLOW, 0o600)));
  } catch (error) {
    if (error instanceof FileError) return refuse(describeFileError(error));
    throw error;
  }
}

/** The options that util-linux and busybox have in common. Exit code 1 means that somebody else has it. */
function flock(descriptor: number): Promise<"taken" | "busy" | Problem> {
  const child = spawn("flock", ["-xn", "3"], {
    stdio: ["ignore", "ignore", "ignore", descriptor],
    env: programEnvironment(),
    signal: AbortSignal.timeout(FLOCK_TIMEOUT_MS),
    killSignal: "SIGKILL",
  });
  return new Promise((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      resolve(NOT_FOUND.has(error.code ?? "") ? MISSING : failed(error.message)),
    );
    child.on("exit", (code, signal) =>
      resolve(code === 0 ? "taken" : code === 1 ? "busy" : failed(signal ?? `exit code ${code ?? "unknown"}`)),
    );
  });
}

/** The second one where PATH has a directory that this user may not look into. */
const NOT_FOUND: ReadonlySet<string> = new Set(["ENOENT", "EACCES"]);

const MISSING: Problem = {
  code: "flock-missing",
  what: "the program flock is not installed, so two runs could not be kept apart",
  hint: "install the package util-linux (busybox has it too)",
};

function failed(why: string): Problem {
  return {
    code: "flock-failed",
    what: `flock could not take the lock: ${why}`,
    hint: "is the lock on a local file system?",
  };
}

function hold(descriptor: number): Lock {
  writeHolder(
    descriptor,
    `pid ${process.pid}\nboot ${readBootId() ?? "unknown"}\nstarted ${new Date().toISOString()}\n`,
  );
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    writeHolder(descriptor, "");
    fs.closeSync(descriptor);
  };
  return { release };
}

/** The words are for people; a full disk does not take the lock away. */
function writeHolder(descriptor: number, text: string): void {
  try {
    fs.ftruncateSync(descriptor, 0);
    fs.writeSync(descriptor, text, 0);
  } catch {
    return;
  }
}

function readHolder(descriptor: number): Holder {
  const text = Buffer.alloc(256);
  const length = fs.readSync(descriptor, text, 0, text.length, 0);
  const lines = text.toString("latin1", 0, length).matchAll(/^(pid|boot|started) ([!-~]+)$/gm);
  const words = new Map([...lines].map(([, key, value]) => [key, value]));
  const pid = Number(words.get("pid"));
  const [boot, started] = [words.get("boot"), words.get("started")];
  return {
    ...(Number.isInteger(pid) && pid > 0 && { pid }),
    ...(boot !== undefined && { bootId: boot }),
    ...(started !== undefined && { startedAt: started }),
  };
}

function heldProblem(path: string, { pid, startedAt }: Holder): Problem {
  const who = pid === undefined ? "another process" : `process ${pid}`;
  const since = startedAt === undefined ? "" : ` since ${startedAt}`;
  return {
    code: "lock-held",
    where: { file: path },
    what: `${who} is at work here${since}`,
    hint: "wait until it is done, or end that process; the lock goes with it",
  };
}
