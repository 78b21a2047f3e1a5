// The end of a run into its gauges and counters.
import * as labels from "./labels.ts";
import type { MetricTable } from "./table.ts";
import type { Outcome } from "../../model/outcome.ts";

/** Names of checks come from git: more than so many have no series. */
const MOST_CHECKS = 200;

/** Whether a run came far enough to know how everything on this server stands. */
export function succeeded({ result }: Outcome): boolean {
  return result === "unchanged" || result === "changed";
}

export function tellOutcome(table: MetricTable, outcome: Outcome): void {
  const { trigger, result, durationMs, stageMs } = outcome;
  table.runs.inc({ trigger, result });
  table.runDuration.observe(durationMs / 1000);
  table.runStarted.set(0);
  for (const stage of labels.STAGES) table.stageDuration.set({ stage }, (stageMs[stage] ?? 0) / 1000);
  tellResources(table, outcome);
  tellHealth(table, outcome);
}

/** A thing that is left alone counts as held, and not in its standing as well: the sum is the number of things. */
function tellResources(table: MetricTable, outcome: Outcome): void {
  const { held, resources } = outcome;
  const known = succeeded(outcome) || labels.STANDINGS.some((state) => resources[state] > 0);
  if (!known) return;
  for (const state of labels.STANDINGS) {
    const alone = held.filter(({ standing }) => standing === state).length;
    table.resources.set({ kind: "file", state }, Math.max(0, resources[state] - alone));
  }
  table.resources.set({ kind: "file", state: "held" }, held.length);
}

/** A run that ended before it looked says nothing of health; the last findings stay. */
function tellHealth(table: MetricTable, outcome: Outcome): void {
  if (!succeeded(outcome) && outcome.health.length === 0) return;
  table.health.reset();
  for (const { name, level, ok } of outcome.health.slice(0, MOST_CHECKS)) {
    table.health.set({ check: labels.labelText(name), level }, ok ? 1 : 0);
  }
}
