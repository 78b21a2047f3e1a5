// What a run replaced although it was not ours: a person's edit, a file that was here before. Kept for a while, by run.
import { createHash } from "node:crypto";
import { FileError, type FileReader, type Files } from "../machine/machine.ts";
import type { Digest, Permissions } from "../model/file-state.ts";
import { frame, salvage } from "./frame.ts";
import { withReserve } from "./reserve.ts";
import { replaceFile } from "./slots.ts";

const KEPT = "/kept";
/** A record each, in the order in which they were kept: names of runs go by a clock that may leap. */
const INDEX = "/kept.log";
const LIMIT = 64 * 1024 * 1024;
/** More than any person looks through; the size limit usually comes first. */
const RUNS_KEPT = 100;

/** One old content. Whose it was and who could read it is left out when the record of it is lost. */
export interface Kept extends Permissions {
  readonly run: string;
  /** Below the managed root. */
  readonly path: string;
  readonly size: number;
  readonly digest: Digest;
  /** When it was kept, Unix milliseconds by a clock that may have been wrong. */
  readonly at?: number;
}

/** Where the old contents of a run lie, below the state directory. */
export function keptFolder(run: string): string {
  return `${KEPT}/${run}`;
}

export function countKept(state: FileReader, run: string): number {
  return filesBelow(state, keptFolder(run)).length;
}

/** Keeps one old content, whole or not at all, under the path it had. Resolves with its place in `state`. */
export async function keepOld(
  state: Files,
  old: Omit<Kept, "size" | "digest"> & { readonly bytes: Buffer },
): Promise<string> {
  const { bytes, ...told } = old;
  const place = placeOf(told);
  if (state.stat(place) !== undefined) return place;
  // The record first: what lies there has one.
  const record: Kept = { ...told, size: bytes.length, digest: digestOf(bytes) };
  await withReserve(state, () => state.append(INDEX, frame(record)));
  await makeFolders(state, place);
  await replaceFile(state, place, bytes);
  return place;
}

/** All that is kept, newest first. */
export async function listKept(state: FileReader): Promise<readonly Kept[]> {
  const told = new Map((await readIndex(state)).map((kept) => [placeOf(kept), kept]));
  const found = new Set(runsKept(state, []).flatMap((run) => filesBelow(state, keptFolder(run))));
  const untold = [...found].filter((place) => !told.has(place)).sort();
  const known = [...told].flatMap(([place, kept]) => (found.has(place) ? [kept] : []));
  return [...(await Promise.all(untold.map((place) => describe(state, place)))), ...known].reverse();
}

/** Undefined when it is not what was kept any more. */
export async function readKept(state: FileReader, kept: Kept): Promise<Buffer | undefined> {
  const bytes = await state.read(placeOf(kept), LIMIT);
  return digestOf(bytes) === kept.digest ? bytes : undefined;
}

/** Lets go of the oldest runs, until what is left is no more than the limit (bytes) and not too many. */
export async function limitKept(state: Files, limitBytes: number): Promise<void> {
  const index = await readIndex(state);
  const runs = runsKept(state, index);
  const sizes = runs.map((run) => sum(filesBelow(state, keptFolder(run)).map((file) => state.stat(file)?.size ?? 0)));
  let total = sum(sizes);
  let gone = 0;
  for (; gone < runs.length && (total > limitBytes || runs.length - gone > RUNS_KEPT); gone++) {
    total -= sizes[gone] ?? 0;
    remove(state, keptFolder(runs[gone] ?? ""));
  }
  if (gone === 0) return;
  const left = new Set(runs.slice(gone));
  await replaceFile(state, INDEX, Buffer.concat(index.filter(({ run }) => left.has(run)).map(frame)));
}

/** Oldest first; those that no record tells of are older than all others. */
function runsKept(state: FileReader, index: readonly Kept[]): readonly string[] {
  const order = [...new Set(index.map(({ run }) => run))];
  const there = state.stat(KEPT) === undefined ? [] : state.list(KEPT).sort();
  return there.toSorted((one, other) => order.indexOf(one) - order.indexOf(other));
}

async function readIndex(state: FileReader): Promise<readonly Kept[]> {
  try {
    return salvage(await state.read(INDEX, LIMIT)) as readonly Kept[];
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return [];
    throw error;
  }
}

async function describe(state: FileReader, place: string): Promise<Kept> {
  const [, run = "", path = ""] = /^\/kept\/([^/]+)(\/.*)$/su.exec(place) ?? [];
  return { run, path, size: state.stat(place)?.size ?? 0, digest: await state.digest(place) };
}

function placeOf({ run, path }: Pick<Kept, "run" | "path">): string {
  return keptFolder(run) + path;
}

async function makeFolders(state: Files, place: string): Promise<void> {
  for (let end = place.indexOf("/", 1); end > 0; end = place.indexOf("/", end + 1)) {
    const folder = place.slice(0, end);
    if (state.stat(folder) !== undefined) continue;
    state.makeDirectory(folder, { mode: 0o700 });
    await state.syncDirectory(folder.slice(0, folder.lastIndexOf("/")) || "/");
  }
}

/** A file that a power cut left half is none. */
function filesBelow(state: FileReader, path: string): readonly string[] {
  if (state.stat(path)?.type !== "directory") return path.endsWith(".new~") ? [] : [path];
  return state.list(path).flatMap((name) => filesBelow(state, `${path}/${name}`));
}

function remove(state: Files, path: string): void {
  if (state.stat(path)?.type !== "directory") {
    state.unlink(path);
    return;
  }
  for (const name of state.list(path)) remove(state, `${path}/${name}`);
  state.removeDirectory(path);
}

function digestOf(bytes: Buffer): Digest {
  return createHash("sha256").update(bytes).digest("hex");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
