// Names of commits in, Revisions out: what the mirror knows without any network.
import type { Git } from "./git.ts";
import { isBranchName, isObjectId, isRemoteName, isTrackingRef, trackingRef } from "./names.ts";
import { printable } from "../../common/printable.ts";
import type { Revision } from "../model/revision.ts";

export interface LogRange {
  /** Full or abbreviated commit id, or a tracking ref. */
  readonly to: string;
  /** Leaves out this commit and all before it. */
  readonly from?: string;
  /** Only commits that touched this path. */
  readonly path?: string;
  /** At most so many, newest first; 100 when left out. */
  readonly limit?: number;
}

const SUBJECT_LENGTH = 300;
const FORMAT = "%H%x00%T%x00%ct%x00%an%x00%s";
const REF_FORMAT = "%(objectname)%00%(tree)%00%(committerdate:unix)%00%(authorname)%00%(contents:subject)";
const LOCAL = { timeoutMs: 30_000 };

/** Only hex ids and `refs/remotes/...`; undefined for everything else, and for what the mirror does not have. */
export async function findRevision(git: Git, name: string): Promise<Revision | undefined> {
  const [found] = await readLog(git, { to: name, limit: 1 });
  return found;
}

/** The newest tip known of the branch: of several remotes the one that contains the others, else the first in order. */
export async function findTip(git: Git, remotes: readonly string[], branch: string): Promise<Revision | undefined> {
  if (!isBranchName(branch)) return undefined;
  const refs = remotes.filter(isRemoteName).map((remote) => trackingRef(remote, branch));
  if (refs.length === 0) return undefined;
  const told = await git.read(["for-each-ref", `--format=%(refname)%00${REF_FORMAT}`, ...refs], LOCAL);
  const tips = new Map(lines(told.stdout).map((line) => [line.slice(0, line.indexOf("\0")), line]));
  let best: Revision | undefined;
  for (const ref of refs) {
    const tip = parseRevision(tips.get(ref)?.slice(ref.length + 1));
    if (tip && (best === undefined || (await isAncestor(git, best.commit, tip.commit)))) best = tip;
  }
  return best;
}

/** True also for one and the same commit; false when one of them is not known. */
export async function isAncestor(git: Git, older: string, newer: string): Promise<boolean> {
  if (!isObjectId(older) || !isObjectId(newer)) return false;
  const told = await git.read(["merge-base", "--is-ancestor", older, newer], LOCAL);
  return told.code === 0;
}

/** Commits of a range, newest first; empty when a name is not known. */
export async function readLog(git: Git, range: LogRange): Promise<Revision[]> {
  const named = [range.to, ...(range.from === undefined ? [] : [range.from])];
  if (!named.every((name) => isObjectId(name) || isTrackingRef(name))) return [];
  const commits = range.from === undefined ? [range.to] : [range.to, `^${range.from}`];
  const path = range.path === undefined ? [] : [range.path];
  const count = `--max-count=${Math.min(Math.max(1, Math.floor(range.limit ?? 100)), 10_000)}`;
  const args = ["log", count, `--format=${FORMAT}`, "--no-color", "--end-of-options", ...commits, "--", ...path];
  const told = await git.read(args, { ...LOCAL, outputLimit: 32 << 20 });
  return told.code === 0 ? lines(told.stdout).flatMap((line) => parseRevision(line) ?? []) : [];
}

function parseRevision(line: string | undefined): Revision | undefined {
  const [commit, tree, time, author = "", subject = ""] = line?.split("\0") ?? [];
  if (!commit || !tree || !time || !/^[0-9a-f]{40,64}$/.test(commit)) return undefined;
  return { commit, tree, time: Number(time), author: shown(author), subject: shown(subject) };
}

function shown(text: string): string {
  return printable(text.slice(0, SUBJECT_LENGTH));
}

function lines(bytes: Buffer): string[] {
  return bytes
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
}
