// The mirror as a power cut left it in, one that git can work with out, and a notice for each thing that was done.
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Git } from "./git.ts";
import type { Problem } from "../../common/problem.ts";

const PARTS = ["HEAD", "config", "objects", "refs"];
const SUSPECT = "suspect";
const KEPT_BROKEN = 2;

/** Takes away locks, torn refs and half packs. You hold the run lock, so no git of ours is using them. */
export function tidyMirror(directory: string, olderThanMs: number): Problem[] {
  const left = [
    ...filesBelow(directory, ["objects"]),
    ...filesBelow(join(directory, "objects", "pack"), []),
    ...filesBelow(join(directory, "objects", "info"), []),
  ].filter((path) => isLeftover(path, olderThanMs));
  const torn = filesBelow(join(directory, "refs"), []).filter((path) => !path.endsWith(".lock") && isTornRef(path));
  for (const path of [...left, ...torn]) rmSync(path, { force: true });
  return [...left, ...torn].map((path) => ({
    code: "mirror-tidied",
    where: { file: path },
    what: torn.includes(path) ? "a torn reference was removed" : "a file left by an interrupted git was removed",
  }));
}

/** Whether the parts of a bare repository are there at all. */
export function isMirror(directory: string): boolean {
  return PARTS.every((part) => existsSync(join(directory, part))) && hasHead(directory);
}

/** Something looked wrong: the next opening looks more closely. */
export function markSuspect(directory: string): void {
  writeFileSync(join(directory, SUSPECT), "");
}

/** A thorough look, and only when there is a reason for it. */
export async function isBroken(git: Git, always: boolean): Promise<boolean> {
  const mark = join(git.directory, SUSPECT);
  if (!always && !existsSync(mark)) return false;
  const told = await git.read(["fsck", "--full", "--no-dangling", "--no-progress"], { timeoutMs: 300_000 });
  const broken = told.code === undefined ? told.ended === "output-limit" : told.code !== 0;
  if (!broken) rmSync(mark, { force: true });
  return broken;
}

/** Renames the mirror to `<name>.broken-<n>` and forgets all but the newest of those. */
export function setAside(directory: string): Problem {
  const parent = dirname(directory);
  const stem = `${basename(directory)}.broken-`;
  const numbers = readdirSync(parent)
    .filter((name) => name.startsWith(stem) && /^\d+$/.test(name.slice(stem.length)))
    .map((name) => Number(name.slice(stem.length)))
    .sort((a, b) => b - a);
  for (const old of numbers.slice(KEPT_BROKEN - 1))
    rmSync(join(parent, `${stem}${old}`), { recursive: true, force: true });
  const aside = join(parent, `${stem}${(numbers[0] ?? 0) + 1}`);
  renameSync(directory, aside);
  return {
    code: "mirror-renewed",
    where: { file: aside },
    what: "this server's copy of the repository was damaged; it was set aside and is fetched anew",
    hint: "if that happens again, look at the disk (dmesg, smartctl); what was set aside may be deleted",
  };
}

/** An empty bare repository. Files, not `git init`, because then no template of the machine has a say. */
export function makeMirror(directory: string): void {
  for (const part of ["objects/info", "objects/pack", "refs/heads"]) {
    mkdirSync(join(directory, part), { recursive: true, mode: 0o700 });
  }
  writeFileSync(join(directory, "config"), "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = true\n");
  writeFileSync(join(directory, "HEAD"), "ref: refs/heads/none\n");
}

function isLeftover(path: string, olderThanMs: number): boolean {
  const name = basename(path);
  if (!name.endsWith(".lock") && !name.startsWith("tmp_")) return false;
  const { mtimeMs } = lstatSync(path);
  // A time in the future was written before the clock fell back: also from an earlier life.
  return mtimeMs < olderThanMs || mtimeMs > Date.now() + 60_000;
}

function isTornRef(path: string): boolean {
  return !/^[0-9a-f]{40,64}\n$/.test(readFileSync(path, "latin1"));
}

function hasHead(directory: string): boolean {
  return /^ref: refs\/\S+\n$/.test(readFileSync(join(directory, "HEAD"), "latin1"));
}

/** Plain files below a directory, not through symlinks, without the named sub-directories. */
function filesBelow(directory: string, without: readonly string[]): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (without.includes(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? filesBelow(path, []) : entry.isFile() ? [path] : [];
  });
}
