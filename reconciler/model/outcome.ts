// How a cycle ended.
import type { Change, Held, Standings } from "./plan.ts";
import type { HealthReport } from "./health.ts";
import type { Problem } from "../../common/problem.ts";
import type { Revision } from "./revision.ts";
import type { Kind } from "./state.ts";

/** Why a cycle ran. */
export type Trigger = "manual" | "timer" | "change" | "boot";

/**
 * `failed`: what git wants was refused or could not be applied, and the server stayed as it was (or the last good
 * revision was cared for instead). `deferred`: suspended, or only reporting; nothing was touched.
 */
export type RunResult = "unchanged" | "changed" | "failed" | "rolled_back" | "rollback_failed" | "deferred";

/** A stage of the line, for progress and for durations. */
export type Stage =
  "fetch" | "verify" | "read" | "render" | "refresh" | "observe" | "plan" | "check" | "apply" | "judge" | "rollback";

export interface Outcome {
  /** Sortable and unique, made of the start time: `20261123T163522123Z-1a2b`. */
  readonly run: string;
  readonly trigger: Trigger;
  readonly result: RunResult;
  /** Whether this server is now as git wants it and no required check is bad. */
  readonly settled: boolean;
  /** Unix milliseconds. */
  readonly startedAt: number;
  readonly durationMs: number;
  readonly stageMs: Readonly<Partial<Record<Stage, number>>>;
  /** The newest revision on offer, if one is known. */
  readonly desired?: Revision;
  /** The revision whose Target this run cared for. */
  readonly applied?: Revision;
  /** Whether this run put that revision into quarantine. */
  readonly setAside?: boolean;
  readonly changes: readonly Change[];
  readonly held: readonly Held[];
  /** How everything stands when the run ends. */
  readonly resources: Standings;
  /** The same by kind, where it is known. */
  readonly byKind?: Readonly<Partial<Record<Kind, Standings>>>;
  readonly health: HealthReport;
  readonly problems: readonly Problem[];
}
