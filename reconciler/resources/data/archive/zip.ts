// A zip archive in, its entries out: what zipinfo(1) lists of it, read strictly.
import type { Offered } from "../tree-rules.ts";
import { modeOf } from "./tar.ts";

const LINE = /^([-dlbcps?])(\S{6,9}) +\d+\.\d+ +\S+ +(\d+) +\S+ +\S+ +\S{8,10} +\S{5} (.+)$/u;
const TYPES: Readonly<Record<string, Offered["type"]>> = {
  "-": "regular",
  // Packed where there are no such bits.
  "?": "regular",
  d: "directory",
  l: "symlink",
};

/** Undefined when a line is not what it should be. Where its links lead is not listed: that is seen when it is unpacked. */
export function entriesOfZip(listing: string): Offered[] | undefined {
  const entries = listing
    .split("\n")
    .filter((line) => line !== "")
    .map(entryOf);
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

function entryOf(line: string): Offered | undefined {
  const [, letter = "", permissions = "", size = "", path = ""] = LINE.exec(line) ?? [];
  if (letter === "") return undefined;
  const type = path.endsWith("/") ? "directory" : (TYPES[letter] ?? "special");
  // Elsewhere than on Unix there are six letters, none of them a permission that would matter.
  const mode = permissions.length === 9 ? modeOf(permissions) : 0o644;
  return { path, type, mode, size: type === "regular" ? Number(size) : 0 };
}
