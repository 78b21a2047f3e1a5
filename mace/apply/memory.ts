// What mace remembers below DST_ROOT/var/lib/mace: the digests of what it wrote, services still to be activated, and
// the files that it replaced although somebody else had written them.
import { createHash } from "node:crypto";
import { readFileSync, renameSync } from "node:fs";
import { dirname } from "node:path";
import { type Result, succeed } from "../../common/problem.ts";
import { faultInPath } from "../names.ts";
import { type Destination, locate } from "./destination.ts";
import { copyEntry, createFile, makeDirectories, removeFile, syncDirectory } from "./files.ts";

export const MEMORY = "/var/lib/mace";

/** What mace last wrote to a file. */
export interface Written {
  /** Hex SHA-256. */
  readonly digest: string;
  /** Which service, or which file of it, has to be told when it goes; undefined in what older versions noted. */
  readonly part: string | undefined;
}

/** By final path. */
export type Manifest = ReadonlyMap<string, Written>;

export function digestOf(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What mace wrote in earlier runs. A manifest that is missing or broken is an empty one. */
export function readManifest(destination: Destination): Result<Manifest> {
  const written = readMemory(destination, "manifest.json");
  if (!written.ok) return written;
  const parts = new Map<string, unknown>(Object.entries(objectIn(written.value, "parts")));
  const manifest = new Map<string, Written>();
  for (const [path, digest] of Object.entries(objectIn(written.value, "files"))) {
    const part = parts.get(path);
    const isPath = path.startsWith("/") && faultInPath(path.slice(1).split("/")) === undefined;
    if (typeof digest !== "string" || !isPath) continue;
    manifest.set(path, { digest, part: typeof part === "string" ? part : undefined });
  }
  return succeed(manifest);
}

/** Writes the manifest, unless it says the same already. */
export function writeManifest(destination: Destination, manifest: Manifest): void {
  const sorted = [...manifest].sort(([one], [other]) => (one < other ? -1 : 1));
  const files = Object.fromEntries(sorted.map(([path, { digest }]) => [path, digest]));
  const parts = Object.fromEntries(sorted.map(([path, { part }]) => [path, part]));
  writeMemory(destination, "manifest.json", { version: 1, files, parts });
}

/** Services whose files were put in place by a run that may have ended before it could activate them. */
export function readPending(destination: Destination): readonly string[] {
  const written = readMemory(destination, "pending.json");
  return written.ok ? Object.keys(objectIn(written.value, "services")) : [];
}

export function writePending(destination: Destination, services: readonly string[]): void {
  if (services.length === 0) removeFile(placeOf(destination, "pending.json").file);
  else {
    const named = Object.fromEntries(services.map((service) => [service, true]));
    writeMemory(destination, "pending.json", { version: 1, services: named });
  }
}

/** Copies what is about to be replaced to `kept/<date>/<path>` and says where, as a path below the destination. */
export function keep(destination: Destination, path: string, file: string, date: string): string {
  const kept = `${MEMORY}/kept/${date}${path}`;
  const location = placeOf(destination, kept.slice(MEMORY.length + 1));
  makeDirectories(location.missing, 0o700);
  copyEntry(file, location.file);
  syncDirectory(location.folder);
  return kept;
}

/** Real place of a file of ours; a link that leads out of the destination is an error by now. */
export function placeOf(
  destination: Destination,
  name: string,
): { file: string; folder: string; missing: readonly string[] } {
  const located = locate(destination, `${MEMORY}/${name}`);
  if (located.ok) return located.value;
  throw new Error(`${MEMORY} is not a directory below the destination`);
}

function readMemory(destination: Destination, name: string): Result<unknown> {
  const located = locate(destination, `${MEMORY}/${name}`);
  if (!located.ok) return located;
  try {
    return succeed(JSON.parse(readFileSync(located.value.file, "utf8")));
  } catch {
    return succeed(undefined);
  }
}

function objectIn(value: unknown, key: string): object {
  const member: unknown = typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
  return typeof member === "object" && member !== null ? member : {};
}

function writeMemory(destination: Destination, name: string, value: unknown): void {
  const { file, missing } = placeOf(destination, name);
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (textOf(file) === text) return;
  makeDirectories(missing, 0o755);
  removeFile(`${file}.new`);
  createFile(`${file}.new`, Buffer.from(text), 0o600);
  renameSync(`${file}.new`, file);
  syncDirectory(dirname(file));
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
