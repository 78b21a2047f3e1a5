// A folder in, what lstat(2) says of all below it out: by find(1), which is quickest, or else by the door to files.
import { createHash } from "node:crypto";
import { FileError, type FileReader, type MachineReader, type Question, type Stat } from "../../machine/machine.ts";
import { join } from "./names.ts";

/** As they are printed for each entry, ended with NUL: all that must not move for its content to be the same. */
const FIELDS = ["%y", "%m", "%s", "%T@", "%C@", "%i", "%U", "%G", "%P", "%l"] as const;
const FORMAT = FIELDS.map((field) => `${field}\\0`).join("");
const TIMEOUT_MS = 10 * 60_000;
/** Some 5 million entries. */
const LONGEST_OUTPUT = 512 * 1024 * 1024;
type WalkedType = Exclude<Stat["type"], "absent">;
const TYPES: Readonly<Record<string, WalkedType>> = { f: "regular", d: "directory", l: "symlink" };

export interface WalkedEntry {
  /** Relative to the top; empty for the top itself. */
  readonly path: string;
  readonly type: WalkedType;
  /** Twelve permission bits. */
  readonly mode: number;
  readonly size: number;
  /** Of its content, in seconds as text, as exact as the file system knows it. */
  readonly mtime: string;
  readonly uid: number;
  readonly gid: number;
  /** Of a symlink. */
  readonly target: string;
  /** Changes when its bytes or its mode do. */
  readonly seal: string;
  /** Changes when anything about it does, its number of names included. Seconds as text. */
  readonly ctime: string;
}

/** A walk as text: two that are equal saw the same. */
export type Walk = Buffer;

/** Of a folder below the managed root. */
export async function walkBelow(machine: MachineReader, path: string): Promise<Walk> {
  return (await walkAt(machine, machine.hostPath(path))) ?? walkByDoor(machine.files, path);
}

/** Of any folder or file of this machine; undefined when it cannot be looked at. */
export async function walkAt(machine: MachineReader, hostPath: string, anew = false): Promise<Walk | undefined> {
  const { argv, options } = walkOf(hostPath);
  const { code, stdout } = await machine.query(argv, { ...options, anew });
  return code === 0 ? stdout : undefined;
}

/** How it is asked for. */
export function walkOf(hostPath: string): Question {
  return {
    argv: ["find", "-P", hostPath, "-printf", FORMAT],
    options: { timeoutMs: TIMEOUT_MS, outputLimit: LONGEST_OUTPUT },
  };
}

/** Where there is no find(1) that can print, or it was not allowed to look somewhere: this one says where. */
function walkByDoor(files: FileReader, top: string): Walk {
  const records: string[] = [];
  const add = (path: string, stat: Stat | undefined): void => {
    if (stat !== undefined) records.push(recordOf(stat, path, stat.type === "symlink" ? files.readLink(at(path)) : ""));
  };
  const at = (path: string): string => (path === "" ? top : join(top, path));
  const first = files.stat(top);
  add("", first);
  const folders = first?.type === "directory" ? [""] : [];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const inside = files.list(at(folder)).map((name) => (folder === "" ? name : `${folder}/${name}`));
    for (const [index, stat] of files.stats(inside.map(at)).entries()) {
      const path = inside[index] ?? "";
      add(path, stat);
      if (stat?.type === "directory") folders.push(path);
    }
  }
  return Buffer.from(records.join(""));
}

function recordOf({ type, mode, size, stamp, uid, gid }: Stat, path: string, target: string): string {
  const letter = Object.entries(TYPES).find(([, known]) => known === type)?.[0] ?? "?";
  const times = [stamp.mtimeMs / 1000, stamp.ctimeMs / 1000];
  return `${[letter, mode.toString(8), size, ...times, stamp.ino, uid, gid, path, target].join("\0")}\0`;
}

/** One walk is asked about several things in turn. */
const parsed = new WeakMap<Walk, readonly WalkedEntry[]>();

/** @throws FileError EILSEQ for a name that is not UTF-8: nobody could speak of it. */
export function entriesOf(walk: Walk, top: string): readonly WalkedEntry[] {
  const known = parsed.get(walk);
  if (known !== undefined) return known;
  const entries = parseWalk(walk, top);
  parsed.set(walk, entries);
  return entries;
}

function parseWalk(walk: Walk, top: string): readonly WalkedEntry[] {
  const text = walk.toString("utf8");
  if (text.includes("\ufffd")) throw new FileError("EILSEQ", "read a name below", top);
  const fields = text.split("\0");
  const entries: WalkedEntry[] = [];
  for (let at = 0; at + FIELDS.length < fields.length; at += FIELDS.length) entries.push(entryOf(fields, at));
  return entries;
}

function entryOf(fields: readonly string[], at: number): WalkedEntry {
  const field = (index: number): string => fields[at + index] ?? "";
  const [mode, size, mtime, ino] = [field(1), field(2), field(3), field(5)];
  return {
    path: field(8),
    type: TYPES[field(0)] ?? "special",
    mode: Number.parseInt(mode, 8),
    size: Number(size),
    mtime,
    uid: Number(field(6)),
    gid: Number(field(7)),
    target: field(9),
    seal: `${mode} ${size} ${mtime} ${ino}`,
    ctime: field(4),
  };
}

/** Of all that lies in a folder, whatever was done to the folder itself. */
export function printInside(walk: Walk): string {
  return createHash("sha256")
    .update(walk.subarray(lengthOfTop(walk)))
    .digest("hex");
}

/** When anything about the folder itself moved last. Seconds as text. */
export function ctimeOfTop(walk: Walk): string {
  return walk.toString("latin1", 0, lengthOfTop(walk)).split("\0")[FIELDS.indexOf("%C@")] ?? "";
}

/** It is printed first. */
function lengthOfTop(walk: Walk): number {
  let end = 0;
  for (let field = 0; field < FIELDS.length; field++) end = walk.indexOf(0, end) + 1;
  return end;
}

/** The newest of them. Seconds. */
export function newestCtime(entries: readonly WalkedEntry[]): number {
  return entries.reduce((latest, { ctime }) => Math.max(latest, Number(ctime)), 0);
}

/** 48 bits, so that it fits where a number is expected. */
export function fingerprintOf(walk: Walk): number {
  return createHash("sha256").update(walk).digest().readUIntBE(0, 6);
}
