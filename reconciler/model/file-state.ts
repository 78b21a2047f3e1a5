// Files, directories and symlinks, as states.
import type { Absent } from "./absent.ts";

/** Lower-case hex SHA-256 of a content. */
export type Digest = string;

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

/** A socket, pipe or device: seen sometimes, never wanted, never touched. */
export interface Special {
  readonly type: "special";
}

export type FileState = RegularFile | Directory | Symlink | Absent | Special;
