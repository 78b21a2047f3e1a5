// Paths below a base in, what real files say out. Nothing here changes a file, or is led out of the base.
import * as fs from "node:fs";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
import { attempt, attemptLater, codeOf, saysAbsent } from "./errno.ts";
import { hold, holdParent, within } from "./held.ts";
import { FileError } from "./machine.ts";
import { lastNameOf, namesOf } from "./path.ts";
import type { Base, Held } from "./held.ts";
import type { FileReader, Space, Stat } from "./machine.ts";

const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = fs.constants;
/** Read only: without following a symlink, and without waiting for the other end of a pipe. */
export const O_CAREFUL = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

const DEFAULT_LIMIT = 64 * 1024 * 1024;
const PIECE = 64 * 1024;
/** Of a large file, two of which are held: a turn for each small piece would take longer than reading it. */
const LARGE_PIECE = 512 * 1024;
/** Below this size reading at once is quicker than asking the thread pool. */
const SMALL = 256 * 1024;

const readLater = promisify(fs.read);

export function readsOf(base: Base): FileReader {
  return {
    stat: (path) => attempt("stat", path, () => statOne(base, path)),
    stats: (paths) => statMany(base, paths),
    read: (path, limit = DEFAULT_LIMIT) => attemptLater("read", path, () => readBytes(base, path, limit)),
    digest: (path) => attemptLater("read", path, () => digestOf(base, path)),
    readLink: (path) =>
      attempt("read link", path, () => within(base, path, "read link", (place) => fs.readlinkSync(place))),
    list: (path) => attempt("list", path, () => listNames(base, path)),
    space: (path) => attempt("measure space", path, () => spaceAt(base, path)),
  };
}

function statOne(base: Base, path: string): Stat | undefined {
  return ifPresent(() => within(base, path, "stat", statAt));
}

/** Looks at each directory once, however many paths lie in it. */
function statMany(base: Base, paths: readonly string[]): (Stat | undefined)[] {
  const found = new Array<Stat | undefined>(paths.length);
  for (const indexes of byDirectory(paths)) statTogether(base, paths, indexes, found);
  return found;
}

/** The paths at these indexes lie in one directory. */
function statTogether(
  base: Base,
  paths: readonly string[],
  indexes: readonly number[],
  found: (Stat | undefined)[],
): void {
  const first = paths[indexes[0] ?? 0] ?? "";
  const held = attempt("stat", first, () => ifPresent(() => holdParent(base, first, "stat").parent));
  if (held === undefined) return;
  try {
    for (const index of indexes) {
      const path = paths[index] ?? "";
      found[index] = attempt("stat", path, () => statAt(held.at(lastNameOf(path, "stat"))));
    }
  } finally {
    held.letGo();
  }
}

function byDirectory(paths: readonly string[]): Iterable<number[]> {
  const groups = new Map<string, number[]>();
  for (const [index, path] of paths.entries()) {
    const directory = path.slice(0, path.lastIndexOf("/"));
    const group = groups.get(directory);
    if (group === undefined) groups.set(directory, [index]);
    else group.push(index);
  }
  return groups.values();
}

function statAt(place: string): Stat | undefined {
  const stats = fs.lstatSync(place, { throwIfNoEntry: false });
  return stats && toStat(stats);
}

function toStat(stats: fs.Stats): Stat {
  const { ino, size, mtimeMs, ctimeMs, uid, gid, nlink, dev } = stats;
  const stamp = { ino, size, mtimeMs, ctimeMs };
  return { type: typeOf(stats), size, stamp, nlink, dev, mode: stats.mode & 0o7777, uid, gid };
}

function typeOf(stats: fs.Stats): Stat["type"] {
  if (stats.isFile()) return "regular";
  if (stats.isDirectory()) return "directory";
  return stats.isSymbolicLink() ? "symlink" : "special";
}

async function readBytes(base: Base, path: string, limit: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let total = 0;
  await eachPiece(base, path, (piece) => {
    total += piece.length;
    if (total > limit) throw new FileError("ETOOBIG", "read", path);
    pieces.push(Buffer.from(piece));
  });
  return pieces.length === 1 ? (pieces[0] ?? Buffer.alloc(0)) : Buffer.concat(pieces);
}

async function digestOf(base: Base, path: string): Promise<string> {
  const hash = createHash("sha256");
  await eachPiece(base, path, (piece) => hash.update(piece));
  return hash.digest("hex");
}

/** The bytes of a regular file one piece after the other; a piece is only good until `take` returns. */
async function eachPiece(base: Base, path: string, take: (piece: Buffer) => void): Promise<void> {
  const descriptor = openBelow(base, path);
  try {
    if (fs.fstatSync(descriptor).size < SMALL) takeAtOnce(descriptor, take);
    else await takeInTurn(descriptor, take);
  } finally {
    fs.closeSync(descriptor);
  }
}

/** A descriptor of a regular file, to be closed by the caller. */
export function openBelow(base: Base, path: string): number {
  return attempt("read", path, () => within(base, path, "read", (place) => openRegular(place, path, "read")));
}

function takeAtOnce(descriptor: number, take: (piece: Buffer) => void): void {
  const buffer = Buffer.allocUnsafe(PIECE);
  for (;;) {
    const length = fs.readSync(descriptor, buffer, 0, PIECE, null);
    if (length === 0) return;
    take(buffer.subarray(0, length));
  }
}

/** The next piece is read while one is taken. */
async function takeInTurn(descriptor: number, take: (piece: Buffer) => void): Promise<void> {
  let [current, other] = [Buffer.allocUnsafe(LARGE_PIECE), Buffer.allocUnsafe(LARGE_PIECE)];
  let coming = readLater(descriptor, current, 0, LARGE_PIECE, null);
  for (;;) {
    const { bytesRead } = await coming;
    if (bytesRead === 0) return;
    const piece = current.subarray(0, bytesRead);
    [current, other] = [other, current];
    coming = readLater(descriptor, current, 0, LARGE_PIECE, null);
    try {
      take(piece);
    } catch (error) {
      // The descriptor must not be closed under it.
      await coming.catch(() => undefined);
      throw error;
    }
  }
}

/** Looks before it opens, since opening a device can do something, and again afterwards. */
function openRegular(place: string, path: string, operation: string, flags = O_CAREFUL): number {
  refuseUnlessRegular(fs.lstatSync(place), path, operation);
  const descriptor = fs.openSync(place, flags);
  try {
    refuseUnlessRegular(fs.fstatSync(descriptor), path, operation);
    return descriptor;
  } catch (error) {
    fs.closeSync(descriptor);
    throw error;
  }
}

const WRONG_TYPE = { directory: "EISDIR", symlink: "ELOOP", special: "ESPECIAL", absent: "ENOENT" } as const;

function refuseUnlessRegular(stats: fs.Stats, path: string, operation: string): void {
  const type = typeOf(stats);
  if (type !== "regular") throw new FileError(WRONG_TYPE[type], operation, path);
}

function listNames(base: Base, path: string): string[] {
  const { parent, name } = holdParent(base, path, "list");
  try {
    if (!fs.lstatSync(parent.at(name)).isDirectory()) throw new FileError("ENOTDIR", "list", path);
    // The names are asked of the directory that is held, which may not be a symlink that came there meanwhile.
    const flags = fs.constants.O_DIRECTORY | O_CAREFUL;
    const descriptor = fs.openSync(parent.at(name), flags);
    try {
      return fs.readdirSync(base.descriptors ? `/proc/self/fd/${descriptor}` : parent.at(name));
    } finally {
      fs.closeSync(descriptor);
    }
  } finally {
    parent.letGo();
  }
}

function spaceAt(base: Base, path: string): Space {
  const names = namesOf(path, "measure space");
  for (;;) {
    const held = ifPresent(() => hold(base, names));
    if (held !== undefined) return measure(held);
    if (names.length === 0) throw new FileError("ENOENT", "measure space", path);
    names.pop();
  }
}

function measure(held: Held): Space {
  try {
    const place = held.at(".");
    const { bavail, bsize, files, ffree } = fs.statfsSync(place);
    const inodes = files === 0 ? Infinity : ffree;
    return { bytes: bavail * bsize, inodes, readOnly: isReadOnly(place), device: fs.statSync(place).dev };
  } finally {
    held.letGo();
  }
}

/** The kernel itself says so, also for a read-only bind mount. */
function isReadOnly(place: string): boolean {
  try {
    fs.accessSync(place, fs.constants.W_OK);
    return false;
  } catch (error) {
    return codeOf(error) === "EROFS";
  }
}

function ifPresent<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (saysAbsent(error)) return undefined;
    throw error;
  }
}
