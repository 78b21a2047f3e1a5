// Every series that the reconciler exports: name, labels, help. docs/metrics.md is the page about it.
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import * as values from "./labels.ts";
import { LEVELS } from "../level.ts";

export type MetricTable = ReturnType<typeof createTable>;

/** All values that each label can have. */
type Known<L extends string> = Readonly<Record<L, readonly string[]>>;

/** Registers every metric. Where all values of the labels are known, every series is there from the start. */
export function createTable(registry: Registry) {
  const registers = [registry];
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[] = [], known?: Known<L>) => {
    const metric = new Gauge<L>({ name: `reconciler_${name}`, help, labelNames, registers });
    for (const words of combine(labelNames, known)) metric.labels(...words).set(0);
    return metric;
  };
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[] = [], known?: Known<L>) => {
    const metric = new Counter<L>({ name: `reconciler_${name}`, help, labelNames, registers });
    for (const words of combine(labelNames, known)) metric.labels(...words).inc(0);
    return metric;
  };
  const {
    CAUSES,
    KINDS,
    POLICIES,
    RECOVERED,
    RESULTS,
    ROLLBACK_REASONS,
    STAGES,
    STANDINGS,
    STEPS,
    TRIGGERS,
    VERIFY_REASONS,
    WAITS,
  } = values;
  return {
    buildInfo: gauge("build_info", "Which program this is; always 1.", ["version", "revision", "node_version"]),
    hostInfo: gauge("host_info", "Which server this is; always 1. The join key for dashboards.", [
      "site",
      "ring",
      "environment",
    ]),
    revisionInfo: gauge("revision_info", "The commit in each role; always 1.", ["role", "commit", "ref"]),
    revisionTime: gauge("revision_commit_timestamp_seconds", "Committer time of the commit in each role.", ["role"]),
    lastRun: gauge("last_run_timestamp_seconds", "When the last run ended, whatever its result."),
    lastSuccess: gauge(
      "last_success_timestamp_seconds",
      "When the last run ended unchanged or changed; 0 if none did.",
    ),
    lastFetch: gauge("last_fetch_success_timestamp_seconds", "When a fetch last worked; 0 if none did.", ["remote"]),
    runStarted: gauge("run_started_timestamp_seconds", "When the run that is under way began; 0 when none is."),
    runs: counter("runs_total", "Runs that ended.", ["trigger", "result"], { trigger: TRIGGERS, result: RESULTS }),
    runDuration: new Histogram({
      name: "reconciler_run_duration_seconds",
      help: "How long runs took.",
      buckets: [0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800],
      registers,
    }),
    stageDuration: gauge(
      "last_run_stage_duration_seconds",
      "How long each stage of the last run took; 0 if it had none.",
      ["stage"],
      { stage: STAGES },
    ),
    resources: gauge("resources", "Things kept on this server, each in one state.", ["kind", "state"], {
      kind: KINDS,
      state: [...STANDINGS, "held"],
    }),
    changes: counter(
      "changes_total",
      "Changes made, because git moved (intentional) or the server did (corrective).",
      ["kind", "cause"],
      { kind: KINDS, cause: CAUSES },
    ),
    drift: counter(
      "drift_detected_total",
      "Things that were newly found to differ from what we last wrote.",
      ["kind", "policy"],
      { kind: KINDS, policy: POLICIES },
    ),
    pruned: counter("resources_pruned_total", "Things removed because git no longer has them.", ["kind"], {
      kind: KINDS,
    }),
    waiting: gauge("waiting_resources", "Things that are to be changed and wait, by what they wait for.", ["for"], {
      for: WAITS,
    }),
    pruneBlocked: gauge("prune_blocked", "1 while the brake on removals holds a revision back."),
    rollbacks: counter("rollbacks_total", "Runs that were undone.", ["result", "reason"], {
      result: ["ok", "failed"],
      reason: ROLLBACK_REASONS,
    }),
    quarantined: gauge("quarantined_revisions", "Revisions that are not tried again until their content changes."),
    health: gauge("health_check_status", "1 when the check last passed, 0 when it did not.", ["check", "level"]),
    reportOnly: gauge("report_only", "1 while nothing is changed, because the program died too often in one place."),
    deaths: counter("deaths_total", "Runs in which the program died, by what they were at.", ["step"], {
      step: STEPS,
    }),
    dataTime: gauge("data_timestamp_seconds", "When the source of an item of data last answered; 0 if it never did.", [
      "item",
    ]),
    dataMaxAge: gauge("data_max_age_seconds", "How old an item of data may be; 0 when it never gets stale.", ["item"]),
    clockBehind: gauge("clock_behind", "1 while the clock shows a time before the newest commit that was verified."),
    suspended: gauge("suspended", "1 while somebody has suspended this server."),
    suspendExpires: gauge(
      "suspend_expires_timestamp_seconds",
      "When the suspension ends by itself; 0 when there is none.",
    ),
    fetches: counter("fetch_attempts_total", "Fetches tried.", ["remote"]),
    fetchFailures: counter("fetch_failures_total", "Fetches that did not work.", ["remote", "reason"]),
    verifyFailures: counter(
      "verify_failures_total",
      "Revisions refused for their signature or their history.",
      ["reason"],
      { reason: VERIFY_REASONS },
    ),
    recoveries: counter("state_recoveries_total", "Repairs after an interruption.", ["what"], { what: RECOVERED }),
    logMessages: counter("log_messages_total", "Events worth a line of the log.", ["level"], { level: LEVELS }),
  };
}

/** Every combination of the values, in the order of the labels; none when they are not known. */
function combine<L extends string>(names: readonly L[], known: Known<L> | undefined): readonly (readonly string[])[] {
  if (known === undefined) return [];
  return names.reduce<readonly (readonly string[])[]>(
    (sets, name) => sets.flatMap((set) => known[name].map((word) => [...set, word])),
    [[]],
  );
}
