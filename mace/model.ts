// The nouns of mace: configuration sources in, final configuration out. mace knows neither git nor a daemon.
import type { Checker } from "../common/checker.ts";
import type { Problem, Where } from "../common/problem.ts";

/** One root directory of configuration sources; later roots supplement, override and hide earlier ones. */
export interface Root {
  /** How a person calls it: a folder, or `templates/0100.base`. Stands before every path in provenance and problems. */
  readonly name: string;
  /** Bytes by path below the root (`0300.proxy/squid.d/10-acl.conf`). An empty file may hide. */
  readonly files: ReadonlyMap<string, Buffer>;
  /** Paths that whoever read the root left out on purpose, such as `.git`: they are told in a notice. */
  readonly skipped?: readonly string[];
}

/** A variable and where it was set. */
export interface Variable {
  readonly value: string;
  readonly where: Where;
}

export type Environment = ReadonlyMap<string, Variable>;

export type Family = "debian" | "redhat" | "suse" | "arch" | "alpine";

/** Where one line of a final file comes from. */
export interface Origin {
  /** Name of the root, and the path below it; together they name the source file. */
  readonly root: string;
  readonly path: string;
  /** Counts from 1. */
  readonly line: number;
  /** Variables that were filled in on this line. */
  readonly variables: readonly string[];
}

export interface FinalFile {
  /** Absolute path on the server, for this family. */
  readonly path: string;
  /** Name of the provider, which is the name of the service directory without `.d`. */
  readonly service: string;
  /** Which of the service's files it is: the name of the directory below the service directory, or empty. */
  readonly confile: string;
  readonly bytes: Buffer;
  /** Permission bits that the service wants, for example 0o644. */
  readonly mode: number;
  /** Owner and group by name; root when left out. */
  readonly owner?: string;
  readonly group?: string;
  /** One for each line of the file; undefined for lines that mace itself writes (the header). */
  readonly origins: readonly (Origin | undefined)[];
  readonly checker?: Checker;
  /** `checker.argv`, where that needs no main configuration. */
  readonly check?: readonly string[];
  /** Paths on the server without which the checker cannot run: where one is missing, the file counts as not checked. */
  readonly checkNeeds?: readonly string[];
}

/** A file of the final system that has to go, because a service that has pieces would read it as well. */
export interface Removal {
  readonly path: string;
  readonly service: string;
}

/** What became of one source file. */
export interface Piece {
  readonly root: string;
  readonly path: string;
  readonly fate: "used" | "overridden" | "hidden";
  /** Root and path of the source that overrode or hid it. */
  readonly by?: string;
  /** The final file it is part of, when used. */
  readonly final?: string;
}

export interface Rendering {
  /** Sorted by path. */
  readonly files: readonly FinalFile[];
  /** Sorted by path; none of them is one of `files`. */
  readonly removals: readonly Removal[];
  readonly pieces: readonly Piece[];
  /** Warnings: nothing here stops the rendering. */
  readonly notices: readonly Problem[];
}

export interface MakeInput {
  /** In layering order. */
  readonly roots: readonly Root[];
  /** Wins over variables that the roots' own .env files set. */
  readonly env: Environment;
  readonly family: Family;
}
