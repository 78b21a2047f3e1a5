// A directory at a desk in, the same Tree as from a commit out: for trying a change before anything is committed.
import { createHash } from "node:crypto";
import { constants } from "node:fs";
import type { Dirent, Stats } from "node:fs";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { checkEntries, DEFAULT_LIMITS, digestOf } from "./entries.ts";
import type { Limits, ListedFile, Reading, Wanted } from "./entries.ts";
import { errorCode } from "./error-code.ts";
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";
import type { TreeFile } from "../model/revision.ts";

/** Problems: those of `checkEntries`, and `folder-unreadable` for each thing that cannot be read. Skips `.git`. */
export async function readFolder(
  directory: string,
  wanted: Wanted,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Result<Reading>> {
  const unreadable: Problem[] = [];
  const listed = await listFolder(directory, "", unreadable, { left: limits.files * 4 });
  const chosen = listed.filter((file) => wanted(file.path));
  const problems = [...unreadable, ...checkEntries(chosen, limits)];
  if (problems.length > 0) return refuse(...problems);
  const tree = new Map<string, TreeFile>();
  for (const file of chosen) {
    const bytes = await readPlainFile(join(directory, file.path), limits.fileBytes);
    if (typeof bytes === "string") return refuse(cannotRead(file.path, bytes));
    tree.set(file.path, { path: file.path, oid: createHash("sha256").update(bytes).digest("hex"), bytes });
  }
  const digest = digestOf(chosen.map((file) => ({ ...file, oid: tree.get(file.path)?.oid ?? "" })));
  return succeed({ tree, digest });
}

/** `budget` keeps an endless folder from being walked to its end. */
async function listFolder(
  root: string,
  below: string,
  problems: Problem[],
  budget: { left: number },
): Promise<ListedFile[]> {
  const entries = await trying(() => readdir(join(root, below), { withFileTypes: true }));
  if (typeof entries === "string") {
    problems.push(cannotRead(below === "" ? root : below, entries));
    return [];
  }
  const files: ListedFile[] = [];
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name === ".git" || budget.left-- <= 0) continue;
    const path = below === "" ? entry.name : `${below}/${entry.name}`;
    files.push(
      ...(entry.isDirectory() ? await listFolder(root, path, problems, budget) : await listOne(root, path, entry)),
    );
  }
  if (below === "" && budget.left < 0) problems.push(tooMany());
  return files;
}

async function listOne(root: string, path: string, entry: Dirent): Promise<ListedFile[]> {
  const stat = await trying(() => lstat(join(root, path)));
  // Gone since it was listed: nothing to tell.
  if (typeof stat === "string") return [];
  return [{ path, oid: "", mode: gitMode(entry, stat), size: entry.isFile() ? stat.size : 0 }];
}

function gitMode(entry: Dirent, stat: Stats): string {
  if (entry.isSymbolicLink()) return "120000";
  if (!entry.isFile()) return "000000";
  return (stat.mode & 0o100) === 0 ? "100644" : "100755";
}

/** The bytes, or the name of the error. Neither follows a symlink nor waits for a pipe that took the file's place. */
async function readPlainFile(path: string, limit: number): Promise<Buffer | string> {
  return trying(async () => {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stat = await handle.stat();
      return !stat.isFile() || stat.size > limit ? "CHANGED" : await handle.readFile();
    } finally {
      await handle.close();
    }
  });
}

async function trying<T>(look: () => Promise<T>): Promise<T | string> {
  try {
    return await look();
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return code;
  }
}

function cannotRead(file: string, reason: string): Problem {
  return {
    code: "folder-unreadable",
    where: { file },
    what: `cannot be read (${reason})`,
    hint: "look at the path and its permissions",
  };
}

function tooMany(): Problem {
  return {
    code: "too-many-files",
    what: "the folder holds far too many files",
    hint: "name the folder that holds fleet.yaml",
  };
}
