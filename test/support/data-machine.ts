// Files in memory in, a machine around them out: no program is installed there.
import type { Clock, CommandResult, Files, Machine } from "../../reconciler/machine/machine.ts";
import { MemoryFiles } from "./memory-files.ts";

const NOT_FOUND: CommandResult = { code: undefined, ended: "not-found", stdout: Buffer.alloc(0), stderr: "" };

export interface MachineParts {
  readonly store?: Files;
  readonly clock?: Clock;
}

export function memoryMachine(files: Files, { store = new MemoryFiles(), clock }: MachineParts = {}): Machine {
  return {
    files,
    store: { files: store, hostPath: (path) => `/nowhere${path}` },
    clock: clock ?? { wallMs: () => 1_800_000_000_000, monotonicMs: () => 0 },
    live: false,
    privileged: true,
    hostPath: (path) => `/nowhere${path}`,
    query: async () => NOT_FOUND,
    run: async () => NOT_FOUND,
  };
}
