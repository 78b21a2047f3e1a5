// A machine in, one that looks the same and stays as it is out: writes and runs are swallowed, and counted.
import type { CommandResult, Files, Machine } from "./machine.ts";

export interface DryMachine extends Machine {
  /** Writes and runs that would have been made. */
  swallowed(): number;
}

export function dryMachine(machine: Machine): DryMachine {
  let count = 0;
  const swallow = (): void => {
    count++;
  };
  const run = async (): Promise<CommandResult> => {
    swallow();
    return { code: 0, stdout: Buffer.alloc(0), stderr: "" };
  };
  const { clock, live, privileged } = machine;
  return {
    files: dryFiles(machine.files, swallow),
    store: { ...machine.store, files: dryFiles(machine.store.files, swallow) },
    clock,
    live,
    privileged,
    hostPath: (path) => machine.hostPath(path),
    query: (argv, options) => machine.query(argv, options),
    run,
    swallowed: () => count,
  };
}

function dryFiles(files: Files, swallow: () => void): Files {
  const swallowLater = async (): Promise<void> => swallow();
  return {
    stat: (path) => files.stat(path),
    stats: (paths) => files.stats(paths),
    read: (path, limit) => files.read(path, limit),
    digest: (path) => files.digest(path),
    readLink: (path) => files.readLink(path),
    list: (path) => files.list(path),
    space: (path) => files.space(path),
    create: swallowLater,
    copyIn: async () => {
      swallow();
      return "";
    },
    append: swallowLater,
    jot: swallow,
    copyAttributes: swallowLater,
    copyAttributesOfMany: swallowLater,
    makeDirectory: swallow,
    removeDirectory: swallow,
    makeSymlink: swallow,
    link: swallow,
    rename: swallow,
    unlink: swallow,
    setPermissions: swallow,
    syncDirectory: swallowLater,
  };
}
