// A path in, its directory held open out: while it is held, nobody can swap that directory for a symlink elsewhere.
import * as fs from "node:fs";
import { codeOf } from "./errno.ts";
import { namesOf, walk } from "./path.ts";
import type { Found } from "./path.ts";

const { O_DIRECTORY, O_NOFOLLOW } = fs.constants;
/** Linux's own number; Node has no name for it. A descriptor that only holds, and needs no right to read. */
export const O_PATH = 0x200000;

/** Where files are held, and whether by descriptor (/proc is mounted) or only by resolved path. */
export interface Base {
  readonly path: string;
  readonly descriptors: boolean;
}

/** A directory below the base. `place` is a path that leads to it and nowhere else until it is let go. */
export interface Held {
  readonly place: string;
  /** A path for a name inside it. */
  at(name: string): string;
  letGo(): void;
}

/** The directory that holds the last part of the path, and that part ("." for "/" itself). */
export function holdParent(base: Base, path: string, operation: string): { parent: Held; name: string } {
  const names = namesOf(path, operation);
  const name = names.pop() ?? ".";
  return { parent: hold(base, names), name };
}

/** Gives the path that leads to the last part of `path` to `act`, and lets go afterwards. */
export function within<T>(base: Base, path: string, operation: string, act: (place: string) => T): T {
  const { parent, name } = holdParent(base, path, operation);
  try {
    return act(parent.at(name));
  } finally {
    parent.letGo();
  }
}

/** The same for an act that takes its time. */
export async function withinLater<T>(
  base: Base,
  path: string,
  operation: string,
  act: (place: string) => Promise<T>,
): Promise<T> {
  const { parent, name } = holdParent(base, path, operation);
  try {
    return await act(parent.at(name));
  } finally {
    parent.letGo();
  }
}

/** The directory at these names, symlinks followed inside the base: those that root, we or its owner made. */
export function hold(base: Base, names: readonly string[]): Held {
  const opened: number[] = [];
  try {
    const start = open(base, base.path, 0, opened);
    const place = walk(start, names, (directory, name) => look(base, `${directory}/${name}`, opened));
    const passed = opened.filter((descriptor) => placeOf(descriptor) !== place);
    const kept = opened.filter((descriptor) => placeOf(descriptor) === place);
    closeAll(passed);
    return { place, at: (name) => `${place}/${name}`, letGo: () => closeAll(kept) };
  } catch (error) {
    closeAll(opened);
    throw error;
  }
}

function look(base: Base, path: string, opened: number[]): Found<string> {
  try {
    return { directory: open(base, path, O_NOFOLLOW, opened) };
  } catch (error) {
    if (!["ENOTDIR", "ELOOP"].includes(codeOf(error) ?? "")) throw error;
    return { link: linkAt(base, path, error) };
  }
}

function linkAt(base: Base, path: string, notDirectory: unknown): string {
  try {
    const text = fs.readlinkSync(path);
    if (isTrusted(fs.lstatSync(path).uid, base)) return text;
  } catch (error) {
    throw codeOf(error) === "EINVAL" ? notDirectory : error;
  }
  throw Object.assign(new Error("a symlink of an ordinary user"), { code: "EUNTRUSTED" });
}

/** Whoever may write one directory could lead us to another, which only root may write, by a link of theirs. */
function isTrusted(owner: number, base: Base): boolean {
  return owner === 0 || owner === process.geteuid?.() || owner === fs.statSync(base.path).uid;
}

/** Opens a directory and tells the path that stands for it: through its descriptor when there is /proc. */
function open(base: Base, path: string, flags: number, opened: number[]): string {
  const descriptor = fs.openSync(path, O_PATH | O_DIRECTORY | flags);
  if (base.descriptors) {
    opened.push(descriptor);
    return placeOf(descriptor);
  }
  fs.closeSync(descriptor);
  return path === "/" ? "" : path;
}

function placeOf(descriptor: number): string {
  return `/proc/self/fd/${descriptor}`;
}

function closeAll(descriptors: readonly number[]): void {
  for (const descriptor of descriptors) fs.closeSync(descriptor);
}
