// What a manager built on rpm has to say in its own words; everything else is the same for dnf and zypper.
import type { Problem, Result } from "../../../../common/problem.ts";
import type { CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions, PackageAction, Upgrade } from "../manager.ts";
import type { Entry } from "./database.ts";

/** One thing asked of a transaction. */
export type Job =
  | { readonly type: "remove"; readonly key: string; readonly version: string; readonly arch: string }
  | {
      readonly type: "install";
      readonly key: string;
      readonly version?: string;
      readonly minimum?: string;
      /** The version that this one replaces. */
      readonly from?: string;
      /** Absolute path on this machine of an archive with it. */
      readonly archive?: string;
      /** It comes because another one needs it. */
      readonly pulledIn?: boolean;
    };

export interface Request {
  readonly jobs: readonly Job[];
  /** Nothing but what is asked: no recommended packages, no repository when every package is at hand as an archive. */
  readonly exact: boolean;
  /** What is installed now. */
  readonly entries: readonly Entry[];
}

export interface Rehearsal {
  readonly actions: readonly PackageAction[];
  /** Why some of it cannot be, in the manager's words; empty when it has nothing to say. */
  readonly explanation: string;
}

export interface Front {
  readonly name: string;
  /** Below the managed root; they hold the number of the process that works. */
  readonly pidFiles: readonly string[];
  /** Which packages stay at their version. */
  holds(machine: MachineReader): Promise<(name: string) => boolean>;
  /** The transaction that the manager would make; problems when it could not even try. */
  rehearse(machine: MachineReader, request: Request): Promise<Result<Rehearsal>>;
  make(machine: Machine, request: Request, options: ManagerOptions): Promise<CommandResult>;
  /** Problems: what could not be fetched. */
  download(machine: Machine, request: Request, options: ManagerOptions): Promise<readonly Problem[]>;
  /** Versions that the repositories have, oldest first, by key. */
  offers(machine: MachineReader, keys: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  refresh(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]>;
  upgrades(machine: MachineReader, entries: readonly Entry[]): Promise<Result<readonly Upgrade[]>>;
  /** Lies where the archive of an installed version was put: in `store`, or elsewhere on this machine. */
  fetch(machine: Machine, entry: Entry, store: string, options: ManagerOptions): Promise<string | undefined>;
  /** Writes the files of these packages again. */
  reinstall(machine: Machine, entries: readonly Entry[], options: ManagerOptions): Promise<CommandResult>;
  hold(
    machine: Machine,
    entries: readonly Entry[],
    held: boolean,
    options: ManagerOptions,
  ): Promise<readonly Problem[]>;
}
