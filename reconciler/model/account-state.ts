// System users and groups, as states: what files and services need to belong to somebody. Never a person's account,
// never a password.
import type { Absent } from "./absent.ts";

export interface Group {
  readonly type: "group";
  readonly gid: number;
}

export interface User {
  readonly type: "user";
  readonly uid: number;
  /** Name of the primary group. */
  readonly group: string;
  /** Names of further groups, sorted. Wanted: at least these; seen: all. */
  readonly groups: readonly string[];
  /** Absolute path; it is not made. Any will do when left out. */
  readonly home?: string;
  /** Absolute path of the program that a login starts. Any will do when left out. */
  readonly shell?: string;
}

export type GroupState = Group | Absent;
export type UserState = User | Absent;
