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
  /** It needs root, for a socket, a key or a log that it opens: as anybody else the file counts as not checked. */
  readonly checkAsRoot?: true;
  /** Where a family calls the checker by another name: what takes the place of the first word of `check`. */
  readonly checkProgram?: PerFamily<string>;
  /**
   * For a file that means something only inside a main configuration: the text of a small one, with `{file}` where the
   * file is included. It is written beside the staged file, with a name that has the ending of the final file's (some
   * checkers go by it), and `{main}` in `check` stands for it. `{modules}` in it would be the service's confile
   * `modules`: its new copy where there is one, otherwise its final path.
   */
  readonly checkMain?: PerFamily<string>;
  /** Some checkers say no and still exit with 0: regular expressions over what they print that mean no. */
  readonly checkRefuses?: readonly string[];
  /**
   * For a file whose pieces are lists of words: what becomes of each line, `{1}` being its first word. The line has as
   * many words as are asked for; comments and empty lines stay.
   */
  readonly line?: PerFamily<string>;
  /** How the pieces of one file become one text; `plain`, one after the other, when left out. */
  readonly join?: Join;
  /** With `join: "block"`: the line that opens the block and the line that closes it. */
  readonly block?: readonly [open: string, close: string];
  /** Where this file belongs to another program than the rest of the service: wins over the provider's own. */
  readonly activation?: Activation;
  /** The same for the packages that bring that program. */
  readonly packages?: PerFamily<readonly string[]>;
}

/**
 * `plain`: one after the other. `iptables`: rules are sorted into the tables they name, each table once, with one COMMIT.
 * `block`: inside one block, such as BIND's `options { ... };`: see `Confile.block`.
 */
export type Join = "plain" | "iptables" | "block";

/** What makes a running service use its new files. */
export interface Activation {
  /**
   * `reload` where the service can, which starts it when it does not run; `restart` where only that helps;
   * `daemon-reload` where the files are units themselves and systemd has to read them: a unit that is named as well is
   * restarted then.
   */
  readonly how: "reload" | "restart" | "daemon-reload";
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
  /** Files of the final system that mace takes over. Where it is empty, mace and other configuration live side by side. */
  readonly replaces: PerFamily<readonly string[]>;
  /** Files of the final system that have to go, because they would say something else. */
  readonly removes: PerFamily<readonly string[]>;
  /** Variables that sources may use, such as the user a daemon runs as. The environment wins over them. */
  readonly variables?: PerFamily<Readonly<Record<string, string>>>;
}

export const FAMILIES: readonly Family[] = ["debian", "redhat", "suse", "arch", "alpine"];

/** The same value for every family, but for those that differ. */
export function everywhere<T>(value: T, differing: PerFamily<T> = {}): PerFamily<T> {
  return { debian: value, redhat: value, suse: value, arch: value, alpine: value, ...differing };
}
