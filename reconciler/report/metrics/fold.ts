// Each event into the metrics that it moves.
import * as labels from "./labels.ts";
import { kindOf, nameOf } from "../../model/state.ts";
import { createDriftCount } from "./drift.ts";
import { createProblemCount } from "./problems.ts";
import { levelOf } from "../level.ts";
import { tellOutcome } from "./outcome.ts";
import type { Change } from "../../model/plan.ts";
import type { DataAge, Emit, Event } from "../../model/event.ts";
import type { MetricMemory } from "./memory.ts";
import type { MetricTable } from "./table.ts";

/** More remotes, or more reasons why one does not answer, are counted together. */
const MOST_WORDS = 20;

export function createMetricFold(table: MetricTable, memory: MetricMemory): Emit {
  const boundRemote = labels.createBound(MOST_WORDS);
  const boundReason = labels.createBound(MOST_WORDS);
  const countDrift = createDriftCount(table);
  const problems = createProblemCount(table);
  // The checks after a change are only looked at when all of it could be made.
  let checkedAfter = false;

  const tellFetch = (event: Extract<Event, { type: "fetched" }>) => {
    const remote = boundRemote(event.remote);
    table.fetches.inc({ remote });
    if (event.ok) table.lastFetch.set({ remote }, event.at / 1000);
    else table.fetchFailures.inc({ remote, reason: boundReason(event.problem?.code ?? "unknown") });
    problems.tell(event.problem === undefined ? [] : [event.problem]);
  };

  return (event) => {
    const level = levelOf(event);
    if (level !== undefined) table.logMessages.inc({ level });
    switch (event.type) {
      case "run-started":
        problems.begin();
        checkedAfter = false;
        table.runStarted.set(event.at / 1000);
        break;
      case "fetched":
        tellFetch(event);
        break;
      case "revision-chosen":
        memory.revision("desired", event.desired);
        memory.revision("attempted", event.revision);
        break;
      case "revision-refused":
        problems.refuse(event.problems);
        break;
      case "recovered":
        table.recoveries.inc({ what: "journal" });
        if (event.kept === false) memory.rollback(event.over === false ? "failed" : "ok", "crash");
        problems.tell(event.problems);
        break;
      case "data-ages":
        tellAges(table, event.ages);
        break;
      case "planned":
        countDrift(event.plan);
        break;
      case "step-done":
        tellChange(table, event.change);
        break;
      case "rolled-back":
        memory.rollback(event.ok ? "ok" : "failed", checkedAfter ? "health" : "apply");
        problems.tell(event.problems);
        break;
      case "problem":
        problems.tell([event.problem]);
        break;
      case "run-ended":
        problems.end(event.outcome);
        tellOutcome(table, event.outcome);
        memory.ended(event.outcome);
        break;
      case "health":
        if (event.when === "after") checkedAfter = true;
        break;
      case "stage-started":
      case "stage-ended":
      case "rolling-back":
      case "kept":
      case "died": // Counted in the ledger, because whoever dies does not come to save what it counted.
      case "report-only-ended":
        // Told again, when it is over, by the outcome and by rolled-back.
        break;
    }
  };
}

/** Names of items come from git: more than so many have no series. */
const MOST_ITEMS = 50;

/** An item that never came has been stale since 1970. */
function tellAges(table: MetricTable, ages: readonly DataAge[]): void {
  table.dataTime.reset();
  table.dataMaxAge.reset();
  for (const { id, answeredAt = 0, maxAgeMs = 0 } of ages.slice(0, MOST_ITEMS)) {
    const item = labels.labelText(nameOf(id));
    table.dataTime.set({ item }, answeredAt / 1000);
    table.dataMaxAge.set({ item }, maxAgeMs / 1000);
  }
}

function tellChange(table: MetricTable, { id, why }: Change): void {
  const kind = kindOf(id);
  table.changes.inc({ kind, cause: labels.causeOf(why) });
  if (why === "retired") table.pruned.inc({ kind });
}
