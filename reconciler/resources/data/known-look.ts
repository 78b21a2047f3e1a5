// A walk of a tree in, which known content it has out, where it looks just as it did when that was known.
import type { StoreReader } from "../../machine/machine.ts";
import type { Digest } from "../../model/file-state.ts";
import { loadLook, type Look } from "./manifest.ts";
import { ctimeOfTop, newestCtime, printInside, type Walk, type WalkedEntry } from "./walk.ts";

export function lookOf(walk: Walk, entries: readonly WalkedEntry[]): Look {
  return { print: printInside(walk), newest: newestCtime(entries.slice(1)) };
}

/** Whether the tree has the content of this digest, and when anything about it moved last. Seconds. */
export async function knownLook(
  store: StoreReader,
  path: string,
  digest: Digest,
  walk: Walk,
): Promise<{ readonly newest: number } | undefined> {
  const look = await loadLook(store, path, digest);
  if (look === undefined || look.print !== printInside(walk)) return undefined;
  return { newest: Math.max(look.newest, Number(ctimeOfTop(walk))) };
}
