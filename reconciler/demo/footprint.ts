// A folder in, what lies in it out: once with every trace that touching leaves, once only what a program would read.
import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";

/** There lies what programs note for themselves while they run. */
const NOTES = /^run(?:\/|$)/u;

/** By path, so that two can be compared. */
export type Footprint = ReadonlyMap<string, string>;

/** Inode, times, size, mode and owner of everything: writing a file anew shows, even with the same content. */
export function traces(folder: string): Footprint {
  return walk(folder, (path) => {
    const { ino, size, mode, uid, gid, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
    return [ino, size, mode, uid, gid, mtimeNs, ctimeNs].join(" ");
  });
}

/** Type, mode and content of everything. */
export function contents(folder: string): Footprint {
  return walk(folder, (path) => `${lstatSync(path).mode.toString(8)} ${contentOf(path)}`);
}

/** The paths in which two differ, in order. */
export function differences(one: Footprint, other: Footprint): readonly string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path)).sort();
}

function walk(folder: string, describe: (path: string) => string): Footprint {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => !NOTES.test(name));
  return new Map(["", ...names].map((name) => [`/${name}`, describe(join(folder, name))]));
}

export function contentOf(path: string): string {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return readlinkSync(path);
  return stat.isFile() ? createHash("sha256").update(readFileSync(path)).digest("hex") : "";
}
