// An argument list in, a process in a group of its own out: what it prints, how it ends, and signals to it.
import { spawn } from "node:child_process";
import { codeOf } from "../machine/errno.ts";
import { endGroup } from "../machine/process-group.ts";
import { programEnvironment } from "../machine/program.ts";
import type { Definition } from "./definition.ts";

export interface Ended {
  /** `exit 1`, `SIGKILL`, `not-found`. */
  readonly how: string;
  readonly well: boolean;
}

export interface Child {
  readonly pid: number;
  /** Resolves when it has ended, whoever ended it. */
  readonly ended: Promise<Ended>;
  signal(signal: NodeJS.Signals): void;
  /** SIGTERM to all of its group, SIGKILL to what stays. */
  end(): Promise<void>;
}

/** The child, or how it could not be started. */
export function startChild(
  { run: [program = "", ...words], env }: Definition,
  cwd: string,
  print: (bytes: Buffer) => void,
): Promise<Child | Ended> {
  const child = spawn(program, words, {
    cwd,
    env: programEnvironment(env),
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  // What could not be started for want of descriptors has no streams, whatever their type says.
  if (child.pid !== undefined) for (const stream of [child.stdout, child.stderr]) stream.on("data", print);
  const ended = new Promise<Ended>((resolve) => {
    child.once("exit", (code, signal) => resolve({ how: signal ?? `exit ${code ?? ""}`, well: code === 0 }));
  });
  return new Promise((resolve) => {
    child.once("error", (error) => resolve({ how: whyNot(error), well: false }));
    child.once("spawn", () => {
      const pid = child.pid ?? 0;
      resolve({ pid, ended, signal: (signal) => void child.kill(signal), end: () => endGroup(pid) });
    });
  });
}

function whyNot(error: Error): string {
  const code = codeOf(error);
  return code === "ENOENT" ? "not-found" : (code ?? "not-started");
}
