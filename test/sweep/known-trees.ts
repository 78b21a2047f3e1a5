// The old tree and the new one in; which of them a snapshot is, exactly, out.
import { treeLines, untouchedLines, type Snapshot } from "../support/school.ts";

/** The old one goes by times of files as well: what is put back is what was there. The new one is made anew each time. */
export function nameTree(now: Snapshot, old: Snapshot, wanted: Snapshot): string {
  const [lines, before, after] = [treeLines(now), treeLines(old), treeLines(wanted)];
  if (same(lines, after)) return "new";
  if (same(withoutWaiting(withoutMachineTimes(now)), withoutMachineTimes(old))) return "old";
  const isOnlyWithoutBooks = same(withoutBooks(lines), withoutBooks(after)) && same(booksIn(lines), booksIn(before));
  if (isOnlyWithoutBooks) return "new but for the books";
  return `neither: old would be\n${differing(lines, before)}\nand new\n${differing(lines, after)}`;
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.join("\n") === other.join("\n");
}

/** All that a copy keeps, times of files among it. */
function withoutMachineTimes(snapshot: Snapshot): readonly string[] {
  const still = Object.entries(snapshot).map(([path, entry]) => [path, { ...entry, ctimeMs: 0, ino: 0 }] as const);
  return untouchedLines(Object.fromEntries(still));
}

/** The item of data, and all names of ours beside it. */
const BOOKS = /^\/srv\/(?:books|\.books-[^/ ]*~)[/ ]/u;
/** What was brought for it is not brought again: it waits there for the next run. */
const WAITING = /^\/srv\/\.books-[0-9a-f]{8}\.(?:coming|[0-9a-f]{16})~[/ ]/u;

function withoutWaiting(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !WAITING.test(line));
}

function withoutBooks(lines: readonly string[]): readonly string[] {
  return lines.filter((line) => !BOOKS.test(line));
}

function booksIn(lines: readonly string[]): readonly string[] {
  return withoutWaiting(lines).filter((line) => BOOKS.test(line));
}

/** Lines that only one of both has, with a sign for which. */
function differing(now: readonly string[], then: readonly string[]): string {
  const less = then.filter((line) => !now.includes(line)).map((line) => `- ${line}`);
  const more = now.filter((line) => !then.includes(line)).map((line) => `+ ${line}`);
  return [...less, ...more].join("\n");
}
