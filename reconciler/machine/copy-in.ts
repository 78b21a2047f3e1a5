// A regular file outside the base in, a copy of it out, and the digest of its bytes: read once.
import { createHash, type Hash } from "node:crypto";
import * as fs from "node:fs";
import { promisify } from "node:util";
import type { Permissions } from "../model/file-state.ts";

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = fs.constants;
/** Two of them are held. */
const PIECE = 512 * 1024;
/** Given to chown(2) for "leave it". */
const SAME = -1;

const readLater = promisify(fs.read);
const writeLater = promisify(fs.write);

/** `source` is the descriptor of a regular file. Hex SHA-256 of what was written. */
export async function copyIn(
  source: number,
  place: string,
  { mode, uid, gid }: Permissions & { readonly mode: number },
): Promise<string> {
  const target = fs.openSync(place, O_CREAT | O_EXCL | O_NOFOLLOW | O_WRONLY, 0o600);
  try {
    const { mtimeNs, size } = fs.fstatSync(source, { bigint: true });
    const hash = createHash("sha256");
    if (size < PIECE) copyAtOnce(source, target, hash, Number(size));
    else await copyInTurn(source, target, hash);
    // The mode comes last: the file is private until it has its owner.
    if (uid !== undefined || gid !== undefined) fs.fchownSync(target, uid ?? SAME, gid ?? SAME);
    fs.fchmodSync(target, mode);
    const time = microseconds(mtimeNs);
    fs.futimesSync(target, time, time);
    return hash.digest("hex");
  } catch (error) {
    fs.unlinkSync(place);
    throw error;
  } finally {
    fs.closeSync(target);
  }
}

/** Node knows no nanoseconds here. Half a microsecond more, so that nothing is lost when it cuts off the rest. */
function microseconds(ns: bigint): number {
  return (Number(ns / 1000n) + 0.5) / 1e6;
}

function copyAtOnce(source: number, target: number, hash: Hash, size: number): void {
  // One byte more shows that it has grown meanwhile.
  const buffer = Buffer.allocUnsafe(size + 1);
  for (let length = fs.readSync(source, buffer); length > 0; length = fs.readSync(source, buffer)) {
    const piece = buffer.subarray(0, length);
    hash.update(piece);
    for (let at = 0; at < length;) at += fs.writeSync(target, piece, at);
  }
}

/** The next piece is read, and this one written, while its digest is taken. */
async function copyInTurn(source: number, target: number, hash: Hash): Promise<void> {
  let [current, other] = [Buffer.allocUnsafe(PIECE), Buffer.allocUnsafe(PIECE)];
  let length = (await readLater(source, current, 0, PIECE, null)).bytesRead;
  while (length > 0) {
    const piece = current.subarray(0, length);
    const written = writeWhole(target, piece);
    const coming = readLater(source, other, 0, PIECE, null);
    hash.update(piece);
    // Neither buffer nor descriptor may go while one of the two still uses it.
    const [, next] = await bothOver(written, coming);
    length = next.bytesRead;
    [current, other] = [other, current];
  }
}

async function writeWhole(target: number, piece: Buffer): Promise<void> {
  for (let at = 0; at < piece.length;)
    at += (await writeLater(target, piece, at, piece.length - at, null)).bytesWritten;
}

async function bothOver<A, B>(one: Promise<A>, other: Promise<B>): Promise<[A, B]> {
  await Promise.allSettled([one, other]);
  return Promise.all([one, other]);
}
