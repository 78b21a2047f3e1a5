// An argument list in, how the program ended out. Never a shell, never for long, never with our own environment.
import { execFile } from "node:child_process";

export interface CommandEnd {
  /** Exit code; undefined when the program was ended by a signal or never started. */
  readonly code: number | undefined;
  /** Whether there is no such program, or none that this user may run. */
  readonly missing: boolean;
  /** What it printed on both channels, complaints first; at most 1 MiB each. */
  readonly output: string;
}

export type CommandRunner = (argv: readonly string[]) => Promise<CommandEnd>;

export const TIMEOUT_MS = 90_000;

const ENVIRONMENT = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C" };

export async function runCommand([program = "", ...rest]: readonly string[]): Promise<CommandEnd> {
  const options = { env: ENVIRONMENT, timeout: TIMEOUT_MS, killSignal: "SIGKILL" as const, cwd: "/" };
  return new Promise((resolve) => {
    const child = execFile(program, rest, options, (error, stdout, stderr) => {
      const missing = error?.code === "ENOENT" || error?.code === "EACCES";
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : undefined;
      resolve({ code, missing, output: [stderr, stdout].filter((text) => text !== "").join("\n") });
    });
    child.stdin?.on("error", () => undefined);
    child.stdin?.end();
  });
}
