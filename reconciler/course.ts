// The course of one run: its name, its clock, what was told on the way; at the end it is an Outcome.
import { randomBytes } from "node:crypto";
import type { Clock } from "./machine/machine.ts";
import type { Emit } from "./model/event.ts";
import type { Outcome, Stage, Trigger } from "./model/outcome.ts";
import type { Standing } from "./model/plan.ts";
import type { Problem } from "../common/problem.ts";

export interface Course {
  readonly run: string;
  readonly emit: Emit;
  /** Aborted when the run has taken as long as it may: waits end, and nothing new is begun. */
  readonly signal: AbortSignal;
  /** Milliseconds since the run began. */
  elapsedMs(): number;
  /** Does a stage, and tells when it starts and ends. */
  stage<T>(stage: Stage, work: () => Promise<T>): Promise<T>;
  /** Tells problems now and keeps them for the Outcome. */
  tell(problems: readonly Problem[]): void;
  end(facts: Facts): Outcome;
}

interface Wish {
  readonly trigger: Trigger;
  /** In words, for a person. */
  readonly because: string;
}

/** What the cycle itself knows at its end; all else the course has kept. */
export type Facts = Pick<Outcome, "result" | "settled"> &
  Partial<Pick<Outcome, "desired" | "applied" | "setAside" | "changes" | "held" | "health" | "resources" | "byKind">>;

export const NO_RESOURCES: Readonly<Record<Standing, number>> = {
  in_sync: 0,
  pending: 0,
  drift: 0,
  conflict: 0,
  foreign: 0,
};

export function startCourse(clock: Clock, wish: Wish, deadlineMs: number, emit: Emit): Course {
  const { trigger, because } = wish;
  const startedAt = clock.wallMs();
  const began = clock.monotonicMs();
  const run = nameRun(startedAt);
  const stageMs: Partial<Record<Stage, number>> = {};
  const problems: Problem[] = [];
  emit({ type: "run-started", run, trigger, because, at: startedAt });
  return {
    run,
    emit,
    signal: AbortSignal.timeout(deadlineMs),
    elapsedMs: () => clock.monotonicMs() - began,
    async stage(stage, work) {
      const from = clock.monotonicMs();
      emit({ type: "stage-started", stage });
      try {
        return await work();
      } finally {
        const ms = clock.monotonicMs() - from;
        stageMs[stage] = (stageMs[stage] ?? 0) + ms;
        emit({ type: "stage-ended", stage, ms });
      }
    },
    tell(told) {
      problems.push(...told);
      for (const problem of told) emit({ type: "problem", problem });
    },
    end(facts) {
      const durationMs = clock.monotonicMs() - began;
      const rest = { changes: [], held: [], health: [], resources: NO_RESOURCES };
      const outcome: Outcome = { run, trigger, startedAt, durationMs, stageMs, ...rest, ...facts, problems };
      emit({ type: "run-ended", outcome });
      return outcome;
    },
  };
}

/** Sortable by time, unique within it: `20261123T163522123Z-1a2b`. */
function nameRun(atMs: number): string {
  const time = new Date(atMs).toISOString().replace(/[-:.]/gu, "");
  return `${time}-${randomBytes(2).toString("hex")}`;
}
