// One file of one commit in, who wrote each of its lines out.
import type { Git } from "./git.ts";
import { isObjectId } from "./names.ts";
import { printable } from "../../common/printable.ts";

/** Where one line comes from. */
export interface BlameLine {
  readonly commit: string;
  /** Author time, Unix seconds. */
  readonly time: number;
  readonly author: string;
  readonly subject: string;
}

const HEADER = /^([0-9a-f]{40,64}) \d+ \d+(?: \d+)?$/;
const LENGTH = 300;

/** One entry a line, in order; empty when commit or path is not known or the history is too long to look through. */
export async function blameFile(git: Git, commit: string, path: string): Promise<BlameLine[]> {
  if (!isObjectId(commit)) return [];
  const call = { timeoutMs: 30_000, outputLimit: 32 << 20 };
  const told = await git.read(["blame", "--porcelain", commit, "--", path], call);
  return told.code === 0 ? parseBlame(told.stdout.toString("utf8")) : [];
}

/** Of the porcelain format, in which a commit is described only at its first line. */
export function parseBlame(text: string): BlameLine[] {
  const commits = new Map<string, { commit: string; time: number; author: string; subject: string }>();
  const lines: BlameLine[] = [];
  let current = { commit: "", time: 0, author: "", subject: "" };
  for (const line of text.split("\n")) {
    const commit = line.startsWith("\t") ? undefined : HEADER.exec(line)?.[1];
    if (commit !== undefined) {
      current = commits.get(commit) ?? { commit, time: 0, author: "", subject: "" };
      commits.set(commit, current);
    } else if (line.startsWith("\t")) lines.push(current);
    else if (line.startsWith("author ")) current.author = shown(line.slice("author ".length));
    else if (line.startsWith("author-time ")) current.time = Number(line.slice("author-time ".length));
    else if (line.startsWith("summary ")) current.subject = shown(line.slice("summary ".length));
  }
  return lines;
}

function shown(text: string): string {
  return printable(text.slice(0, LENGTH));
}
