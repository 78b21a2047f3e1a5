// How this server is, as one plain value: made by gather.ts, told by describe.ts and json.ts.
import type { DaemonStatus } from "../control/protocol.ts";
import type { Problem } from "../../common/problem.ts";
import type { Revision } from "../model/revision.ts";
import type { PastRun } from "../state/history.ts";
import type { Pin, Suspension } from "../state/holds.ts";
import type { Quarantined, ReportOnly } from "../state/ledger.ts";

/** Why this server is not simply as git wants it. There may be several reasons at once. */
export type Reason =
  /** A run was cut off, and nobody is at work now: the next run finishes it or walks it back first. */
  | { readonly type: "interrupted"; readonly run?: string }
  /** What a run changed could not be undone in full. */
  | {
      readonly type: "rollback-failed";
      readonly problem?: Problem;
      /** What stands in which state, one problem a thing. */
      readonly left: readonly Problem[];
    }
  /** The program died too often in one place. */
  | { readonly type: "report-only"; readonly reportOnly: ReportOnly }
  | { readonly type: "suspended"; readonly suspension: Suspension }
  | { readonly type: "pinned"; readonly pin: Pin }
  | { readonly type: "quarantined"; readonly quarantined: Quarantined }
  | { readonly type: "refused"; readonly problem: Problem }
  | { readonly type: "unreachable"; readonly problem: Problem }
  /** The last run changed things and was rolled back, or could not be made. */
  | { readonly type: "failed"; readonly problem?: Problem }
  | { readonly type: "unhealthy"; readonly checks: readonly string[] }
  /** git has moved since the last run. */
  | { readonly type: "waiting" }
  /** No run for much longer than the interval, and no daemon. */
  | { readonly type: "neglected" }
  | { readonly type: "never-ran" }
  /** The clock shows a time before the newest commit that was verified (Unix milliseconds): it is not believed. */
  | { readonly type: "clock-behind"; readonly notBefore: number };

/** Who has to do something, and what. */
export interface Duty {
  readonly who: "nobody" | "author" | "server";
  /** One sentence; left out for nobody. */
  readonly what?: string;
}

export interface Counts {
  readonly inSync: number;
  readonly pending: number;
  readonly drift: number;
  readonly conflict: number;
  readonly foreign: number;
  /** Of all these, how many are told but left alone. */
  readonly held: number;
}

export interface Status {
  readonly host: string;
  /** When this was gathered. All times are Unix milliseconds. */
  readonly at: number;
  readonly settled: boolean;
  /** The revision that this server follows, and since which run, as far as history reaches. */
  readonly running?: { readonly revision: Revision; readonly since?: number };
  /** The newest revision that is known here. */
  readonly wanted?: Revision;
  readonly reasons: readonly Reason[];
  /** All that is not tried again here until what this server reads of it changes, newest first. */
  readonly quarantine: readonly Quarantined[];
  readonly lastRun?: PastRun;
  /** Of the last run. */
  readonly counts?: Counts;
  /** A daemon that answers; left out when none does. */
  readonly daemon?: DaemonStatus;
  /** A run that is going on in another process than the daemon. */
  readonly atWork?: { readonly pid: number; readonly since?: string };
  readonly duty: Duty;
}
