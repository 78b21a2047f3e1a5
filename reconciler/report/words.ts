// Small pieces of sentences: amounts, durations, names of commits, long lists cut short.
import { printable } from "../../common/printable.ts";
import type { Revision } from "../model/revision.ts";

/** `1 file`, `12 files`. */
export function amount(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** `41 ms`, `1.2 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(Math.floor(ms / 100) / 10).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${Math.floor((ms % 60_000) / 1000)} s`;
}

/** The first eight digits of a commit. */
export function shortCommit(revision: Revision): string {
  return printable(revision.commit.slice(0, 8));
}

/** Longer lists are cut. */
export const LONGEST_LIST = 20;

/** At most twenty lines, and how many more there were. */
export function cut(lines: readonly string[]): readonly string[] {
  return lines.length > LONGEST_LIST ? [...lines.slice(0, LONGEST_LIST), moreLine(lines.length)] : lines;
}

/** What stands for the rest of so many. */
export function moreLine(count: number): string {
  return `and ${count - LONGEST_LIST} more`;
}
