// What a run replaced although it was not ours: a person's edit, a file that was here before. Kept for a while, by run.
import type { Files } from "../machine/machine.ts";
import { replaceFile } from "./slots.ts";

const KEPT = "/kept";
/** More than any person looks through; the size limit usually comes first. */
const RUNS_KEPT = 100;

/** Where the old contents of a run lie, below the state directory. */
export function keptFolder(run: string): string {
  return `${KEPT}/${run}`;
}

export function countKept(state: Files, run: string): number {
  return filesBelow(state, keptFolder(run)).length;
}

/** Keeps one old content, whole or not at all, under the path it had. Resolves with its place in `state`. */
export async function keepOld(state: Files, run: string, path: string, bytes: Buffer): Promise<string> {
  const place = keptFolder(run) + path;
  if (state.stat(place) !== undefined) return place;
  await makeFolders(state, place);
  await replaceFile(state, place, bytes);
  return place;
}

async function makeFolders(state: Files, place: string): Promise<void> {
  for (let end = place.indexOf("/", 1); end > 0; end = place.indexOf("/", end + 1)) {
    const folder = place.slice(0, end);
    if (state.stat(folder) !== undefined) continue;
    state.makeDirectory(folder, { mode: 0o700 });
    await state.syncDirectory(folder.slice(0, folder.lastIndexOf("/")) || "/");
  }
}

/** Lets go of the oldest runs, until what is left is no more than the limit (bytes) and not too many. */
export function limitKept(state: Files, limitBytes: number): void {
  const runs = state.stat(KEPT) === undefined ? [] : state.list(KEPT).sort();
  const sizes = runs.map((run) => sum(filesBelow(state, keptFolder(run)).map((file) => state.stat(file)?.size ?? 0)));
  let total = sum(sizes);
  for (const [index, run] of runs.entries()) {
    if (total <= limitBytes && runs.length - index <= RUNS_KEPT) return;
    total -= sizes[index] ?? 0;
    remove(state, keptFolder(run));
  }
}

function filesBelow(state: Files, path: string): readonly string[] {
  if (state.stat(path)?.type !== "directory") return [path];
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

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
