// The entries of a tree in, the one digest that stands for all of it out.
import { createHash } from "node:crypto";
import type { Digest } from "../../model/file-state.ts";
import type { DataEntry } from "../../model/target.ts";

/** Of a file (one entry whose path is empty) its own digest; of a tree that of a line per entry, sorted by path. */
export function digestOfListing(entries: readonly DataEntry[]): Digest {
  const [only] = entries;
  if (entries.length === 1 && only?.path === "" && only.type === "regular") return only.digest ?? "";
  const lines = entries.filter(({ path }) => path !== "").map(lineOf);
  return createHash("sha256").update(lines.sort().join("")).digest("hex");
}

/** Fields end with a byte that no name and no link can hold. A link has no mode of its own. */
function lineOf({ path, type, mode, digest, target }: DataEntry): string {
  const content = type === "regular" ? digest : type === "symlink" ? target : "";
  return `${path}\0${type}\0${type === "symlink" ? "" : mode.toString(8)}\0${content ?? ""}\0`;
}

/** Bytes of all files together. */
export function sizeOfListing(entries: readonly DataEntry[]): number {
  return entries.reduce((sum, { size = 0 }) => sum + size, 0);
}
