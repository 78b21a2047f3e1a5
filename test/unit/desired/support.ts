// Trees for tests: from a folder, and from texts.
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join, relative } from "node:path";
import type { Tree, TreeFile } from "../../../reconciler/model/revision.ts";

export function folderTree(folder: string, include: (path: string) => boolean = () => true): Tree {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = files.map((entry) => relative(folder, join(entry.parentPath, entry.name))).filter(include);
  return new Map(paths.sort().map((path) => [path, treeFile(path, readFileSync(join(folder, path)))]));
}

export function textTree(texts: Readonly<Record<string, string>>): Tree {
  return new Map(Object.entries(texts).map(([path, text]) => [path, treeFile(path, Buffer.from(text))]));
}

export function treeFile(path: string, bytes: Buffer): TreeFile {
  return { path, oid: createHash("sha256").update(bytes).digest("hex"), bytes };
}

/** Maps as objects, for JSON. */
export function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, inner]) => [String(key), plain(inner)]));
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
}
