// What mace knows of one service: which files it reads, where each distribution keeps them, how it checks and reloads.
import type { Family } from "../model.ts";

/** One value for each family; a family that is left out is one where mace does not know the service. */
export type PerFamily<T> = Readonly<Partial<Record<Family, T>>>;

/** One configuration file of a service, or one kind of file of which there may be several. */
export interface Confile {
  /**
   * Absolute final path for each family. `{name}` takes one directory level below the confile (a zone, a site),
   * `{path}` takes all of them.
   */
  readonly paths: PerFamily<string>;
  /** How a line of comment begins. Without it there is no header and the text is left exactly as it is. */
  readonly comment?: string;
  /** Permission bits; 0o644 when left out. */
  readonly mode?: number;
  readonly owner?: string;
  readonly group?: string;
  /** The service's own checker, as an argument list with `{file}` and, where the path has one, `{name}`. */
  readonly check?: readonly string[];
  /** Paths on the server without which the checker cannot run. */
  readonly checkNeeds?: PerFamily<readonly string[]>;
}

/** What makes a running service use its new files. */
export interface Activation {
  /** `reload` where the service can, which starts it when it does not run; `restart` where only that helps. */
  readonly how: "reload" | "restart";
  /** Name of the systemd unit (of the OpenRC service on alpine). */
  readonly units: PerFamily<string>;
}

/** One service. A new one is one file like this in services/, and its line in `all.ts`. */
export interface Provider {
  /** Name of the service directory without `.d`. */
  readonly service: string;
  /** One line for people. */
  readonly about: string;
  /** By name of the directory below the service directory; the name is empty for a service with a single file. */
  readonly confiles: Readonly<Record<string, Confile>>;
  readonly activation?: Activation;
  /** Packages that bring the service. */
  readonly packages: PerFamily<readonly string[]>;
  /** Services that have to be activated after this one. */
  readonly affects: readonly string[];
  /** Variables that sources may use, such as the user a daemon runs as. The environment wins over them. */
  readonly variables?: PerFamily<Readonly<Record<string, string>>>;
}

export const FAMILIES: readonly Family[] = ["debian", "redhat", "suse", "arch", "alpine"];

/** The same value for every family, but for those that differ. */
export function everywhere<T>(value: T, differing: PerFamily<T> = {}): PerFamily<T> {
  return { debian: value, redhat: value, suse: value, arch: value, alpine: value, ...differing };
}
