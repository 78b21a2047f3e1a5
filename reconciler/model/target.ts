// What this server should be (Target), what it is (Observed) and what we last made of it (Memory).
import type { Digest, FileState, ResourceId } from "./state.ts";
import type { Checker } from "../../common/checker.ts";
import type { HealthCheck } from "./health.ts";

/** What to do when the machine differs from git: put it right, only say so, or not even look. */
export type Policy = "enforce" | "report" | "ignore";

/** A checker of the staged file. */
export interface Check extends Checker {
  /**
   * Written by the fleet itself, so it is asked wherever we are. A service's own checker is asked only by root on the
   * server itself: elsewhere it would judge by the wrong users, keys and folders.
   */
  readonly byFleet?: true;
}

/** One resource as the fleet wants it on this server. */
export interface Wanted {
  readonly state: FileState;
  readonly policy: Policy;
  /** A directory that only has to exist because something lies in it: made when missing, otherwise left alone. */
  readonly implied?: true;
  /** Asked about the staged file before anything is changed. */
  readonly check?: Check;
}

/** When pruning stops and asks. Nobody means to empty a server. */
export interface Brake {
  /** At most this many removals in one run. */
  readonly maxRemovals: number;
  /** At most this share (0..1) of what we keep, once more than five are to go. */
  readonly maxShare: number;
}

export interface Target {
  /** Digest of all that this Target was made from: same key, same Target. */
  readonly key: string;
  readonly wanted: ReadonlyMap<ResourceId, Wanted>;
  /** By path, or by folder when it ends with "/": for what is not wanted any more. None when left out. */
  readonly policies?: ReadonlyMap<string, Policy>;
  readonly health: readonly HealthCheck[];
  readonly brake: Brake;
}

/** The bytes behind the digests of a Target. */
export type Contents = ReadonlyMap<Digest, Buffer>;

/** Enough of lstat(2) to know that a file did not move since. Times are milliseconds with a fraction. */
export interface Stamp {
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

export interface Seen {
  readonly state: FileState;
  /** Left out for what is absent. */
  readonly stamp?: Stamp;
  /** What lies in a directory, where its removal is in question. */
  readonly names?: readonly string[];
}

export type Observed = ReadonlyMap<ResourceId, Seen>;

/** What we last put there. */
export interface Remembered {
  readonly state: FileState;
  /** `created`: it was not there before us, so we may prune it. `adopted`: it was, so we never remove it. */
  readonly origin: "created" | "adopted";
  readonly implied?: true;
  /** The stamp under which this state was last seen, if it was old enough then to be trusted. */
  readonly stamp?: Stamp;
}

export type Memory = ReadonlyMap<ResourceId, Remembered>;
