// Changes and departures in, the same done on disk out; and the way back.
import { readdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import type { Change, Departure } from "./compare.ts";
import type { Location } from "./destination.ts";
import { createFile, type Found, holdOn, lookAt, makeDirectories, removeFile, syncDirectory } from "./files.ts";

/** One file on its way to its new state, or away. */
export interface Move {
  readonly path: string;
  readonly location: Location;
  readonly before: Found;
  /** Undefined for a file that goes. */
  readonly change: Change | undefined;
  /** Real path of the new file until it takes its place. */
  readonly staged: string;
  /** Real path at which what was there before waits to be forgotten. */
  readonly old: string;
}

const OURS = /^\.mace-\d+-\d+\.(?:new~|old~|main~(?:\.\w+)?)$/;

/** Writes every new file next to its target. When that fails nothing is left behind. */
export function stageAll(changes: readonly Change[], departures: readonly Departure[]): readonly Move[] {
  const moves = [...changes, ...departures].map((one, number): Move => {
    const change = "file" in one ? one : undefined;
    const path = "file" in one ? one.file.path : one.path;
    const name = join(one.location.folder, `.mace-${process.pid}-${number}`);
    const { location, before } = one;
    return { path, location, before, change, staged: `${name}.new~`, old: `${name}.old~` };
  });
  try {
    for (const { location } of moves) makeDirectories(location.missing, 0o755);
    foldersOf(moves).forEach(sweep);
    for (const { change, staged } of moves) {
      if (change !== undefined) createFile(staged, change.file.bytes, change.file.mode, change.ownership);
    }
  } catch (error) {
    unstage(moves);
    throw error;
  }
  return moves;
}

/** Takes staged files away again, and the directories that were made for them. */
export function unstage(moves: readonly Move[]): void {
  for (const { staged } of moves) removeFile(staged);
  removeMadeDirectories(moves);
}

/** Puts every staged file in its place, and takes away what goes. When that fails on the way, what was there comes back. */
export function install(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      if (move.before.kind !== "absent") holdOn(move.location.file, move.old);
      done.push(move);
      if (move.change === undefined) removeFile(move.location.file);
      else renameSync(move.staged, move.location.file);
    }
    syncAll(moves);
  } catch (error) {
    comeBack(done.filter(({ change, staged }) => change === undefined || lookAt(staged).kind === "absent"));
    unstage(moves);
    for (const { old } of moves) removeFile(old);
    throw error;
  }
}

/** The way back, last step first. */
export function uninstall(moves: readonly Move[]): void {
  comeBack(moves);
  syncAll(moves);
  removeMadeDirectories(moves);
}

/** Forgets what was there before. */
export function settle(moves: readonly Move[]): void {
  for (const { old } of moves) removeFile(old);
}

function comeBack(moves: readonly Move[]): void {
  for (const { before, location, old } of [...moves].reverse()) {
    if (before.kind === "absent") removeFile(location.file);
    else renameSync(old, location.file);
  }
}

function syncAll(moves: readonly Move[]): void {
  foldersOf(moves).forEach(syncDirectory);
}

function foldersOf(moves: readonly Move[]): string[] {
  return [...new Set(moves.map(({ location }) => location.folder))];
}

/** Removes what a run that was cut short left in a directory. The lock is ours, so nobody else is at work on them. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) if (OURS.test(name)) removeFile(join(folder, name));
}

function removeMadeDirectories(moves: readonly Move[]): void {
  for (const folder of moves.flatMap(({ location }) => location.missing).reverse()) {
    try {
      rmdirSync(folder);
    } catch {
      // Somebody else uses it by now, or another of our files still lies in it.
    }
  }
}
