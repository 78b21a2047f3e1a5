// The last runs, one record each, so that status and history can tell of them also when no daemon runs.
import { FileError, type Files } from "../machine/machine.ts";
import type { Outcome, RunResult, Trigger } from "../model/outcome.ts";
import type { Problem } from "../../common/problem.ts";
import type { HealthReport } from "../model/health.ts";
import type { Revision } from "../model/revision.ts";
import { frame, salvage, salvageLines, unframe } from "./frame.ts";
import { withReserve } from "./reserve.ts";
import { replaceFile } from "./slots.ts";

const HISTORY = "/history.log";
/** In the folder of the second copy. */
const TAIL = "/history";
const TAIL_RUNS = 50;
/** So many calm runs may be missing from the copy: they say little, and each would cost a write. */
const CALM_RUNS = 12;
const LIMIT = 64 * 1024 * 1024;

/** An Outcome without the bulk: how many changes, not which. */
export interface PastRun {
  readonly run: string;
  readonly trigger: Trigger;
  readonly result: RunResult;
  readonly settled: boolean;
  readonly startedAt: number;
  readonly durationMs: number;
  readonly desired?: Revision;
  readonly applied?: Revision;
  readonly changes: number;
  readonly held: number;
  readonly resources: Outcome["resources"];
  readonly health: HealthReport;
  readonly problems: readonly Problem[];
}

const PROBLEMS_KEPT = 20;

export function pastRun(outcome: Outcome): PastRun {
  const { stageMs: _stageMs, byKind: _byKind, changes, held, problems, ...rest } = outcome;
  return { ...rest, changes: changes.length, held: held.length, problems: problems.slice(0, PROBLEMS_KEPT) };
}

/** Oldest first. What a power cut tore or a disk damaged is left out. */
export async function readHistory(state: Files): Promise<readonly PastRun[]> {
  return salvage(await bytesIfAny(state)) as readonly PastRun[];
}

/** Adds a run; when twice as many as are kept have come together, the older half is dropped. */
export async function addToHistory(state: Files, run: PastRun, kept: number): Promise<void> {
  const size = state.stat(HISTORY)?.size ?? 0;
  const record = frame(run);
  if (size < kept * record.length * 2) {
    await append(state, record);
    return;
  }
  const values = await readHistory(state);
  if (values.length < kept * 2) {
    await append(state, record);
    return;
  }
  await replaceFile(state, HISTORY, Buffer.concat([...values, run].slice(-kept).map(frame)));
}

/** What the second copy is to hold; undefined when it holds that already, or misses nothing but a few calm runs. */
export async function tailToCopy(state: Files, copy: Files): Promise<Buffer | undefined> {
  const lines = salvageLines(await bytesIfAny(state));
  const last = salvageLines(await bytesIfAny(copy, TAIL)).at(-1);
  const known = last === undefined ? -1 : lines.findLastIndex((line) => line.equals(last));
  const fresh = lines.slice(known + 1);
  const isOld = known < 0 || fresh.length > CALM_RUNS || fresh.some((line) => !isCalm(line));
  return lines.length > 0 && isOld ? Buffer.concat(lines.slice(-TAIL_RUNS)) : undefined;
}

/** Brings the last runs back when not one is left. Resolves with whether it did. */
export async function restoreTail(state: Files, copy: Files): Promise<boolean> {
  if (salvageLines(await bytesIfAny(state)).length > 0) return false;
  const lines = salvageLines(await bytesIfAny(copy, TAIL));
  if (lines.length > 0) await replaceFile(state, HISTORY, Buffer.concat(lines));
  return lines.length > 0;
}

function isCalm(line: Buffer): boolean {
  const [run] = unframe(line).values as readonly Partial<PastRun>[];
  return run?.result === "unchanged";
}

async function append(state: Files, record: Buffer): Promise<void> {
  await withReserve(state, () => state.append(HISTORY, record));
}

async function bytesIfAny(state: Files, path = HISTORY): Promise<Buffer> {
  try {
    return await state.read(path, LIMIT);
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
