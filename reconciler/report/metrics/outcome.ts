// The end of a run into its gauges and counters.
import * as labels from "./labels.ts";
import type { MetricTable } from "./table.ts";
import type { Outcome } from "../../model/outcome.ts";
import { kindOf } from "../../model/state.ts";

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
  const { held, resources, byKind = {} } = outcome;
  const known = succeeded(outcome) || labels.STANDINGS.some((state) => resources[state] > 0);
  if (!known) return;
  for (const kind of labels.KINDS) {
    const ours = held.filter(({ id }) => kindOf(id) === kind);
    for (const state of labels.STANDINGS) {
      const alone = ours.filter(({ standing }) => standing === state).length;
      table.resources.set({ kind, state }, Math.max(0, (byKind[kind]?.[state] ?? 0) - alone));
    }
    table.resources.set({ kind, state: "held" }, ours.length);
  }
  for (const reason of labels.WAITS)
    table.waiting.set({ for: reason }, held.filter(({ waits }) => waits?.for === reason).length);
}

/** A run that ended before it looked says nothing of health; the last findings stay. */
function tellHealth(table: MetricTable, outcome: Outcome): void {
  if (!succeeded(outcome) && outcome.health.length === 0) return;
  table.health.reset();
  for (const { name, level, ok } of outcome.health.slice(0, MOST_CHECKS)) {
    table.health.set({ check: labels.labelText(name), level }, ok ? 1 : 0);
  }
}
