// What a package manager can do for us, in words that every one of them understands. Its own words and the parsers of
// its answers stand in one file (or folder) a manager, and nowhere else.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import type { Problem, Result } from "../../../common/problem.ts";

/** One installed package. */
export interface InstalledPackage {
  readonly version: string;
  readonly held: boolean;
}

/** What somebody wants of one package. */
export type PackageWish =
  | { readonly name: string; readonly type: "installed"; readonly version?: string; readonly minimum?: string }
  | { readonly name: string; readonly type: "absent" };

/** One package of a transaction. `from` is left out for a new one, `to` for one that goes. */
export interface PackageAction {
  readonly name: string;
  readonly from?: string;
  readonly to?: string;
  /** Nobody wished for it by name: it comes because another one needs it. */
  readonly pulledIn?: boolean;
}

/** A newer version that the repositories have. */
export interface Upgrade {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Whether it comes from a security origin; undefined where the manager does not say. */
  readonly security?: boolean;
}

/** A conffile of ours that the maintainer's new version would have written otherwise. */
export interface ConffileHint {
  readonly package: string;
  /** The file in use. */
  readonly path: string;
  /** Where the maintainer's version lies, for example `/etc/hello.conf.dpkg-dist`. */
  readonly other: string;
}

export interface ManagerOptions {
  /** Aborted when the run has no time left; programs are then ended. */
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

export interface PackageManager {
  /** `apt`, `dnf`, `zypper`, `pacman`, `apk`. */
  readonly name: string;
  /** Those of `names` that are installed, or every installed package when left out. */
  installed(machine: MachineReader, names?: readonly string[]): Promise<Result<ReadonlyMap<string, InstalledPackage>>>;
  /** Whether a version is as new as another, by the manager's own order. */
  isAtLeast(machine: MachineReader, version: string, minimum: string): Promise<boolean>;
  /** What was left half done (killed in the middle, no power): names of packages or files; empty when all is well. */
  broken(machine: MachineReader): Promise<Result<readonly string[]>>;
  /** Repairs that with the manager's own means, and only that. */
  repair(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]>;
  /** Who holds the manager's lock, `apt-get (process 123)`; undefined when nobody does. */
  lockHolder(machine: MachineReader): Promise<string | undefined>;
  /** Asks the repositories for their lists; problems tell the repositories that did not answer. */
  refresh(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]>;
  /** Newer versions of what is installed, from the lists at hand. */
  upgrades(machine: MachineReader): Promise<Result<readonly Upgrade[]>>;
  /**
   * The whole transaction that would fulfil the wishes, with all that is pulled in and all that would go, and nothing
   * done. Problems: unknown package, no such version, broken dependencies, a hold in the way.
   */
  simulate(machine: MachineReader, wishes: readonly PackageWish[]): Promise<Result<readonly PackageAction[]>>;
  /** Fetches every archive of the transaction to where `perform` finds it, and changes nothing else. */
  download(machine: Machine, actions: readonly PackageAction[], options: ManagerOptions): Promise<readonly Problem[]>;
  /**
   * Makes sure of the archive of an installed version: from a cache, a repository, or packed again from what is there.
   * `store` is a folder on this machine that the manager may write to; the name of the file in it comes back, undefined
   * when it cannot be had.
   */
  secure(
    machine: Machine,
    installed: { readonly name: string; readonly version: string },
    store: string,
    options: ManagerOptions,
  ): Promise<string | undefined>;
  /**
   * Makes exactly these actions, in one transaction of the manager, or refuses; conffiles that were changed stay as they
   * are. `archives` are absolute paths on this machine of archives that are not in a repository (for a way back).
   */
  perform(
    machine: Machine,
    actions: readonly PackageAction[],
    archives: readonly string[],
    options: ManagerOptions,
  ): Promise<readonly Problem[]>;
  /** Tells the manager to leave these at their version, or not any more. */
  hold(machine: Machine, names: readonly string[], held: boolean, options: ManagerOptions): Promise<readonly Problem[]>;
  /** What the maintainer's versions of conffiles would have changed. */
  conffileHints(machine: MachineReader, names: readonly string[]): Promise<readonly ConffileHint[]>;
}
