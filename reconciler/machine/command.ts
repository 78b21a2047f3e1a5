// An argument list in, what the program answered out. No shell, a clean environment, a deadline that ends all of it.
import { spawn } from "node:child_process";
import { constants, accessSync, statSync } from "node:fs";
import { codeOf } from "./errno.ts";
import { programEnvironment } from "./program.ts";
import { endGroup } from "./process-group.ts";
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { CommandOptions, CommandResult } from "./machine.ts";

const DEFAULT_LIMIT = 1024 * 1024;
/** A daemon that a program started may hold its output open; nobody waits for that longer than this. */
const CLOSE_GRACE_MS = 500;
/** What setTimeout can count to. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Runs a program (a name in PATH or an absolute path) and waits for it; never throws. Past its deadline, or when it
 * prints too much, its whole process group gets SIGTERM, and SIGKILL two seconds later.
 */
export async function runCommand(argv: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const env = programEnvironment(options.env);
  const found = findProgram(argv[0] ?? "", env["PATH"] ?? "");
  if ("ended" in found) return never(found.ended, argv[0] ?? "");
  const stdin = options.stdin === undefined ? "ignore" : "pipe";
  try {
    const child = spawn(found.program, argv.slice(1), {
      argv0: argv[0],
      cwd: options.cwd ?? "/",
      env,
      detached: true,
      stdio: [stdin, "pipe", "pipe"],
    });
    return await follow(child, options);
  } catch (error) {
    return neverStarted(error);
  }
}

function neverStarted(error: unknown): CommandResult {
  const why = error instanceof Error ? error.message : String(error);
  return never(codeOf(error) === "ENOENT" ? "not-found" : "not-permitted", why);
}

function never(ended: string, why: string): CommandResult {
  return { code: undefined, ended, stdout: Buffer.alloc(0), stderr: why };
}

/** Looks the way execvp(3) does, so that "not there" and "not allowed" can be told apart before anything starts. */
function findProgram(name: string, path: string): { program: string } | { ended: "not-found" | "not-permitted" } {
  const absolute = name.startsWith("/");
  if (name === "" || name.includes("\0") || (name.includes("/") && !absolute)) return { ended: "not-found" };
  const candidates = absolute ? [name] : path.split(":").map((directory) => `${directory}/${name}`);
  const present = candidates.filter(isFile);
  const program = present.find(isExecutable);
  if (program !== undefined) return { program };
  return { ended: present.length > 0 ? "not-permitted" : "not-found" };
}

/** A directory of PATH that this user may not look into holds nothing for this user. */
function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Stays with a started program until it and, if it had to be ended, its whole group is gone. */
async function follow(child: ChildProcess, options: CommandOptions): Promise<CommandResult> {
  let ended: string | undefined;
  let ending: Promise<void> | undefined;
  // Even SIGKILL does not end a process that waits for a broken disk; then we go on without it.
  const stuck = new AbortController();
  const end = (why: string): void => {
    ended ??= why;
    ending ??= endGroup(child.pid).then(() => void setTimeout(() => stuck.abort(), 2 * CLOSE_GRACE_MS).unref());
  };
  const limit = options.outputLimit ?? DEFAULT_LIMIT;
  const stdout = keep(child.stdout, limit, () => end("output-limit"));
  const stderr = keep(child.stderr, limit, () => end("output-limit"));
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(options.stdin);
  const deadline = setTimeout(() => end("timeout"), Math.min(options.timeoutMs, LONGEST_TIMER_MS));
  const abort = (): void => end("aborted");
  options.signal?.addEventListener("abort", abort);
  if (options.signal?.aborted === true) abort();
  const exit = await exitOf(child, stuck.signal);
  clearTimeout(deadline);
  options.signal?.removeEventListener("abort", abort);
  await ending;
  if (exit.error !== undefined) return neverStarted(exit.error);
  const kept = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString("utf8") };
  const why = ended ?? exit.signal;
  return why === undefined ? { code: exit.code, ...kept } : { code: undefined, ended: why, ...kept };
}

/** The first `limit` bytes of a stream; `overflow` is told of the first byte that is not kept. */
function keep(stream: Readable | null, limit: number, overflow: () => void): Buffer[] {
  const pieces: Buffer[] = [];
  let left = limit;
  stream?.on("error", () => undefined);
  stream?.on("data", (piece: Buffer) => {
    if (left > 0) pieces.push(piece.subarray(0, left));
    if (piece.length > left) overflow();
    left = Math.max(0, left - piece.length);
  });
  return pieces;
}

interface Exit {
  readonly code?: number | undefined;
  readonly signal?: string | undefined;
  readonly error?: Error;
}

function exitOf(child: ChildProcess, stuck: AbortSignal): Promise<Exit> {
  return new Promise((resolve) => {
    stuck.addEventListener("abort", () => resolve({}));
    child.on("error", (error) => resolve({ error }));
    child.on("close", (code, signal) => resolve({ code: code ?? undefined, signal: signal ?? undefined }));
    child.on("exit", () => {
      const letGo = setTimeout(() => [child.stdout, child.stderr].forEach((pipe) => pipe?.destroy()), CLOSE_GRACE_MS);
      child.on("close", () => clearTimeout(letGo));
    });
  });
}
