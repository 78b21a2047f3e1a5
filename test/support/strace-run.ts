// Words for the built program in; how it ended under strace, with one of its system calls gone wrong, out.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gitEnvironment } from "./git-forge.ts";
import { readLog, type Call } from "./strace-log.ts";

/** What happens to the `nth` call of that name in every thread of every process. */
export interface Injection {
  readonly call: string;
  /** As strace has it: `signal=KILL`, `error=ENOSPC`. */
  readonly fault: string;
  readonly nth: number;
  /** Only calls about this path. */
  readonly path?: string;
}

/** A thread that is ahead of all others by so many calls. */
export interface Lift {
  readonly thread: "main" | "pool";
  readonly call: string;
  readonly times: number;
}

export interface Tracing {
  readonly injection?: Injection;
  readonly lift?: Lift;
  /** Stopped at every call, and the programs that it starts left alone: the only way to send a signal, and slow. */
  readonly everyStop?: boolean;
}

export interface Traced {
  /** Exit code; undefined when it was killed: strace ends in the way that its program did. */
  readonly code: number | undefined;
  readonly killed: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: readonly Call[];
}

const PROGRAM = join(import.meta.dirname, "../../dist/reconcile.js");
const LIFT = join(import.meta.dirname, "strace-lift.mjs");

/** Resolves when the program has ended. */
export async function runTraced(
  words: readonly string[],
  log: string,
  names: readonly string[],
  { injection, lift, everyStop = injection?.fault.startsWith("signal=") === true }: Tracing = {},
): Promise<Traced> {
  const watching = ["-f", ...(everyStop ? ["-b", "execve"] : ["--seccomp-bpf"]), "-q", "-y", "-o", log];
  const watched = ["-e", `trace=${names.join(",")}`, "-e", "signal=none", ...faultsOf(injection)];
  // Without the engine's own helpers there is less to stop.
  const program = [process.execPath, "--v8-pool-size=0", "--import", LIFT, PROGRAM, ...words];
  const lifting = lift === undefined ? {} : liftingOf(lift);
  const env = { ...gitEnvironment(), NO_COLOR: "1", UV_THREADPOOL_SIZE: "1", ...lifting };
  const child = spawn("strace", [...watching, ...watched, ...program], { env, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said.stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (said.stderr += text));
  const [code, signal] = await new Promise<[number | null, NodeJS.Signals | null]>((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (...how) => resolve(how));
  });
  return { code: code ?? undefined, killed: signal === "SIGKILL", ...said, calls: readLog(readFileSync(log, "utf8")) };
}

function liftingOf({ thread, call, times }: Lift): Readonly<Record<string, string>> {
  return { LIFT_THREAD: thread, LIFT_CALL: call, LIFT_TIMES: String(times) };
}

function faultsOf(injection: Injection | undefined): readonly string[] {
  if (injection === undefined) return [];
  const { call, fault, nth, path } = injection;
  return ["-e", `inject=${call}:${fault}:when=${nth}`, ...(path === undefined ? [] : ["-P", path])];
}
