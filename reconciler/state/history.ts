// The last runs, one record each, so that status and history can tell of them also when no daemon runs.
import { FileError, type Files } from "../machine/machine.ts";
import type { Outcome, RunResult, Trigger } from "../model/outcome.ts";
import type { Problem } from "../../common/problem.ts";
import type { HealthReport } from "../model/health.ts";
import type { Revision } from "../model/revision.ts";
import { frame, salvage } from "./frame.ts";
import { replaceFile } from "./slots.ts";

const HISTORY = "/history.log";
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
    await state.append(HISTORY, record);
    return;
  }
  const values = await readHistory(state);
  if (values.length < kept * 2) {
    await state.append(HISTORY, record);
    return;
  }
  await replaceFile(state, HISTORY, Buffer.concat([...values, run].slice(-kept).map(frame)));
}

async function bytesIfAny(state: Files): Promise<Buffer> {
  try {
    return await state.read(HISTORY, LIMIT);
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return Buffer.alloc(0);
    throw error;
  }
}
