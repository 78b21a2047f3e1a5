// Paths below a base in, changes to real files out. A directory is held open while something in it is changed.
import * as fs from "node:fs";
import { open } from "node:fs/promises";
import { copyAttributes } from "./attributes.ts";
import { copyIn } from "./copy-in.ts";
import { attempt, attemptLater } from "./errno.ts";
import { hold, within, withinLater } from "./held.ts";
import { FileError } from "./machine.ts";
import { namesOf } from "./path.ts";
import { O_CAREFUL, openBelow } from "./real-reads.ts";
import type { FileReader, Files } from "./machine.ts";
import type { Base } from "./held.ts";
import type { FileHandle } from "node:fs/promises";
import type { Permissions } from "../model/file-state.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, O_APPEND, O_NONBLOCK, O_DIRECTORY, O_RDONLY } = fs.constants;
/** Given to chown(2) for "leave it". */
const SAME = -1;

export function writesOf(base: Base): Omit<Files, keyof FileReader> {
  /** One quick step at one path. */
  const step = (operation: string, path: string, act: (place: string) => void): void =>
    attempt(operation, path, () => within(base, path, operation, act));

  /** One quick step at two paths; the error names the one that is missing, or else the new one. */
  const stepAtBoth = (operation: string, from: string, to: string, act: (old: string, place: string) => void): void =>
    attempt(operation, from, () =>
      within(base, from, operation, (old) => {
        const told = fs.lstatSync(old, { throwIfNoEntry: false }) === undefined ? from : to;
        attempt(operation, told, () => within(base, to, operation, (place) => act(old, place)));
      }),
    );

  return {
    create: (path, bytes, permissions) =>
      attemptLater("create", path, () =>
        withinLater(base, path, "create", (place) => createFile(place, bytes, permissions)),
      ),
    copyIn: ({ folder, path }, to, permissions) =>
      attemptLater("copy", to, () =>
        withinLater(base, to, "copy", async (place) => {
          const source = openBelow({ ...base, path: folder }, path);
          try {
            return await copyIn(source, place, permissions);
          } finally {
            fs.closeSync(source);
          }
        }),
      ),
    append: (path, bytes) =>
      attemptLater("append", path, () => withinLater(base, path, "append", (place) => appendBytes(place, path, bytes))),
    jot: (path, bytes) => step("jot", path, (place) => jotBytes(place, path, bytes)),
    copyAttributes: (from, to) => copyAttributes(base, [[from, to]]),
    copyAttributesOfMany: (pairs) => copyAttributes(base, pairs),
    makeDirectory: (path, permissions) =>
      step("make directory", path, (place) => makeDirectory(place, path, permissions)),
    removeDirectory: (path) => step("remove directory", path, (place) => fs.rmdirSync(place)),
    makeSymlink: (target, path, permissions) =>
      step("make symlink", path, (place) => makeSymlink(target, place, permissions)),
    link: (from, to) => stepAtBoth("link", from, to, (old, place) => fs.linkSync(old, place)),
    rename: (from, to) => stepAtBoth("rename", from, to, (old, place) => fs.renameSync(old, place)),
    unlink: (path) => step("unlink", path, (place) => fs.unlinkSync(place)),
    setPermissions: (path, permissions) =>
      step("set permissions", path, (place) => setPermissions(place, path, permissions)),
    syncDirectory: (path) => attemptLater("sync", path, () => syncDirectory(base, path)),
  };
}

async function createFile(place: string, bytes: Buffer, permissions: Permissions & { mode: number }): Promise<void> {
  const handle = await open(place, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    await fill(handle, bytes, permissions);
  } catch (error) {
    fs.unlinkSync(place);
    throw error;
  }
}

async function fill(handle: FileHandle, bytes: Buffer, { mode, uid, gid }: Permissions & { mode: number }) {
  try {
    await handle.writeFile(bytes);
    // The mode comes last: chown takes set-user-id bits away, and the file is private until it has its owner.
    if (uid !== undefined || gid !== undefined) await handle.chown(uid ?? SAME, gid ?? SAME);
    await handle.chmod(mode);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function appendBytes(place: string, path: string, bytes: Buffer): Promise<void> {
  const handle = await open(place, O_CREAT | O_APPEND | O_NOFOLLOW | O_WRONLY | O_NONBLOCK, 0o600);
  try {
    const before = await handle.stat();
    if (!before.isFile()) throw new FileError("ESPECIAL", "append", path);
    await appendWhole(handle, bytes, before.size);
  } finally {
    await handle.close();
  }
}

/** A disk that is full in the middle of a record leaves no half of it. */
async function appendWhole(handle: FileHandle, bytes: Buffer, sizeBefore: number): Promise<void> {
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } catch (error) {
    await handle.truncate(sizeBefore).catch(() => undefined);
    throw error;
  }
}

/** Never empties the file first: some file systems take that, and a rename, for a reason to write it to the disk at once. */
function jotBytes(place: string, path: string, bytes: Buffer): void {
  const descriptor = fs.openSync(place, O_CREAT | O_NOFOLLOW | O_WRONLY | O_NONBLOCK, 0o600);
  try {
    const before = fs.fstatSync(descriptor);
    if (!before.isFile()) throw new FileError("ESPECIAL", "jot", path);
    fs.writeSync(descriptor, bytes, 0, bytes.length, 0);
    if (before.size > bytes.length) fs.ftruncateSync(descriptor, bytes.length);
  } finally {
    fs.closeSync(descriptor);
  }
}

function makeDirectory(place: string, path: string, permissions: Permissions): void {
  fs.mkdirSync(place, 0o700);
  orElse(
    () => fs.rmdirSync(place),
    () => setPermissions(place, path, { mode: 0o755, ...permissions }),
  );
}

function makeSymlink(target: string, place: string, { uid, gid }: Permissions): void {
  fs.symlinkSync(target, place);
  orElse(
    () => fs.unlinkSync(place),
    () => {
      if (uid !== undefined || gid !== undefined) fs.lchownSync(place, uid ?? SAME, gid ?? SAME);
    },
  );
}

/** When the second half of a step fails, takes back the first. */
function orElse(undo: () => void, act: () => void): void {
  try {
    act();
  } catch (error) {
    undo();
    throw error;
  }
}

/** A symlink only gets its owner; anything else gets both through a descriptor, and on disk before this returns. */
function setPermissions(place: string, path: string, permissions: Permissions): void {
  const seen = fs.lstatSync(place);
  if (seen.isSymbolicLink()) {
    fs.lchownSync(place, permissions.uid ?? SAME, permissions.gid ?? SAME);
    return;
  }
  if (!seen.isFile() && !seen.isDirectory()) throw new FileError("ESPECIAL", "set permissions", path);
  const descriptor = fs.openSync(place, O_CAREFUL);
  try {
    if (applyPermissions(descriptor, permissions)) fs.fsyncSync(descriptor);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** Whether there was anything to change. */
function applyPermissions(descriptor: number, { mode, uid, gid }: Permissions): boolean {
  const seen = fs.fstatSync(descriptor);
  const moves = (uid ?? seen.uid) !== seen.uid || (gid ?? seen.gid) !== seen.gid;
  if (moves) fs.fchownSync(descriptor, uid ?? SAME, gid ?? SAME);
  const remodes = mode !== undefined && (moves || mode !== (seen.mode & 0o7777));
  if (remodes) fs.fchmodSync(descriptor, mode);
  return moves || remodes;
}

async function syncDirectory(base: Base, path: string): Promise<void> {
  const held = hold(base, namesOf(path, "sync"));
  try {
    const handle = await open(held.at("."), O_RDONLY | O_DIRECTORY);
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  } finally {
    held.letGo();
  }
}
