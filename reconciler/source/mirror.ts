// A directory in, this server's own copy of the fleet's repository out: bare, healed, and read without a working copy.
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { blameFile } from "./blame.ts";
import type { BlameLine } from "./blame.ts";
import { DEFAULT_LIMITS } from "./entries.ts";
import type { Limits, ListedFile, Reading, Wanted } from "./entries.ts";
import { errorCode } from "./error-code.ts";
import { fetchBranch } from "./fetch.ts";
import type { Fetched, FetchOptions, Remote } from "./fetch.ts";
import { openGit } from "./git.ts";
import type { Git } from "./git.ts";
import { isBroken, isMirror, makeMirror, markSuspect, setAside, tidyMirror } from "./heal.ts";
import { isObjectId, isRemoteName } from "./names.ts";
import { listTree, readTree } from "./read.ts";
import { findRevision, findTip, isAncestor, readLog } from "./revision.ts";
import type { LogRange } from "./revision.ts";
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";
import type { Revision } from "../model/revision.ts";

export interface MirrorOptions {
  /** Where git keeps things of its own; `git-home` beside the mirror when left out. */
  readonly home?: string;
  /** For each remote; five minutes when left out. */
  readonly fetchTimeoutMs?: number;
  /** Unix milliseconds; the wall clock when left out. */
  readonly now?: () => number;
}

export interface Mirror {
  readonly git: Git;
  /** What had to be healed while opening. */
  readonly notices: readonly Problem[];
  /** Asks the remotes in order until one answers; `notices` tells what had to be healed for it. */
  fetch(remotes: readonly Remote[], branch: string): Promise<Fetched & { readonly notices: readonly Problem[] }>;
  /** The tip as far as it is known here, without network. Remotes by name. */
  tip(remotes: readonly string[], branch: string): Promise<Revision | undefined>;
  /** By full or abbreviated hex id, or `refs/remotes/<remote>/<branch>`. */
  revision(name: string): Promise<Revision | undefined>;
  isAncestor(older: string, newer: string): Promise<boolean>;
  list(tree: string): Promise<Result<ListedFile[]>>;
  read(revision: Revision, wanted: Wanted, limits?: Limits): Promise<Result<Reading>>;
  blame(commit: string, path: string): Promise<BlameLine[]>;
  log(range: LogRange): Promise<Revision[]>;
  /** Holds a commit under a name (one word), so that `maintain` never drops it, wherever the branch goes. */
  keep(name: string, commit: string): Promise<boolean>;
  /** Packs what came in and drops what nobody refers to for two weeks. Slow; call it seldom. */
  maintain(): Promise<boolean>;
}

const FETCH_TIMEOUT_MS = 300_000;
const MAINTENANCE_TIMEOUT_MS = 900_000;
/** Problems of a fetch that may be the mirror's own fault, so that it is worth a thorough look. */
const OURS = new Set(["fetch-failed", "repository-missing", "objects-refused"]);

/**
 * Makes the mirror when it is missing and heals what a power cut left. The caller holds the run lock.
 * Problems: `mirror-unusable` when the directory cannot be made or written.
 */
export async function openMirror(directory: string, options: MirrorOptions = {}): Promise<Result<Mirror>> {
  try {
    mkdirSync(dirname(directory), { recursive: true, mode: 0o700 });
    const git = openGit(options.home ?? join(dirname(directory), "git-home"), directory);
    const notices = await heal(git, processStartMs());
    return succeed(mirrorOf(git, notices, options));
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return refuse(unusable(directory, code));
  }
}

/**
 * The mirror as it is, for whoever only looks and does not hold the run lock: nothing is made, fetched or healed.
 * Undefined when there is none yet.
 */
export function lookIntoMirror(directory: string): Mirror | undefined {
  if (!isMirror(directory)) return undefined;
  return mirrorOf(openGit(join(dirname(directory), "git-home"), directory), [], {});
}

function mirrorOf(git: Git, notices: readonly Problem[], options: MirrorOptions): Mirror {
  const fetching = { timeoutMs: options.fetchTimeoutMs ?? FETCH_TIMEOUT_MS, now: options.now ?? Date.now };
  return {
    git,
    notices,
    fetch: (remotes, branch) => fetchAndHeal(git, remotes, branch, fetching),
    tip: (remotes, branch) => findTip(git, remotes, branch),
    revision: (name) => findRevision(git, name),
    isAncestor: (older, newer) => isAncestor(git, older, newer),
    list: async (tree) => noting(git, await listTree(git, tree)),
    read: async (revision, wanted, limits = DEFAULT_LIMITS) =>
      noting(git, await readTree(git, revision, wanted, limits)),
    blame: (commit, path) => blameFile(git, commit, path),
    log: (range) => readLog(git, range),
    keep: (name, commit) => keep(git, name, commit),
    maintain: () => maintain(git),
  };
}

async function heal(git: Git, olderThanMs: number): Promise<Problem[]> {
  const { directory } = git;
  if (!existsSync(directory)) {
    makeMirror(directory);
    return [];
  }
  if (!isMirror(directory)) return [renew(directory)];
  const notices = tidyMirror(directory, olderThanMs);
  if (notices.length > 0) markSuspect(directory);
  return (await isBroken(git, false)) ? [...notices, renew(directory)] : notices;
}

function renew(directory: string): Problem {
  const notice = setAside(directory);
  makeMirror(directory);
  return notice;
}

async function fetchAndHeal(
  git: Git,
  remotes: readonly Remote[],
  branch: string,
  options: FetchOptions,
): Promise<Fetched & { notices: Problem[] }> {
  const fetched = await fetchBranch(git, remotes, branch, options);
  if (fetched.attempts.some(({ problem }) => problem?.code === "fetch-timeout")) {
    // That git is ended with its whole group, so its locks are nobody's.
    tidyMirror(git.directory, Infinity);
  }
  const suspicious = fetched.attempts.some(({ problem }) => problem !== undefined && OURS.has(problem.code));
  if (fetched.tip !== undefined || !suspicious) return { ...fetched, notices: [] };
  if (isMirror(git.directory) && !(await isBroken(git, true))) return { ...fetched, notices: [] };
  const notices = [renew(git.directory)];
  return { ...(await fetchBranch(git, remotes, branch, options)), notices };
}

/** Leaves a mark when the mirror turned out to be damaged, so that the next opening renews it. */
function noting<T>(git: Git, result: Result<T>): Result<T> {
  if (!result.ok && result.problems.some(({ code }) => code === "mirror-broken")) markSuspect(git.directory);
  return result;
}

async function keep(git: Git, name: string, commit: string): Promise<boolean> {
  if (!isRemoteName(name) || !isObjectId(commit)) return false;
  const told = await git.run(["update-ref", `refs/kept/${name}`, commit], { timeoutMs: 30_000 });
  return told.code === 0;
}

async function maintain(git: Git): Promise<boolean> {
  const told = await git.run(["gc", "--quiet", "--prune=2.weeks.ago"], { timeoutMs: MAINTENANCE_TIMEOUT_MS });
  return told.code === 0;
}

function processStartMs(): number {
  return Date.now() - process.uptime() * 1000;
}

function unusable(directory: string, code: string): Problem {
  return {
    code: "mirror-unusable",
    where: { file: directory },
    what: `the copy of the repository cannot be kept here (${code})`,
    hint: "look at the free space, the mount (read-only?) and the permissions of the directory",
  };
}
