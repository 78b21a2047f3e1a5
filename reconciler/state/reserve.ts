// Bytes of the disk that are set aside, and given back on the day when it is full: so that a run can be taken back then.
import { randomBytes } from "node:crypto";
import { FileError, type Files } from "../machine/machine.ts";
import type { Problem } from "../../common/problem.ts";

const RESERVE = "/reserve";
/** A disk with less than so many times the reserve has better uses for it. */
const TIMES = 4;
const PIECE_BYTES = 4 * 1024 * 1024;
/** With less than this, not even what a run writes down for itself has room. */
const FULL_BYTES = 4 * 1024 * 1024;
const FULL_INODES = 16;

/** Sets aside so many bytes when there is room for them; gives them back when `bytes` is 0. Never throws. */
export async function keepReserve(state: Files, bytes: number): Promise<void> {
  try {
    const kept = state.stat(RESERVE)?.size ?? 0;
    if (kept === bytes) return;
    giveBack(state);
    if (bytes > 0 && state.space("/").bytes >= bytes * TIMES) await setAside(state, bytes);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    spend(state);
  }
}

/** Gives the reserve back when the disk is full. Problems tell that it was. Never throws. */
export function spendReserve(state: Files): readonly Problem[] {
  try {
    const { bytes, inodes } = state.space("/");
    const isFull = bytes < FULL_BYTES || inodes < FULL_INODES;
    return isFull && giveBack(state) ? [spent()] : [];
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

/** Does something, and once more with the reserve given back when the disk was full. */
export async function withReserve<T>(state: Files, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof FileError && FULL.has(error.code) && spend(state)) return act();
    throw error;
  }
}

/** The same for something that tells its problems. */
export async function tryWithReserve(
  state: Files,
  act: () => Promise<readonly Problem[]>,
): Promise<readonly Problem[]> {
  const problems = await act();
  return problems.some(({ code }) => FULL_PROBLEMS.has(code)) && spend(state) ? act() : problems;
}

const FULL: ReadonlySet<string> = new Set(["ENOSPC", "EDQUOT"]);
const FULL_PROBLEMS: ReadonlySet<string> = new Set(["file-enospc", "file-edquot"]);

/** Random, so that no file system can make less of them. */
async function setAside(state: Files, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= PIECE_BYTES) {
    await state.append(RESERVE, randomBytes(Math.min(left, PIECE_BYTES)));
  }
}

/** Whether there was one. */
function giveBack(state: Files): boolean {
  if (state.stat(RESERVE) === undefined) return false;
  state.unlink(RESERVE);
  return true;
}

function spend(state: Files): boolean {
  try {
    return giveBack(state);
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

function spent(): Problem {
  return {
    code: "reserve-spent",
    what: "the disk that holds the state is full: what was set aside for this day has been given back",
    hint: "make room (df -h, df -i); it is set aside again when there is enough",
  };
}
