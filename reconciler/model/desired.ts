// What the fleet wants of one host, as checked and merged from fleet.yaml, its groups and its school file.
import type { FamilyNames } from "./family.ts";
import type { HealthCheck } from "./health.ts";
import type { PackageState } from "./package-state.ts";
import type { Service } from "./service-state.ts";
import type { Brake, Policy, Running, Supply, Updates } from "./target.ts";
import type { Calendar, Window } from "./window.ts";
import type { Where } from "../../common/problem.ts";

/** A word of the desired state and where it was written, so that later stages can still point at it. */
export interface Placed<T> {
  readonly value: T;
  readonly where: Where;
}

/** What all wishes have. */
interface Wish {
  /** Where the nearest file speaks of it. */
  readonly where: Where;
  /** Name of the window in which it may be changed; any time when left out. */
  readonly window?: string;
}

/** What `files:` says of one path. Owner and group are names or numbers in text. */
export interface FileWish extends Wish {
  readonly path: string;
  readonly owner?: string;
  readonly group?: string;
  /** Permission bits. */
  readonly mode?: number;
  /** Argument list of a checker; `{file}` stands for the staged file. */
  readonly check?: readonly string[];
  /** `rendered` gives permissions to a file that mace makes. */
  readonly content:
    | { readonly type: "rendered" }
    | { readonly type: "directory" }
    | { readonly type: "absent" }
    | { readonly type: "link"; readonly target: string }
    /** A file of the repository, byte for byte. */
    | { readonly type: "copy"; readonly source: string }
    /** A file of the repository in which `@NAME@` is replaced; `env` is added to the host's environment. */
    | { readonly type: "template"; readonly source: string; readonly env: ReadonlyMap<string, string> };
}

/** A system group. */
export interface GroupWish {
  readonly name: string;
  readonly where: Where;
  /** 100 to 999; the one that it has, or a free one, when left out. */
  readonly id?: number;
}

/** A system user. */
export interface UserWish extends GroupWish {
  /** Name of the primary group; it has a GroupWish as well. */
  readonly group: string;
  /** Names of further groups, sorted. */
  readonly groups: readonly string[];
  /** Absolute paths. */
  readonly home?: string;
  readonly shell?: string;
}

export type AccountWish = GroupWish | UserWish;

/** What `packages:` says of one package. */
export interface PackageWish extends Wish {
  /** The fleet's name; `nameFor()` gives the distribution's. */
  readonly name: string;
  readonly names: FamilyNames;
  readonly state: PackageState;
}

/** What `services:` says of one service. */
export interface ServiceWish extends Wish {
  /** The fleet's name; `nameFor()` gives the distribution's. */
  readonly name: string;
  readonly names: FamilyNames;
  readonly state: Service;
  /** `packages` are the fleet's names where `packages:` has them, otherwise the distribution's. */
  readonly running: Running;
  /** The fleet's names of services that have to run before it, sorted. */
  readonly after: readonly string[];
}

/** What `data:` says of one path. Owner and group are names or numbers in text. */
export interface DataWish extends Wish, Omit<Supply, "source"> {
  readonly path: string;
  /** `path:` has become rsync with an absolute path. Of http, `size` is about how much comes, not an exact number. */
  readonly source:
    { readonly type: "repository"; readonly path: string } | Exclude<Supply["source"], { readonly type: "repository" }>;
  readonly owner?: string;
  readonly group?: string;
  /** Permission bits. */
  readonly mode?: number;
}

export interface DesiredState {
  readonly host: string;
  /** In layering order: a later group is nearer to the school. */
  readonly groups: readonly string[];
  /** Layers of the package's own templates, in the order of their names. */
  readonly templates: readonly string[];
  /** Variables from `env:` maps; they win over the env/*.env files of the same or a farther place. */
  readonly env: ReadonlyMap<string, Placed<string>>;
  readonly accounts: {
    readonly users: ReadonlyMap<string, UserWish>;
    readonly groups: ReadonlyMap<string, GroupWish>;
  };
  readonly packages: ReadonlyMap<string, PackageWish>;
  readonly files: ReadonlyMap<string, FileWish>;
  readonly data: ReadonlyMap<string, DataWish>;
  readonly services: ReadonlyMap<string, ServiceWish>;
  /** By path, or by folder when it ends with "/"; the longest match wins. */
  readonly policy: ReadonlyMap<string, Policy>;
  readonly health: readonly HealthCheck[];
  readonly brake: Brake;
  /**
   * What else than the usual could cut this server off: paths, folders that end with "/", and `service:` or `package:`
   * with the fleet's names; sorted. Left out when nobody speaks of any.
   */
  readonly confirm?: readonly string[];
  /** Left out when nobody speaks of updates: none then. */
  readonly updates?: Updates;
  /** What becomes of a change that cannot be undone. */
  readonly irreversible: "allow" | "hold";
  /** By name. */
  readonly windows: ReadonlyMap<string, Window>;
  readonly calendars: ReadonlyMap<string, Calendar>;
}
