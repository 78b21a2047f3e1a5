// An argument list for git in, its exit code and output out. The one place that runs git: always bounded in time and bytes.
import { spawn } from "node:child_process";
import { setImmediate as aMoment } from "node:timers/promises";
import type { Readable } from "node:stream";
import { gitEnvironment, makeGitHome, SETTINGS } from "./git-environment.ts";
import type { Transport } from "./git-environment.ts";
import { watchGroup } from "./process-group.ts";
import type { CommandResult } from "../machine/machine.ts";

export interface GitCall {
  readonly timeoutMs: number;
  /** Bytes of stdout, and of stderr, after which the call is ended. 1 MiB when left out. */
  readonly outputLimit?: number;
  /** Further `key=value` settings. */
  readonly settings?: readonly string[];
  readonly transport?: Transport;
}

/** git in one directory. Neither method ever throws for what git says; the result tells. */
export interface Git {
  readonly directory: string;
  /** Network, refs and signatures, through simple-git. */
  run(args: readonly string[], call: GitCall): Promise<CommandResult>;
  /** Plumbing that only reads, with bytes in and bytes out. */
  read(args: readonly string[], call: GitCall & { readonly stdin?: string }): Promise<CommandResult>;
}

const OUTPUT_LIMIT = 1 << 20;
const GUARDED = ["CONFIG_NOSYSTEM", "CONFIG_GLOBAL", "ATTR_NOSYSTEM", "TERMINAL_PROMPT", "NO_REPLACE_OBJECTS"];
const GUARDED_TRANSPORT = ["LITERAL_PATHSPECS", "ALLOW_PROTOCOL", "SSH_COMMAND", "SSH_VARIANT", "CONFIG_COUNT"];
const GUARDED_CONFIG = ["CONFIG_KEY_0", "CONFIG_VALUE_0", "CONFIG_KEY_1", "CONFIG_VALUE_1"];
const OURS = [...GUARDED, ...GUARDED_TRANSPORT, ...GUARDED_CONFIG].map((name) => `GIT_${name}`);

/** `home` holds what git keeps for itself; `directory` must exist before the first call. */
export function openGit(home: string, directory: string): Git {
  makeGitHome(home);
  return {
    directory,
    run: (args, call) => runThroughLibrary(home, directory, args, call),
    read: (args, call) => readPlumbing(home, directory, args, call),
  };
}

async function runThroughLibrary(
  home: string,
  baseDir: string,
  args: readonly string[],
  call: GitCall,
): Promise<CommandResult> {
  // Loaded late: it costs more than a fetch that finds nothing.
  const { simpleGit } = await import("simple-git");
  const group = watchGroup(call.timeoutMs);
  const seen: { code: number | undefined; stdout: Buffer[]; stderr: Buffer[] } = {
    code: undefined,
    stdout: [],
    stderr: [],
  };
  const git = simpleGit({
    baseDir,
    // A process group of its own, so that the deadline also ends git's helpers (ssh, git-remote-https, index-pack).
    binary: ["setsid", "git"],
    completion: { onClose: true, onExit: false },
    config: [...SETTINGS, ...(call.settings ?? [])],
    allowEnvironment: OURS,
    // Each of these is set by us above, and by nobody else.
    unsafe: {
      allowUnsafeHooksPath: true,
      allowUnsafeConfigPaths: true,
      allowUnsafeConfigEnvCount: true,
      allowUnsafeSshCommand: true,
    },
    errors: (_error, result) => {
      seen.code = typeof result.exitCode === "number" ? result.exitCode : undefined;
      seen.stdout = [...result.stdOut];
      seen.stderr = [...result.stdErr];
      return undefined;
    },
    abort: group.signal,
  });
  git.env(gitEnvironment(home, call.transport)).outputHandler((_command, stdout, stderr) => {
    for (const stream of [stdout, stderr]) bound(stream, call.outputLimit, () => group.end("output-limit"));
  });
  try {
    await group.around(() => git.raw([...args]));
  } catch (error) {
    // simple-git gives up at once when there are no streams; why there are none is told a moment later.
    await aMoment();
    if (group.ended() === undefined) seen.stderr.push(Buffer.from(String(error)));
  } finally {
    group.done();
  }
  return told(seen.code, group.ended(), Buffer.concat(seen.stdout), Buffer.concat(seen.stderr));
}

function readPlumbing(
  home: string,
  cwd: string,
  args: readonly string[],
  call: GitCall & { readonly stdin?: string },
): Promise<CommandResult> {
  const settings = [...SETTINGS, ...(call.settings ?? [])].flatMap((setting) => ["-c", setting]);
  const group = watchGroup(call.timeoutMs);
  return new Promise((resolve) => {
    const env = gitEnvironment(home, call.transport);
    const child = spawn("git", [...settings, ...args], { cwd, env, detached: true, stdio: "pipe" });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    group.watch(child);
    child.on("close", (code) => {
      group.done();
      resolve(told(code ?? undefined, group.ended(), Buffer.concat(stdout), Buffer.concat(stderr)));
    });
    // Never started; there may be no streams then, whatever their type says.
    if (child.pid === undefined) return;
    child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
    child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
    for (const stream of [child.stdout, child.stderr]) {
      bound(stream, call.outputLimit, () => group.end("output-limit"));
    }
    // git may end before it has read everything; its exit code says what matters.
    child.stdin.on("error", () => undefined);
    child.stdin.end(call.stdin ?? "");
  });
}

/** Ends the call when a stream says more than the limit. */
function bound(stream: NodeJS.ReadableStream | Readable, limit = OUTPUT_LIMIT, end: () => void): void {
  let bytes = 0;
  stream.on("data", (piece: Buffer | string) => {
    bytes += piece.length;
    if (bytes > limit) end();
  });
}

/**
 * 127 is what `setsid` says when there is no git, 126 when PATH has a directory as well that this user may not look
 * into; a negative code is node's, when there is no `setsid`.
 */
function told(code: number | undefined, ended: string | undefined, stdout: Buffer, stderr: Buffer): CommandResult {
  const text = stderr.toString("utf8");
  if (ended !== undefined) return { code: undefined, ended, stdout, stderr: text };
  if (code === undefined) return { code, ended: "signal", stdout, stderr: text };
  if (code < 0 || code === 126 || code === 127) return { code: undefined, ended: "not-found", stdout, stderr: text };
  return { code, stdout, stderr: text };
}
