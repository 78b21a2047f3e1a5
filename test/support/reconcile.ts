// Words for the built program in, what it answered out.
import { runCommand } from "../../reconciler/machine/command.ts";
import { exampleFleetFolder } from "../../reconciler/package-paths.ts";

export interface Answer {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

const PROGRAM = `${exampleFleetFolder()}/../dist/reconcile.js`;

/** Runs `reconcile` with nobody's git configuration. */
export async function reconcile(words: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const nobodys = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1", NO_COLOR: "1" };
  const argv = [process.execPath, PROGRAM, ...words];
  const told = await runCommand(argv, { timeoutMs: 60_000, outputLimit: 16 << 20, env: { ...nobodys, ...env } });
  return { code: told.code, stdout: told.stdout.toString("utf8"), stderr: told.stderr };
}
