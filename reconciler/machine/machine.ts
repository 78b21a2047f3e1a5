// The door to the machine: files below the managed root, processes, network and clock. A function that takes a
// MachineReader looks; one that takes a Machine touches; one that takes neither thinks.
import type { FileState, Permissions } from "../model/file-state.ts";
import type { Stamp } from "../model/target.ts";

/** What lstat(2) told, without content: a regular file has no digest yet. */
export interface Stat extends Required<Permissions> {
  readonly type: FileState["type"];
  readonly size: number;
  readonly stamp: Stamp;
  readonly nlink: number;
  readonly dev: number;
}

export interface Space {
  /** Bytes that may still be written. */
  readonly bytes: number;
  /** Files that may still be made; Infinity where the file system does not count them. */
  readonly inodes: number;
  readonly readOnly: boolean;
  /** Which file system this is. */
  readonly device: number;
}

/**
 * Files below one base directory. Every path is absolute within that base ("/etc/motd"). Symlinks on the way are
 * followed only as long as they stay inside the base; the last part of a path is never followed.
 * Failures are thrown as FileError.
 */
export interface FileReader {
  /** lstat of one path; undefined when nothing is there. */
  stat(path: string): Stat | undefined;
  /** The same for many paths, in their order; throws for the first one that cannot be looked at. */
  stats(paths: readonly string[]): (Stat | undefined)[];
  /** The bytes of a regular file; refuses what is larger than `limit` bytes, and anything but a regular file. */
  read(path: string, limit?: number): Promise<Buffer>;
  /** Hex SHA-256 of a regular file's bytes, read piece by piece. */
  digest(path: string): Promise<string>;
  readLink(path: string): string;
  /** Names in a directory, in no order. */
  list(path: string): string[];
  /** Of the file system that holds the path, or its nearest existing parent. */
  space(path: string): Space;
}

/** A file that lies below some other folder of this machine; nothing leads out of that folder. */
export interface Outside {
  /** Absolute. */
  readonly folder: string;
  /** Absolute within the folder. */
  readonly path: string;
}

/** Each call is one step that can be interrupted before or after, and that `FileError` names when it fails. */
export interface Files extends FileReader {
  /** A new file (never an existing one), its bytes and permissions on disk when the promise resolves. */
  create(path: string, bytes: Buffer, permissions: Required<Pick<Permissions, "mode">> & Permissions): Promise<void>;
  /**
   * A new file (never an existing one) with the bytes of a regular file from outside, and its time to the microsecond.
   * Hex SHA-256 of the bytes. Nothing waits for the disk: whoever copies many has them written all at once.
   */
  copyIn(from: Outside, to: string, permissions: Required<Pick<Permissions, "mode">> & Permissions): Promise<string>;
  /** Adds to the end of a file (made with 0600 when missing), on disk when the promise resolves. */
  append(path: string, bytes: Buffer): Promise<void>;
  /**
   * A few bytes in place of those of a small file of ours (made with 0600 when missing). Nothing waits for the disk: until
   * the kernel writes them by itself, they outlive this process but not a power cut.
   */
  jot(path: string, bytes: Buffer): void;
  /** ACLs and extended attributes of one file onto another, where the file system has them. */
  copyAttributes(from: string, to: string): Promise<void>;
  /** The same for many pairs of [from, to] in one go. Mode and owner of `to` are to be set afterwards. */
  copyAttributesOfMany(pairs: readonly (readonly [from: string, to: string])[]): Promise<void>;
  makeDirectory(path: string, permissions: Permissions): void;
  /** Only an empty one. */
  removeDirectory(path: string): void;
  makeSymlink(target: string, path: string, permissions: Permissions): void;
  /** A second name for the same inode; does not follow a symlink; fails when the new name is taken. */
  link(from: string, to: string): void;
  /** Replaces what is at the new name in one step. */
  rename(from: string, to: string): void;
  unlink(path: string): void;
  /** Of a file or directory, never through a symlink. */
  setPermissions(path: string, permissions: Permissions): void;
  /** Makes the names in a directory last. */
  syncDirectory(path: string): Promise<void>;
}

/** A file operation that did not work, with the words needed to tell a person. */
export class FileError extends Error {
  /**
   * `ENOSPC`, `EROFS`, ... or `ELEAVESROOT` when a path leads out of the base, `ETOOBIG` when over the limit,
   * `EUNTRUSTED` behind a symlink of an ordinary user.
   */
  readonly code: string;
  /** For example `write`, `rename`. */
  readonly operation: string;
  readonly path: string;

  constructor(code: string, operation: string, path: string) {
    super(`${operation} ${path}: ${code}`);
    this.name = "FileError";
    this.code = code;
    this.operation = operation;
    this.path = path;
  }
}

export interface CommandOptions {
  readonly timeoutMs: number;
  /** Ends it early, like the deadline does. */
  readonly signal?: AbortSignal;
  readonly stdin?: Buffer;
  /** Nothing of our own environment is handed on but PATH and a fixed locale; this adds to it. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What was asked before and answered then does not do (machine/ahead.ts). */
  readonly anew?: boolean;
  /** Bytes of stdout and of stderr that are kept (the process is ended when it prints more); 1 MiB when left out. */
  readonly outputLimit?: number;
}

export interface CommandResult {
  /** Exit code; undefined when it was ended by a signal or never started. */
  readonly code: number | undefined;
  /** `timeout`, `aborted`, `output-limit`, `not-found`, `not-permitted`, or the name of a signal. */
  readonly ended?: string;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** Of a network probe. */
export interface Reached {
  readonly ok: boolean;
  readonly detail: string;
}

export interface Clock {
  /** Unix milliseconds: may leap, may be 1970. */
  wallMs(): number;
  /** Never goes backwards, counts from some moment of this boot. */
  monotonicMs(): number;
  /** Names this boot: while it is the same, every process has the same `monotonicMs`. Left out where nobody can know. */
  bootId?(): string | undefined;
  /** What time it is at least, Unix milliseconds: a clock that shows less is not believed (model/moment.ts). */
  readonly notBeforeMs?: number;
}

/** A place of our own on this machine: the state directory. Kinds keep there what a way back needs. */
export interface StoreReader {
  readonly files: FileReader;
  /** The path by which other programs reach a file of the store. */
  hostPath(path: string): string;
}

export interface Store extends StoreReader {
  readonly files: Files;
}

/** Something to be asked of a program that only looks. */
export interface Question {
  readonly argv: readonly string[];
  readonly options: CommandOptions;
}

export interface MachineReader {
  /** The managed root. */
  readonly files: FileReader;
  readonly store: StoreReader;
  readonly clock: Clock;
  /** The root is the machine's own "/", so its commands and its users are the managed ones. */
  readonly live: boolean;
  /** Whether owners can be set at all. */
  readonly privileged: boolean;
  /** It is only starting: neither services nor the network are up, and nothing may wait for them. */
  readonly booting?: boolean;
  /** The path by which other programs reach a file below the managed root. */
  hostPath(path: string): string;
  /** Runs a program that only looks. Never through a shell. */
  query(argv: readonly string[], options: CommandOptions): Promise<CommandResult>;
}

export interface Machine extends MachineReader {
  readonly files: Files;
  readonly store: Store;
  /** Runs a program that may change something. Never through a shell. */
  run(argv: readonly string[], options: CommandOptions): Promise<CommandResult>;
}
