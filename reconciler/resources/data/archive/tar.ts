// A tar archive in, its entries out: what the machine's own tar lists of it, read strictly.
import type { Offered } from "../tree-rules.ts";

/** Names with control characters, newlines and backslashes come as escapes, so that an entry is a line. */
export const TAR_LIST = ["--list", "--verbose", "--full-time", "--numeric-owner", "--quoting-style=escape"] as const;

/** Owners are ours, not the archive's; modes are as in the archive, whose set-user-id bits were refused before. */
export const TAR_EXTRACT = [
  "--extract",
  "--no-same-owner",
  "--preserve-permissions",
  "--delay-directory-restore",
  "--keep-old-files",
  "--no-acls",
  "--no-selinux",
  "--no-xattrs",
] as const;

const LINE = /^([-dlhbcpsCVM])([-rwxsStT]{9})\+? +\d+\/\d+ +(\d+(?:,\d+)?) +\S+ +\S+ (.+)$/u;
const TYPES: Readonly<Record<string, Offered["type"]>> = {
  "-": "regular",
  C: "regular",
  d: "directory",
  l: "symlink",
  h: "hardlink",
};

/** Undefined when a line is not what it should be: what cannot be read is not unpacked. */
export function entriesOfTar(listing: string): Offered[] | undefined {
  const lines = listing.split("\n").filter((line) => line !== "");
  const entries = lines.map(entryOf);
  return entries.every((entry) => entry !== undefined) ? entries : undefined;
}

function entryOf(line: string): Offered | undefined {
  const [, letter = "", permissions = "", size = "", rest = ""] = LINE.exec(line) ?? [];
  const type = TYPES[letter] ?? (letter === "" ? undefined : "special");
  if (type === undefined) return undefined;
  const between = type === "symlink" ? " -> " : type === "hardlink" ? " link to " : undefined;
  const [name, target, ...more] = between === undefined ? [rest] : rest.split(between);
  if (name === undefined || more.length > 0) return undefined;
  const [path, to] = [unescapeName(name), target === undefined ? undefined : unescapeName(target)];
  return {
    path,
    type,
    mode: modeOf(permissions),
    size: type === "regular" ? Number(size) : 0,
    ...(to === undefined ? {} : { target: to }),
  };
}

/** `rwsr-xr-x` as bits. */
export function modeOf(permissions: string): number {
  const bits = Array.from(permissions).reduce((mode, letter) => mode * 2 + (/[rwxst]/u.test(letter) ? 1 : 0), 0);
  const set = (at: number, bit: number): number => (/[sStT]/u.test(permissions[at] ?? "") ? bit : 0);
  return bits | set(2, 0o4000) | set(5, 0o2000) | set(8, 0o1000);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r", a: "\x07", b: "\b", f: "\f", v: "\v" };

/** Octal escapes are bytes; those that are no UTF-8 together become U+FFFD, which no rule lets pass. */
function unescapeName(text: string): string {
  const pieces = text.match(/\\[0-7]{3}|\\.|[^\\]+/gsu) ?? [];
  const bytes = pieces.map((piece) => {
    if (/^\\[0-7]{3}$/u.test(piece)) return Buffer.from([Number.parseInt(piece.slice(1), 8)]);
    return Buffer.from(piece.startsWith("\\") ? (ESCAPES[piece.slice(1)] ?? piece.slice(1)) : piece);
  });
  return Buffer.concat(bytes).toString("utf8");
}
