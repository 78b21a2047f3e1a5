// Small steps on files that last: written to the end, with their permissions, and on disk when the call returns.
import { chmodSync, chownSync, closeSync, fchmodSync, fsyncSync, lstatSync, mkdirSync, openSync } from "node:fs";
import { copyFileSync, linkSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/** What is at a place now. `bytes` is left out for links and for files too large to be one of ours. */
export interface Found {
  readonly kind: "absent" | "regular" | "link" | "other";
  readonly bytes?: Buffer;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
}

export interface Ownership {
  readonly uid: number;
  readonly gid: number;
}

const LARGEST = 64 * 1024 * 1024;

export function lookAt(file: string): Found {
  const stat = lstatSync(file, { throwIfNoEntry: false });
  if (stat === undefined) return { kind: "absent", mode: 0, uid: 0, gid: 0 };
  const permissions = { mode: stat.mode & 0o7777, uid: stat.uid, gid: stat.gid };
  if (stat.isSymbolicLink()) return { kind: "link", ...permissions };
  if (!stat.isFile()) return { kind: "other", ...permissions };
  return { kind: "regular", ...permissions, ...(stat.size > LARGEST ? {} : { bytes: readFileSync(file) }) };
}

/** A new file, never an existing one. Its permissions are set before the bytes, which may be private. */
export function createFile(file: string, bytes: Buffer, mode: number, ownership?: Ownership): void {
  const handle = openSync(file, "wx", 0o600);
  try {
    if (ownership !== undefined) chownSync(file, ownership.uid, ownership.gid);
    fchmodSync(handle, mode);
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** Makes directories that are missing, outermost first, whatever the umask. */
export function makeDirectories(folders: readonly string[], mode: number): void {
  for (const folder of folders) {
    if (lstatSync(folder, { throwIfNoEntry: false }) !== undefined) continue;
    mkdirSync(folder);
    chmodSync(folder, mode);
    syncDirectory(dirname(folder));
  }
}

/** A second hold on what is at a place, so that it can come back: the same inode where the file system can do that. */
export function holdOn(file: string, as: string): void {
  try {
    linkSync(file, as);
  } catch {
    copyEntry(file, as);
  }
}

/** A copy of a file or of a link, with its permissions. */
export function copyEntry(from: string, to: string): void {
  const stat = lstatSync(from);
  if (stat.isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
    return;
  }
  copyFileSync(from, to);
  chmodSync(to, stat.mode & 0o7777);
  if (isPrivileged()) chownSync(to, stat.uid, stat.gid);
}

export function removeFile(file: string): void {
  rmSync(file, { force: true });
}

/** Makes the names in a directory last. */
export function syncDirectory(folder: string): void {
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/** `EEXIST`, `ENOSPC` ...: the code of a file operation that failed, or nothing when something else went wrong. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error) || !("syscall" in error)) return undefined;
  return String(error.code);
}

/** Whether owners can be set at all. */
export function isPrivileged(): boolean {
  return process.getuid?.() === 0;
}
