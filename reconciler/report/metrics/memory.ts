// The metrics that have to survive a restart: kept beside their series, saved as plain JSON, and set again from it.
import { labelText, ROLES, STEPS } from "./labels.ts";
import { succeeded } from "./outcome.ts";
import type { MetricTable } from "./table.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { Revision } from "../../model/revision.ts";
import type { RunStep } from "../../model/run-step.ts";
import type { Role, RollbackReason } from "./labels.ts";

/** Times are Unix milliseconds. */
export interface SavedMetrics {
  readonly lastRunAt?: number;
  readonly lastSuccessAt?: number;
  readonly quarantined?: number;
  readonly rollbacks?: readonly Rollbacks[];
  readonly revisions?: Readonly<Partial<Record<Role, Revision>>>;
}

export interface Rollbacks {
  readonly result: "ok" | "failed";
  readonly reason: RollbackReason;
  readonly count: number;
}

export interface MetricMemory {
  ended(outcome: Outcome): void;
  /** The commit that is in this role now; the one before it loses its series. */
  revision(role: Role, revision: Revision): void;
  rollback(result: "ok" | "failed", reason: RollbackReason, count?: number): void;
  quarantined(count: number): void;
  /** All that there ever were; they are kept elsewhere. */
  deaths(counts: Readonly<Partial<Record<RunStep, number>>>): void;
  restore(saved: SavedMetrics): void;
  saved(): SavedMetrics;
}

/** `branch` is the `ref` of every revision. */
export function createMetricMemory(table: MetricTable, branch: string): MetricMemory {
  const times = { lastRunAt: 0, lastSuccessAt: 0 };
  const revisions = new Map<Role, Revision>();
  const rollbacks = new Map<string, Rollbacks>();
  const deaths = new Map<RunStep, number>();
  let quarantined = 0;

  const setTimes = (lastRunAt: number, lastSuccessAt: number) => {
    Object.assign(times, { lastRunAt, lastSuccessAt });
    table.lastRun.set(lastRunAt / 1000);
    table.lastSuccess.set(lastSuccessAt / 1000);
  };
  const memory: MetricMemory = {
    ended(outcome) {
      const at = outcome.startedAt + outcome.durationMs;
      setTimes(at, succeeded(outcome) ? at : times.lastSuccessAt);
      if (outcome.applied === undefined || !succeeded(outcome)) return;
      memory.revision("applied", outcome.applied);
      if (outcome.settled) memory.revision("known_good", outcome.applied);
    },
    revision(role, revision) {
      const former = revisions.get(role);
      if (former !== undefined) table.revisionInfo.remove(revisionLabels(role, former, branch));
      revisions.set(role, revision);
      table.revisionInfo.set(revisionLabels(role, revision, branch), 1);
      table.revisionTime.set({ role }, revision.time);
    },
    rollback(result, reason, count = 1) {
      const key = `${result} ${reason}`;
      rollbacks.set(key, { result, reason, count: (rollbacks.get(key)?.count ?? 0) + count });
      table.rollbacks.inc({ result, reason }, count);
    },
    quarantined(count) {
      quarantined = count;
      table.quarantined.set(count);
    },
    deaths(counts) {
      for (const step of STEPS) {
        const more = (counts[step] ?? 0) - (deaths.get(step) ?? 0);
        if (more <= 0) continue;
        deaths.set(step, counts[step] ?? 0);
        table.deaths.inc({ step }, more);
      }
    },
    restore(saved) {
      setTimes(saved.lastRunAt ?? 0, saved.lastSuccessAt ?? 0);
      memory.quarantined(saved.quarantined ?? 0);
      for (const { result, reason, count } of saved.rollbacks ?? []) memory.rollback(result, reason, count);
      for (const role of ROLES) {
        const revision = saved.revisions?.[role];
        if (revision !== undefined) memory.revision(role, revision);
      }
    },
    saved: () => ({
      ...times,
      quarantined,
      rollbacks: [...rollbacks.values()],
      revisions: Object.fromEntries(revisions),
    }),
  };
  return memory;
}

function revisionLabels(role: Role, { commit }: Revision, branch: string) {
  return { role, commit: labelText(commit.slice(0, 12)), ref: labelText(branch) };
}
