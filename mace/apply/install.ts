// Staged files in, the same files at their places out; and the way back.
import { readdirSync, renameSync, rmdirSync } from "node:fs";
import { join } from "node:path";
import type { Change } from "./compare.ts";
import { createFile, holdOn, lookAt, makeDirectories, removeFile, syncDirectory } from "./files.ts";

/** One change on its way: the new file beside its target, and later the old one as well. */
export interface Move {
  readonly change: Change;
  /** Real path of the new file until it takes its place. */
  readonly staged: string;
  /** Real path at which what was there before waits to be forgotten. */
  readonly old: string;
}

const OURS = /^\.mace-\d+-\d+\.(?:new|old)~$/;

/** Writes every new file next to its target. When that fails nothing is left behind. */
export function stageAll(changes: readonly Change[]): readonly Move[] {
  const moves = changes.map((change, number) => {
    const name = join(change.location.folder, `.mace-${process.pid}-${number}`);
    return { change, staged: `${name}.new~`, old: `${name}.old~` };
  });
  try {
    for (const { change } of moves) makeDirectories(change.location.missing, 0o755);
    foldersOf(moves).forEach(sweep);
    for (const { change, staged } of moves) {
      createFile(staged, change.file.bytes, change.file.mode, change.ownership);
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

/** Puts every staged file in its place. When that fails on the way, what was replaced comes back. */
export function install(moves: readonly Move[]): void {
  const done: Move[] = [];
  try {
    for (const move of moves) {
      done.push(move);
      if (move.change.before.kind !== "absent") holdOn(move.change.location.file, move.old);
      renameSync(move.staged, move.change.location.file);
    }
    syncAll(moves);
  } catch (error) {
    comeBack(done.filter(({ staged }) => lookAt(staged).kind === "absent"));
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
  for (const { change, old } of [...moves].reverse()) {
    if (change.before.kind === "absent") removeFile(change.location.file);
    else renameSync(old, change.location.file);
  }
}

function syncAll(moves: readonly Move[]): void {
  foldersOf(moves).forEach(syncDirectory);
}

function foldersOf(moves: readonly Move[]): string[] {
  return [...new Set(moves.map(({ change }) => change.location.folder))];
}

/** Removes what a run that was cut short left in a directory. The lock is ours, so nobody else is at work on them. */
function sweep(folder: string): void {
  for (const name of readdirSync(folder)) if (OURS.test(name)) removeFile(join(folder, name));
}

function removeMadeDirectories(moves: readonly Move[]): void {
  for (const folder of moves.flatMap(({ change }) => change.location.missing).reverse()) {
    try {
      rmdirSync(folder);
    } catch {
      // Somebody else uses it by now, or another of our files still lies in it.
    }
  }
}
