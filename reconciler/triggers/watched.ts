// Managed files and a local repository in; the directories to watch, and which names in them matter, out.
import { statSync } from "node:fs";
import { basename, dirname, join, sep } from "node:path";

/** One set of directories and what to heed below them. */
export interface Watched {
  /** Same key, same things to watch. */
  readonly key: string;
  /** Sorted; all of them exist. */
  readonly directories: readonly string[];
  /** How far below the directories to look; 0 for what lies directly in them. */
  readonly depth: number;
  /** Whether a path matters: a directory on the way, or something whose change should be told. */
  readonly heeds: (path: string) => boolean;
  /** How many directories were left out because there are too many. */
  readonly leftOut: number;
}

/** Each directory costs the kernel memory that it does not give without limit. */
const MOST_DIRECTORIES = 500;
/** Names of our own temporary files, which come and go beside the files that we write. */
const OWN_TEMPORARY = /^\.reconciler-.*~$/;
/** Branch names may hold slashes. */
const REPOSITORY_DEPTH = 8;

/** The parents of the files, as far as they exist. Paths are absolute, on this machine. */
export function watchFiles(files: readonly string[]): Watched {
  const wanted = new Set(files.filter((file) => !OWN_TEMPORARY.test(basename(file))));
  const parents = [...new Set([...wanted].map((file) => dirname(file)))].sort().filter(isDirectory);
  const directories = parents.slice(0, MOST_DIRECTORIES);
  const watched = new Set(directories);
  return {
    key: [...directories, "", ...wanted].join("\n"),
    directories,
    depth: 0,
    heeds: (path) => wanted.has(path) || watched.has(path),
    leftOut: parents.length - directories.length,
  };
}

/** Where a commit or a switched branch shows in a repository on this machine, bare or with a work tree. */
export function watchRepository(folder: string): Watched {
  const inner = join(folder, ".git");
  const git = isDirectory(inner) ? inner : folder;
  const heads = join(git, "refs", "heads");
  const heeded = new Set([git, join(git, "HEAD"), join(git, "packed-refs"), join(git, "refs"), heads]);
  return {
    key: git,
    directories: [git].filter(isDirectory),
    depth: REPOSITORY_DEPTH,
    heeds: (path) => heeded.has(path) || (path.startsWith(heads + sep) && !path.endsWith(".lock")),
    leftOut: 0,
  };
}

/** What this user may not look at cannot be watched either. */
function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false;
  }
}
