// What a resource can be. Wanted, seen and remembered are all told in these words; commands are not.

/** Lower-case hex SHA-256 of a content. */
export type Digest = string;

/**
 * One row per kind of resource; unions and tables are derived from it, so a kind cannot be half added.
 * (Packages, services and data join as further rows.)
 */
export interface States {
  readonly file: FileState;
}

export type Kind = keyof States;
export type State = States[Kind];

/** Kind and name, for example `file:/etc/motd`. The name of a file is its absolute path below the managed root. */
export type ResourceId = `${Kind}:${string}`;

/** Who owns it and who may do what. A member that is left out is not cared for: any value will do. */
export interface Permissions {
  /** Twelve permission bits, for example 0o644. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

export interface RegularFile extends Permissions {
  readonly type: "regular";
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

export interface Directory extends Permissions {
  readonly type: "directory";
}

/** Permissions of a symlink itself mean nothing on Linux, but it has an owner. */
export interface Symlink extends Permissions {
  readonly type: "symlink";
  /** The text of the link, as readlink(2) gives it. */
  readonly target: string;
}

export interface Absent {
  readonly type: "absent";
}

/** A socket, pipe or device: seen sometimes, never wanted, never touched. */
export interface Special {
  readonly type: "special";
}

export type FileState = RegularFile | Directory | Symlink | Absent | Special;

export const ABSENT: Absent = { type: "absent" };

export function fileId(path: string): ResourceId {
  return `file:${path}`;
}

/** The path in a file's id. */
export function pathOf(id: ResourceId): string {
  return id.slice(id.indexOf(":") + 1);
}

/** Whether what is seen is what is wanted; members that the wanted state leaves out match anything. */
export function satisfies(seen: FileState, wanted: FileState): boolean {
  return sameContent(seen, wanted) && samePermissions(seen, wanted);
}

/** Same type and same content, whatever the permissions. */
export function sameContent(seen: FileState, wanted: FileState): boolean {
  if (seen.type === "regular" && wanted.type === "regular") return seen.digest === wanted.digest;
  if (seen.type === "symlink" && wanted.type === "symlink") return seen.target === wanted.target;
  return seen.type === wanted.type;
}

function samePermissions(seen: FileState, wanted: FileState): boolean {
  if (!("mode" in wanted || "uid" in wanted || "gid" in wanted)) return true;
  const have = seen as Permissions;
  return (
    (wanted.mode === undefined || wanted.type === "symlink" || wanted.mode === have.mode) &&
    (wanted.uid === undefined || wanted.uid === have.uid) &&
    (wanted.gid === undefined || wanted.gid === have.gid)
  );
}
