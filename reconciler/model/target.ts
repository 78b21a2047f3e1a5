// What this server should be (Target), what it is (Observed) and what we last made of it (Memory).
import type { Digest } from "./file-state.ts";
import type { ResourceId, State } from "./state.ts";
import type { Calendar, Window } from "./window.ts";
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
  readonly state: State;
  readonly policy: Policy;
  /** A directory that only has to exist because something lies in it: made when missing, otherwise left alone. */
  readonly implied?: true;
  /** Asked about the staged file before anything is changed. */
  readonly check?: Check;
  /** What has to be in place before this one: known from what owns, reads or serves what. Ids that are not wanted count for nothing. */
  readonly needs?: readonly ResourceId[];
  /** Name of the window in which it may be changed; any time when left out. */
  readonly window?: string;
  /** Of a service. */
  readonly running?: Running;
  /** Of an item of data. */
  readonly supply?: Supply;
}

/** What is known of a service besides its state. */
export interface Running {
  /** Paths of files, or of folders when they end with "/", that it reads; a change below them renews it. */
  readonly reads: readonly string[];
  /** Packages that bring it; a new version renews it. */
  readonly packages: readonly string[];
  /** `reload` where the service can, otherwise `restart`. `none`: never renewed by us. */
  readonly renew: "reload" | "restart" | "none";
  /** How long it is watched after it was started or renewed, milliseconds. */
  readonly settleMs: number;
}

/** Where an item of data comes from. */
export interface Supply {
  readonly source:
    /** A file or folder of the repository; its bytes are Contents under the digests of `listing`. */
    | { readonly type: "repository"; readonly path: string; readonly listing: readonly DataEntry[] }
    /** One file, which may be an archive. `digest` is the SHA-256 of what is downloaded. */
    | { readonly type: "http"; readonly url: string; readonly digest: Digest; readonly size?: number }
    /** `rsync://host/module/path`, `host:path` over ssh, or an absolute path on this machine. */
    | { readonly type: "rsync"; readonly url: string };
  /** The one file that comes is unpacked, and its content is the item. */
  readonly unpack?: "tar" | "zip";
  /** Older than this it is stale, milliseconds. Never stale when left out. */
  readonly maxAgeMs?: number;
  /** How many older versions stay beside it. */
  readonly keepVersions: number;
  /** Whether deltas, resume and so on may use at most so many bytes in all; a larger item is refused. */
  readonly maxBytes: number;
}

/** A file, folder or link of an item that lies in the repository. */
export interface DataEntry {
  /** Relative to the item, without a leading slash; empty for an item that is one file. */
  readonly path: string;
  readonly type: "regular" | "directory" | "symlink";
  /** Permission bits. */
  readonly mode: number;
  /** Of a regular file. */
  readonly digest?: Digest;
  readonly size?: number;
  /** Of a symlink. */
  readonly target?: string;
}

/** Unattended updates of what the distribution brings. */
export interface Updates {
  readonly which: "none" | "security" | "all";
  readonly window?: string;
  /** Packages that are left alone. */
  readonly except: readonly string[];
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
  readonly updates?: Updates;
  /** By name. */
  readonly windows?: ReadonlyMap<string, Window>;
  readonly calendars?: ReadonlyMap<string, Calendar>;
  /** What becomes of a change that cannot be undone; `hold` when left out. */
  readonly irreversible?: "allow" | "hold";
  /** What else than the usual could cut this server off: paths, folders that end with "/", `service:` and `package:` names. */
  readonly confirm?: readonly string[];
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
  readonly state: State;
  /** Left out for what is absent. */
  readonly stamp?: Stamp;
  /** What lies in a directory, where its removal is in question. */
  readonly names?: readonly string[];
}

export type Observed = ReadonlyMap<ResourceId, Seen>;

/** What we last put there. */
export interface Remembered {
  readonly state: State;
  /** `created`: it was not there before us, so we may prune it. `adopted`: it was, so we never remove it. */
  readonly origin: "created" | "adopted";
  readonly implied?: true;
  /** The stamp under which this state was last seen, if it was old enough then to be trusted. */
  readonly stamp?: Stamp;
}

export type Memory = ReadonlyMap<ResourceId, Remembered>;
