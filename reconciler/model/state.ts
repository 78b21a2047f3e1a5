// What a resource can be. Wanted, seen and remembered are all told in these words; commands are not.
import type { GroupState, UserState } from "./account-state.ts";
import type { DataState } from "./data-state.ts";
import type { FileState } from "./file-state.ts";
import type { PackageState } from "./package-state.ts";
import type { ServiceState } from "./service-state.ts";

/**
 * One row per kind of resource; unions and tables are derived from it, so a kind cannot be half added. They stand in
 * the order in which a server is built up; it is taken down the other way round.
 */
export interface States {
  readonly group: GroupState;
  readonly user: UserState;
  readonly package: PackageState;
  readonly file: FileState;
  readonly data: DataState;
  readonly service: ServiceState;
}

export type Kind = keyof States;
export type State = States[Kind];

/**
 * Kind and name: `file:/etc/motd`, `package:nginx`, `service:nginx`, `user:kiwix`. A file and an item of data are named
 * by their absolute path below the managed root, all others by the name that this distribution gives them.
 */
export type ResourceId = `${Kind}:${string}`;

export function idOf(kind: Kind, name: string): ResourceId {
  return `${kind}:${name}`;
}

export function fileId(path: string): ResourceId {
  return `file:${path}`;
}

export function kindOf(id: ResourceId): Kind {
  return id.slice(0, id.indexOf(":")) as Kind;
}

/** The name in an id; of a file or an item of data it is the path. */
export function nameOf(id: ResourceId): string {
  return id.slice(id.indexOf(":") + 1);
}

/** For a person: `/etc/motd`, `package nginx`. */
export function titleOf(id: ResourceId): string {
  const kind = kindOf(id);
  return kind === "file" || kind === "data" ? nameOf(id) : `${kind} ${nameOf(id)}`;
}
