// How apk is asked and told, on this machine itself or on another root; and its records, which are plain texts.
import { FileError, type CommandResult, type Machine, type MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";

const ASK_TIMEOUT_MS = 120_000;
const OUTPUT_LIMIT = 32 * 1024 * 1024;

export const INSTALLED = "/lib/apk/db/installed";
export const WORLD = "/etc/apk/world";

export function askApk(machine: MachineReader, ...words: readonly string[]): Promise<CommandResult> {
  return machine.query(argv(machine, words), { timeoutMs: ASK_TIMEOUT_MS, outputLimit: OUTPUT_LIMIT });
}

/** Never ended in the middle because a run is out of time; only its own deadline does that. */
export async function runApk(
  machine: Machine,
  { signal, timeoutMs }: ManagerOptions,
  ...words: readonly string[]
): Promise<CommandResult> {
  if (signal.aborted) return { code: undefined, ended: "aborted", stdout: Buffer.alloc(0), stderr: "" };
  return machine.run(argv(machine, words), { timeoutMs, outputLimit: OUTPUT_LIMIT });
}

function argv(machine: MachineReader, words: readonly string[]): readonly string[] {
  const root = machine.live ? [] : ["--root", machine.hostPath("/")];
  return ["apk", ...root, "--no-interactive", "--no-progress", ...words];
}

export async function textOf({ files }: MachineReader, path: string): Promise<string> {
  try {
    return (await files.read(path)).toString();
  } catch (error) {
    if (error instanceof FileError && ["ENOENT", "ENOTDIR"].includes(error.code)) return "";
    throw error;
  }
}
