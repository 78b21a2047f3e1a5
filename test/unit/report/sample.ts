// Small values of the model for the tests of reports.
import { ABSENT } from "../../../reconciler/model/absent.ts";
import { fileId } from "../../../reconciler/model/state.ts";
import type { Change, Held } from "../../../reconciler/model/plan.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import type { FileState } from "../../../reconciler/model/file-state.ts";
import type { HealthFinding } from "../../../reconciler/model/health.ts";
import type { Outcome } from "../../../reconciler/model/outcome.ts";
import type { Revision } from "../../../reconciler/model/revision.ts";

export function revision(digit: string, subject = "proxy: a shorter list"): Revision {
  const id = digit.repeat(40);
  return { commit: id, tree: id, time: 1_795_000_000, subject, author: "Fleet <fleet@school.example>" };
}

export function text(content: string, more: { mode?: number; uid?: number; gid?: number } = {}): FileState {
  return { type: "regular", digest: content.repeat(64).slice(0, 64), size: 5, ...more };
}

export function change(path: string, more: Partial<Change> = {}): Change {
  return { id: fileId(path), before: ABSENT, after: text("a"), why: "new", standing: "pending", ...more };
}

export function held(path: string, more: Partial<Held> = {}): Held {
  return { id: fileId(path), policy: "report", standing: "drift", before: text("b"), after: text("a"), ...more };
}

export function finding(name: string, ok: boolean, more: Partial<HealthFinding> = {}): HealthFinding {
  return { name, level: "required", ok, detail: ok ? "" : "answered 503, expected 200", ...more };
}

export function outcome(more: Partial<Outcome> = {}): Outcome {
  return {
    run: "20261123T163522Z-1a2b",
    trigger: "timer",
    result: "unchanged",
    settled: true,
    startedAt: 1_795_000_000_000,
    durationMs: 41,
    stageMs: {},
    desired: revision("a"),
    applied: revision("a"),
    changes: [],
    held: [],
    resources: { in_sync: 12, pending: 0, drift: 0, conflict: 0, foreign: 0 },
    byKind: { file: { in_sync: 12, pending: 0, drift: 0, conflict: 0, foreign: 0 } },
    health: [],
    problems: [],
    ...more,
  };
}

export function started(because = "every 300 s"): Event {
  return { type: "run-started", run: "20261123T163522Z-1a2b", trigger: "timer", because, at: 1_795_000_000_000 };
}

export function chosen(digit = "a", subject?: string): Event {
  return { type: "revision-chosen", revision: revision(digit, subject), desired: revision(digit, subject) };
}

export function ended(more: Partial<Outcome> = {}): Event {
  return { type: "run-ended", outcome: outcome(more) };
}
