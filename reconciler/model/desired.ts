// What the fleet wants of one host, as checked and merged from fleet.yaml, its groups and its school file.
import type { Brake, Policy } from "./target.ts";
import type { HealthCheck } from "./health.ts";
import type { Where } from "../../common/problem.ts";

/** A word of the desired state and where it was written, so that later stages can still point at it. */
export interface Placed<T> {
  readonly value: T;
  readonly where: Where;
}

/** What `files:` says of one path. Owner and group are names or numbers in text. */
export interface FileWish {
  readonly path: string;
  readonly where: Where;
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

export interface DesiredState {
  readonly host: string;
  /** In layering order: a later group is nearer to the school. */
  readonly groups: readonly string[];
  /** Layers of the package's own templates, in the order of their names. */
  readonly templates: readonly string[];
  /** Variables from `env:` maps; they win over the env/*.env files of the same or a farther place. */
  readonly env: ReadonlyMap<string, Placed<string>>;
  readonly files: ReadonlyMap<string, FileWish>;
  /** By path, or by folder when it ends with "/"; the longest match wins. */
  readonly policy: ReadonlyMap<string, Policy>;
  readonly health: readonly HealthCheck[];
  readonly brake: Brake;
}
