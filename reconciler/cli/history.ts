// `reconcile history`: the last runs of this server, newest first.
import { printable } from "../../common/printable.ts";
import { describePlace, succeed } from "../../common/problem.ts";
import { amount, duration, shortCommit } from "../report/words.ts";
import { readHistory, type PastRun } from "../state/history.ts";
import { localTime } from "../status/time-words.ts";
import { lookFor, openForLooking } from "./look.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

export interface HistoryOptions extends CommonOptions {
  /** How many runs. */
  readonly number: number;
}

/** Resolves with the exit code: 0, also when nothing has run yet. */
export async function history(options: HistoryOptions): Promise<number> {
  const ground = await openForLooking(options.config);
  const read = ground.ok
    ? await lookFor(async () => succeed(await readHistory(ground.value.state)), ground.value.config.state)
    : ground;
  if (!read.ok) {
    sayProblems(read.problems, options.json);
    return EXIT.notSettled;
  }
  const runs = read.value.toReversed().slice(0, options.number);
  if (options.json) sayJson(historyToJson(runs));
  else say(read.value.length === 0 ? "nothing has run here yet" : runs.flatMap(describeRun).join("\n"));
  return EXIT.settled;
}

/** Newest first; docs/json/history.schema.json describes every member. */
function historyToJson(runs: readonly PastRun[]) {
  return { version: 1, kind: "history", runs } as const;
}

/** `2026-11-23 16:35  changed      1.2 s  3 changes  a1b2c3d4  timer`, and the first problem below. */
function describeRun({
  startedAt,
  result,
  durationMs,
  changes,
  applied,
  desired,
  trigger,
  problems,
}: PastRun): string[] {
  const revision = applied ?? desired;
  const columns = [
    localTime(startedAt),
    result.replace("_", " ").padEnd(15),
    duration(durationMs).padStart(9),
    amount(changes, "change").padStart(11),
    revision === undefined ? "no revision" : shortCommit(revision),
    trigger,
  ];
  const [first] = problems;
  if (first === undefined) return [columns.join("  ")];
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : "";
  const words = [describePlace(first.where), printable(first.what)].filter((word) => word !== "").join(": ");
  return [columns.join("  "), `    ${words}${more}`];
}
