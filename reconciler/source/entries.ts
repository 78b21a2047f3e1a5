// The files that were asked for, as listed, in; every reason not to read them out. Shared by mirror and folder.
import { createHash } from "node:crypto";
import type { Problem } from "../../common/problem.ts";
import type { Tree } from "../model/revision.ts";

/** One entry of a tree, git's words: mode `100644`, `100755`, `120000` (symlink), `160000` (submodule). */
export interface ListedFile {
  readonly path: string;
  readonly oid: string;
  readonly mode: string;
  /** Bytes; 0 for a submodule. */
  readonly size: number;
}

export interface Limits {
  /** Bytes of one file. */
  readonly fileBytes: number;
  /** Bytes of all wanted files together. */
  readonly totalBytes: number;
  /** How many files may be wanted. */
  readonly files: number;
}

/** The texts of a host and one digest for all of them. */
export interface Reading {
  readonly tree: Tree;
  /** Hex SHA-256 over path, mode and oid of what was wanted: it stays while other schools' files change. */
  readonly digest: string;
}

export type Wanted = (path: string) => boolean;

export const DEFAULT_LIMITS: Limits = { fileBytes: 4 << 20, totalBytes: 64 << 20, files: 50_000 };

/** Measured with a list of 200 MB. */
const TRAVEL_OTHERWISE =
  "keep large data outside the repository and let it travel by rsync or http, as `data:`: a change of 1 % of a large " +
  "list takes git 20 s and about 1 GB of memory, and rsync less than 1 s";

const LONGEST_PATH = 4096;
const MOST_TOLD = 50;
const CONTROL = /[\u0000-\u001f\u007f-\u009f\ufffd]/u;

/**
 * Problems: `path-refused`, `symlink-refused`, `submodule-refused`, `special-file-refused`, `file-too-large`,
 * `tree-too-large`, `too-many-files`, `names-collide`, and `more-problems` when there are more than can be told.
 */
export function checkEntries(entries: readonly ListedFile[], limits: Limits): Problem[] {
  const problems = [
    ...checkSum(entries, limits),
    ...entries.flatMap((entry) => checkEntry(entry, limits)),
    ...collisions(entries),
  ];
  if (problems.length <= MOST_TOLD) return problems;
  const more = problems.length - MOST_TOLD;
  return [...problems.slice(0, MOST_TOLD), { code: "more-problems", what: `and ${more} more problems of this kind` }];
}

export function digestOf(entries: readonly ListedFile[]): string {
  const hash = createHash("sha256");
  for (const entry of entries.toSorted(byPath)) hash.update(`${entry.path}\0${entry.mode}\0${entry.oid}\n`);
  return hash.digest("hex");
}

/** A path that may be joined below a directory: relative, no `..`, `.git`, backslash or control character. */
export function pathFault(path: string): string | undefined {
  if (Buffer.byteLength(path) > LONGEST_PATH) return `is longer than ${LONGEST_PATH} bytes`;
  if (CONTROL.test(path)) return "contains a control character or is not UTF-8";
  if (path.includes("\\")) return "contains a backslash";
  const parts = path.split("/");
  if (parts.some((part) => part === "" || part === "." || part === "..")) return "contains an empty part, “.” or “..”";
  if (parts.some((part) => part.toLowerCase() === ".git")) return "contains “.git”";
  return undefined;
}

function byPath(a: ListedFile, b: ListedFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

function checkSum(entries: readonly ListedFile[], limits: Limits): Problem[] {
  const problems: Problem[] = [];
  if (entries.length > limits.files) {
    const what = `${entries.length} files are wanted, and at most ${limits.files} are read`;
    problems.push({ code: "too-many-files", what, hint: "keep only configuration in this repository" });
  }
  const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
  if (bytes > limits.totalBytes) {
    const what = `the wanted files have ${bytes} bytes together, and at most ${limits.totalBytes} are read`;
    problems.push({ code: "tree-too-large", what, hint: TRAVEL_OTHERWISE });
  }
  return problems;
}

function checkEntry(entry: ListedFile, limits: Limits): Problem[] {
  const where = { file: entry.path.slice(0, LONGEST_PATH) };
  const told = (code: string, what: string, hint: string): Problem[] => [{ code, where, what, hint }];
  const fault = pathFault(entry.path);
  if (fault !== undefined) return told("path-refused", `the path ${fault}`, "rename the file");
  if (entry.mode === "120000") {
    return told(
      "symlink-refused",
      "is a symbolic link, which is never followed",
      "put a copy there, or `link:` in files",
    );
  }
  if (entry.mode === "160000") {
    return told("submodule-refused", "is a submodule, which is never fetched", "commit the files themselves");
  }
  if (!entry.mode.startsWith("100")) {
    return told("special-file-refused", "is neither a file nor a directory", "remove it");
  }
  if (entry.size > limits.fileBytes) {
    const what = `has ${entry.size} bytes, and at most ${limits.fileBytes} are read`;
    return told("file-too-large", what, TRAVEL_OTHERWISE);
  }
  return [];
}

/** Two names that are one on a laptop whose disk does not tell capitals apart: whoever commits there loses one. */
function collisions(entries: readonly ListedFile[]): Problem[] {
  const seen = new Map<string, string>();
  return entries.flatMap(({ path }) => {
    const folded = path.normalize("NFC").toLowerCase();
    const other = seen.get(folded);
    seen.set(folded, path);
    if (other === undefined) return [];
    const what = `differs from ${other} only in capitals or accents`;
    return [{ code: "names-collide", where: { file: path }, what, hint: "rename one of the two" }];
  });
}
