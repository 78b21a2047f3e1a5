// Something happened. The cycle tells it once; log, metrics, status and page each listen.
import type { Change, Plan } from "./plan.ts";
import type { HealthFinding } from "./health.ts";
import type { Outcome, Stage, Trigger } from "./outcome.ts";
import type { Problem } from "../../common/problem.ts";
import type { Revision } from "./revision.ts";
import type { RunStep } from "./run-step.ts";
import type { ResourceId } from "./state.ts";

/** How old an item of data is, and may be. */
export interface DataAge {
  readonly id: ResourceId;
  /** When its source last said that this is what it has, Unix milliseconds; left out when it never answered. */
  readonly answeredAt?: number;
  /** Milliseconds; left out when it never gets stale. */
  readonly maxAgeMs?: number;
}

export type Event =
  | {
      readonly type: "run-started";
      readonly run: string;
      readonly trigger: Trigger;
      readonly because: string;
      readonly at: number;
    }
  /** The run before did not end: its process died, for the n-th time at the same place since a run last came to its end. */
  | {
      readonly type: "died";
      readonly run: string;
      readonly step: RunStep;
      readonly commit?: string;
      /** What it was about to change. */
      readonly resource?: ResourceId;
      readonly times: number;
    }
  /** Changes are made again, after a time in which this server only reported. */
  | { readonly type: "report-only-ended"; readonly because: string }
  | { readonly type: "stage-started"; readonly stage: Stage }
  | { readonly type: "stage-ended"; readonly stage: Stage; readonly ms: number }
  | {
      readonly type: "fetched";
      readonly remote: string;
      readonly ok: boolean;
      readonly problem?: Problem;
      readonly at: number;
    }
  | {
      readonly type: "revision-chosen";
      readonly revision: Revision;
      readonly desired: Revision;
      /** Of what this host reads of it. */
      readonly digest?: string;
    }
  | {
      readonly type: "revision-refused";
      readonly revision: Revision;
      readonly reason: string;
      readonly problems: readonly Problem[];
    }
  | {
      readonly type: "recovered";
      readonly run: string;
      readonly steps: number;
      /** Whether the changes of that run stand now, or were walked back; left out when it is not known. */
      readonly kept?: boolean;
      /** False when something of it is left to do; the next run tries again. */
      readonly over?: boolean;
      readonly problems: readonly Problem[];
    }
  /** Every item of data that comes from somewhere, as its source was last heard. */
  | { readonly type: "data-ages"; readonly ages: readonly DataAge[] }
  | { readonly type: "planned"; readonly plan: Plan }
  | { readonly type: "step-done"; readonly change: Change; readonly n: number; readonly of: number }
  | { readonly type: "health"; readonly when: "before" | "after"; readonly finding: HealthFinding }
  | { readonly type: "rolling-back"; readonly reason: string }
  | {
      readonly type: "rolled-back";
      readonly ok: boolean;
      readonly steps: number;
      readonly problems: readonly Problem[];
    }
  /** Content that was not ours and was replaced; `folder` is below the state directory. */
  | { readonly type: "kept"; readonly files: number; readonly folder: string }
  | { readonly type: "problem"; readonly problem: Problem }
  | { readonly type: "run-ended"; readonly outcome: Outcome };

/** The one way in which a stage tells something. */
export type Emit = (event: Event) => void;
