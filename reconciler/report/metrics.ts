// Events in, the text of /metrics out. Load this module only where metrics are served: prom-client takes its time.
import { Registry } from "prom-client";
import { collectProcess } from "./metrics/process.ts";
import { createMetricFold } from "./metrics/fold.ts";
import { createMetricMemory } from "./metrics/memory.ts";
import { createTable } from "./metrics/table.ts";
import { labelText } from "./metrics/labels.ts";
import type { Emit } from "../model/event.ts";
import type { RunStep } from "../model/run-step.ts";
import type { MetricTable } from "./metrics/table.ts";
import type { SavedMetrics } from "./metrics/memory.ts";

export type { SavedMetrics } from "./metrics/memory.ts";

export interface MetricsOptions {
  readonly version: string;
  /** Digest of the build. */
  readonly build: string;
  readonly host: { readonly site: string; readonly ring?: string; readonly environment?: string };
  /** The branch that is followed. */
  readonly branch: string;
  /** Names of the remotes; each has its series from the start. */
  readonly remotes: readonly string[];
}

/** What no event tells, because it also changes between runs. */
export interface Standing {
  readonly quarantined?: number;
  /** `until` is left out when it does not end by itself. Unix milliseconds. */
  readonly suspended?: { readonly until?: number } | false;
  readonly reportOnly?: boolean;
  /** The clock shows a time before the newest commit that was verified. */
  readonly clockBehind?: boolean;
  /** How often the program died at what, since ever. */
  readonly deaths?: Readonly<Partial<Record<RunStep, number>>>;
}

export interface Metrics {
  readonly listen: Emit;
  /** In the text format that Prometheus reads. */
  text(): Promise<string>;
  /** To be called once, before the first event. */
  restore(saved: SavedMetrics): void;
  /** What to give to `restore` after the next start. */
  saved(): SavedMetrics;
  /** Members that are left out stay as they are. */
  note(standing: Standing): void;
}

/** Every label set that can be known is there from the start, with 0. */
export function createMetrics(options: MetricsOptions): Metrics {
  const registry = new Registry();
  const table = createTable(registry);
  collectProcess(registry);
  introduce(table, options);
  const memory = createMetricMemory(table, options.branch);
  return {
    listen: createMetricFold(table, memory),
    text: () => registry.metrics(),
    restore: (saved) => memory.restore(saved),
    saved: () => memory.saved(),
    note({ quarantined, suspended, reportOnly, clockBehind, deaths }) {
      if (quarantined !== undefined) memory.quarantined(quarantined);
      if (suspended !== undefined) noteSuspension(table, suspended);
      if (reportOnly !== undefined) table.reportOnly.set(reportOnly ? 1 : 0);
      if (clockBehind !== undefined) table.clockBehind.set(clockBehind ? 1 : 0);
      if (deaths !== undefined) memory.deaths(deaths);
    },
  };
}

function introduce(table: MetricTable, { version, build, host, remotes }: MetricsOptions): void {
  table.buildInfo.set({ version, revision: build.slice(0, 12), node_version: process.version }, 1);
  const { site, ring = "", environment = "" } = host;
  table.hostInfo.set({ site: labelText(site), ring: labelText(ring), environment: labelText(environment) }, 1);
  for (const remote of remotes.map(labelText)) {
    table.fetches.inc({ remote }, 0);
    table.lastFetch.set({ remote }, 0);
  }
}

function noteSuspension(table: MetricTable, suspended: { readonly until?: number } | false): void {
  table.suspended.set(suspended === false ? 0 : 1);
  table.suspendExpires.set(suspended === false ? 0 : (suspended.until ?? 0) / 1000);
}
