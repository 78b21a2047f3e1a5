// Where an archive is made sure of, and the small programs that work there.
import type { Machine } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { touch } from "./call.ts";
import type { PackageStatus } from "./status.ts";

export interface Workshop {
  readonly machine: Machine;
  readonly status: PackageStatus;
  /** An empty folder on this machine. */
  readonly folder: string;
  /** What the archive is to be called, as apt calls it. */
  readonly file: string;
  readonly options: ManagerOptions;
}

export async function did({ machine, options }: Workshop, argv: readonly string[], stdin?: Buffer): Promise<boolean> {
  return (await touch(machine, argv, options, stdin && { stdin })).code === 0;
}
