// A folder on disk in, a Root out: every regular file below it, within limits, never outside of it.
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, readSync, realpathSync } from "node:fs";
import { join, sep } from "node:path";
import { type Problem, type Result, refuse, succeed } from "../common/problem.ts";
import type { Root } from "./model.ts";
import { faultInPath, isLeftover } from "./names.ts";

export interface Limits {
  readonly fileBytes: number;
  readonly totalBytes: number;
  /** Files and directories together. */
  readonly entries: number;
}

export const LIMITS: Limits = { fileBytes: 4 * 1024 * 1024, totalBytes: 64 * 1024 * 1024, entries: 50_000 };

interface Walk {
  readonly name: string;
  /** Real path of the root. */
  readonly top: string;
  readonly limits: Limits;
  readonly files: Map<string, Buffer>;
  readonly skipped: string[];
  readonly problems: Problem[];
  bytes: number;
  entries: number;
}

/**
 * Reads a folder. Symlinks are followed as long as they stay below it. Leftovers and `.git` are skipped and named;
 * links that leave, sockets and devices, unusable names and whatever is too big are Problems, all told at once.
 */
export async function readRoot(name: string, folder: string, limits: Limits = LIMITS): Promise<Result<Root>> {
  const top = realPath(folder);
  if (top === undefined || !lstatSync(top).isDirectory()) {
    return refuse({ code: "no-such-root", where: { file: folder }, what: "is not a folder that can be read" });
  }
  const walk: Walk = { name, top, limits, files: new Map(), skipped: [], problems: [], bytes: 0, entries: 0 };
  readFolder(walk, top, "", [top]);
  if (walk.problems.length > 0) return refuse(...walk.problems);
  return succeed({ name, files: walk.files, skipped: walk.skipped });
}

function readFolder(walk: Walk, folder: string, below: string, above: readonly string[]): void {
  for (const entry of listFolder(walk, folder, below)) {
    walk.entries++;
    if (walk.entries === walk.limits.entries + 1) {
      complain(walk, below, `is part of a tree of more than ${walk.limits.entries} files`);
    }
    if (walk.entries > walk.limits.entries || walk.bytes > walk.limits.totalBytes) return;
    readEntry(walk, join(folder, entry), below === "" ? entry : `${below}/${entry}`, above);
  }
}

function listFolder(walk: Walk, folder: string, below: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    complain(walk, below, `cannot be read (${codeOf(error)})`);
    return [];
  }
}

function readEntry(walk: Walk, file: string, path: string, above: readonly string[]): void {
  const real = realPath(file);
  const fault = faultInPath(path.split("/"));
  if (fault !== undefined) complain(walk, path, fault);
  else if (isSkipped(path, real)) walk.skipped.push(path);
  else if (real === undefined) complain(walk, path, "is a link that leads nowhere");
  else if (real !== walk.top && !real.startsWith(withSlash(walk.top))) {
    complain(walk, path, "is a link that leads out of its root", "copy what it points to");
  } else if (!lstatSync(real).isDirectory()) readFile(walk, real, path);
  else if (above.includes(real)) complain(walk, path, "is a link to a folder that it lies in");
  else readFolder(walk, real, path, [...above, real]);
}

/** `files.d/root/.ssh` is a directory on the way, not a leftover: what lies below it decides. */
function isSkipped(path: string, real: string | undefined): boolean {
  const isDirectory = real !== undefined && lstatSync(real).isDirectory();
  return isLeftover(path.split("/")) && !(isDirectory && !isLeftover([...path.split("/"), "piece.conf"]));
}

function readFile(walk: Walk, file: string, path: string): void {
  let handle: number | undefined;
  try {
    handle = openSync(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    const stat = fstatSync(handle);
    const fault = stat.isFile() ? faultOfSize(walk, stat.size) : "is neither a file nor a folder";
    if (fault !== undefined) complain(walk, path, fault);
    else walk.files.set(path, readBytes(handle, stat.size));
  } catch (error) {
    complain(walk, path, `cannot be read (${codeOf(error)})`);
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}

function faultOfSize(walk: Walk, size: number): string | undefined {
  if (size > walk.limits.fileBytes) return `is larger than ${walk.limits.fileBytes} bytes`;
  walk.bytes += size;
  if (walk.bytes <= walk.limits.totalBytes) return undefined;
  return `makes the whole root larger than ${walk.limits.totalBytes} bytes`;
}

/** At most as much as was promised: the file may grow while it is read. */
function readBytes(handle: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let filled = 0;
  while (filled < size) {
    const count = readSync(handle, bytes, filled, size - filled, filled);
    if (count === 0) break;
    filled += count;
  }
  return bytes.subarray(0, filled);
}

function realPath(file: string): string | undefined {
  try {
    return realpathSync(file);
  } catch {
    return undefined;
  }
}

function withSlash(folder: string): string {
  return folder.endsWith(sep) ? folder : folder + sep;
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "unknown";
}

function complain(walk: Walk, path: string, what: string, hint?: string): void {
  const file = path === "" ? walk.name : `${walk.name}/${path}`;
  walk.problems.push({ code: "unusable-file", where: { file }, what, ...(hint === undefined ? {} : { hint }) });
}
