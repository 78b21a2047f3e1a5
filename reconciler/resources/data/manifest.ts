// What the files of a tree were when they were last read, and what of a walk need not be read again.
import { FileError, type FileReader, type Files, type StoreReader } from "../../machine/machine.ts";
import type { Digest } from "../../model/file-state.ts";
import type { DataEntry } from "../../model/target.ts";
import { replaceFile } from "../../state/slots.ts";
import { digitsOf, join, keyOf } from "./names.ts";
import type { WalkedEntry } from "./walk.ts";

const LIMIT = 1024 * 1024 * 1024;
/** Bytes, more than that of a tree itself can be. */
const LONGEST_LOOK = 256;
/** Files read at the same time. */
const READ_AT_ONCE = 8;

interface Known {
  readonly seal: string;
  readonly ctime: string;
  readonly digest: Digest;
}

/** By path, of regular files only. */
export type Manifest = ReadonlyMap<string, Known>;

/** How a whole tree looked when this was known of it: as long as it looks the same, it is the same. */
export interface Look {
  /** Of the walk (`printInside`). */
  readonly print: string;
  /** When anything in it moved last. Seconds. */
  readonly newest: number;
}

export const NOTHING_KNOWN: Manifest = new Map();

/** Where the store keeps what it knows of an item. */
export function shelfOf(path: string): string {
  return `/data/${keyOf(path)}`;
}

function manifestName(path: string, digest: Digest): string {
  return `${shelfOf(path)}/${digitsOf(digest)}.files`;
}

export async function loadManifest(store: StoreReader, path: string, digest: Digest): Promise<Manifest> {
  const bytes = await readManifest(store, path, digest);
  return bytes === undefined ? NOTHING_KNOWN : parseManifest(bytes.toString());
}

export async function loadLook(store: StoreReader, path: string, digest: Digest): Promise<Look | undefined> {
  const bytes = await readManifest(store, path, digest);
  return bytes && parseLook(bytes.toString("latin1", 0, LONGEST_LOOK));
}

async function readManifest({ files }: StoreReader, path: string, digest: Digest): Promise<Buffer | undefined> {
  try {
    return await files.read(manifestName(path, digest), LIMIT);
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** `look` only where the tree was seen to have just this content. */
export async function saveManifest(
  files: Files,
  path: string,
  digest: Digest,
  manifest: Manifest,
  look?: Look,
): Promise<void> {
  makeShelf(files, path);
  await replaceFile(files, manifestName(path, digest), Buffer.from(formatManifest(manifest, look)));
}

export function makeShelf(files: Files, path: string): void {
  for (const folder of ["/data", shelfOf(path)]) {
    if (files.stat(folder) === undefined) files.makeDirectory(folder, { mode: 0o700 });
  }
}

/** Four fields a file. The first ones, under a name that no file in a tree has, may be of the tree itself. */
export function formatManifest(manifest: Manifest, look?: Look): string {
  const first = look === undefined ? "" : `\0${look.print}\0${look.newest}\0\0`;
  return first + formatFiles(manifest);
}

function parseLook(text: string): Look | undefined {
  const [name, print = "", newest = ""] = text.split("\0", 4);
  return name === "" && print !== "" ? { print, newest: Number(newest) } : undefined;
}

function formatFiles(manifest: Manifest): string {
  return Array.from(manifest, ([path, { seal, ctime, digest }]) => `${path}\0${seal}\0${ctime}\0${digest}\0`).join("");
}

export function parseManifest(text: string): Manifest {
  const fields = text.split("\0");
  const manifest = new Map<string, Known>();
  for (let at = 0; at + 4 < fields.length; at += 4) {
    const [path = "", seal = "", ctime = "", digest = ""] = fields.slice(at, at + 4);
    if (path !== "") manifest.set(path, { seal, ctime, digest });
  }
  return manifest;
}

/**
 * `exact` also wants that its ctime did not move. Only where we ourselves just made or removed names of these files,
 * which moves it, may that be left out.
 */
function knownDigest(manifest: Manifest, entry: WalkedEntry, exact: boolean): Digest | undefined {
  const known = manifest.get(entry.path);
  if (known?.seal !== entry.seal || (exact && known.ctime !== entry.ctime)) return undefined;
  return known.digest;
}

/** Of several, for each entry what the first of them says that knows it as it is. */
export function fitting(manifests: readonly Manifest[], entries: readonly WalkedEntry[]): Manifest {
  const merged = new Map<string, Known>();
  for (const { path, seal } of entries) {
    const known = manifests.map((manifest) => manifest.get(path)).find((one) => one?.seal === seal);
    if (known !== undefined) merged.set(path, known);
  }
  return merged;
}

/** With what is known of files that were just written in a place that only we may enter. */
export function withCopied(
  manifest: Manifest,
  copied: ReadonlyMap<string, Digest>,
  entries: readonly WalkedEntry[],
): Manifest {
  const next = new Map(manifest);
  for (const { path, seal, ctime } of entries) {
    const digest = copied.get(path);
    if (digest !== undefined) next.set(path, { seal, ctime, digest });
  }
  return next;
}

/** What is still known of these entries, with the ctime that they have now. */
export function restamped(manifest: Manifest, entries: readonly WalkedEntry[]): Manifest {
  const next = new Map<string, Known>();
  for (const entry of entries) {
    const digest = knownDigest(manifest, entry, false);
    if (digest !== undefined) next.set(entry.path, { seal: entry.seal, ctime: entry.ctime, digest });
  }
  return next;
}

/** The walked entries with the content of each; what the manifest does not know is read. */
export async function readEntries(
  files: FileReader,
  top: string,
  entries: readonly WalkedEntry[],
  { manifest, exact = true }: { readonly manifest: Manifest; readonly exact?: boolean },
): Promise<{ listing: DataEntry[]; manifest: Manifest }> {
  const digests = new Map<string, Digest>();
  const unknown: WalkedEntry[] = [];
  for (const entry of entries) {
    if (entry.type !== "regular") continue;
    const digest = knownDigest(manifest, entry, exact);
    if (digest === undefined) unknown.push(entry);
    else digests.set(entry.path, digest);
  }
  await readAll(files, top, unknown, digests);
  const next = new Map<string, Known>();
  const listing: DataEntry[] = [];
  for (const entry of entries) {
    const digest = digests.get(entry.path);
    if (digest !== undefined) next.set(entry.path, { seal: entry.seal, ctime: entry.ctime, digest });
    if (entry.path !== "") listing.push(dataEntryOf(entry, digest));
  }
  return { listing, manifest: next };
}

async function readAll(
  files: FileReader,
  top: string,
  unknown: readonly WalkedEntry[],
  digests: Map<string, Digest>,
): Promise<void> {
  const waiting = unknown.values();
  const worker = async (): Promise<void> => {
    for (const { path } of waiting) digests.set(path, await files.digest(path === "" ? top : join(top, path)));
  };
  await Promise.all(Array.from({ length: Math.min(READ_AT_ONCE, unknown.length) }, worker));
}

/** What is neither file, folder nor link counts as an empty link: no content that is wanted looks like that. */
function dataEntryOf({ path, type, mode, size, target }: WalkedEntry, digest: Digest | undefined): DataEntry {
  if (type === "regular") return { path, type, mode, size, ...(digest === undefined ? {} : { digest }) };
  if (type === "directory") return { path, type, mode };
  return { path, type: "symlink", mode, target };
}
