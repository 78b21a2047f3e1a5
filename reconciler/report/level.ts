// How much an event matters: for the log's filter, and for counting.
import type { Event } from "../model/event.ts";
import type { RunResult } from "../model/outcome.ts";

export const LEVELS = ["info", "warn", "error"] as const;
export type LogLevel = (typeof LEVELS)[number];

const OF_RESULT: Readonly<Record<RunResult, LogLevel>> = {
  unchanged: "info",
  changed: "info",
  deferred: "info",
  rolled_back: "warn",
  failed: "error",
  rollback_failed: "error",
};

/** Undefined for what is only progress and not worth a line that is kept. */
export function levelOf(event: Event): LogLevel | undefined {
  switch (event.type) {
    case "stage-started":
    case "stage-ended":
    case "data-ages":
      return undefined;
    case "run-started":
    case "revision-chosen":
    case "planned":
    case "step-done":
    case "kept":
    case "report-only-ended":
      return "info";
    case "fetched":
      return event.ok ? "info" : "warn";
    case "health":
      return event.finding.ok ? "info" : "warn";
    case "recovered":
      return event.problems.length === 0 ? "warn" : "error";
    case "rolling-back":
    case "died":
      return "warn";
    case "rolled-back":
      return event.ok ? "warn" : "error";
    case "revision-refused":
    case "problem":
      return "error";
    case "run-ended":
      return OF_RESULT[event.outcome.result];
  }
}
