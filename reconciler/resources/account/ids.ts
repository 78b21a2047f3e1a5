// A name and the numbers that are taken in, a number for a new system account out: everywhere the same, where it is free.
import { createHash } from "node:crypto";

/** What distributions give to system accounts that have no number of their own. */
const FIRST = 100;
const LAST = 999;

/**
 * Goes by the name, so that two servers agree on who owns a file that travels between them, as far as they can.
 * @throws when every number is taken
 */
export function freeId(name: string, taken: ReadonlySet<number>): number {
  const count = LAST - FIRST + 1;
  const start = createHash("sha256").update(name).digest().readUInt32BE(0) % count;
  for (let tried = 0; tried < count; tried++) {
    const id = FIRST + ((start + tried) % count);
    if (!taken.has(id)) return id;
  }
  throw new Error(`no number from ${FIRST} to ${LAST} is free for ${name}`);
}
