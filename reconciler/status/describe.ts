// A Status in, at most a dozen lines that answer it all out; everything in them is safe to print.
import { describePlace, type Problem } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";
import type { Revision } from "../model/revision.ts";
import type { RunResult } from "../model/outcome.ts";
import type { Quarantined } from "../state/ledger.ts";
import type { Counts, Duty, Reason, Status } from "./status.ts";
import { localTime, past, soon } from "./time-words.ts";

/** How the words are coloured, if at all. */
export interface Tones {
  readonly good: (text: string) => string;
  readonly careful: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly quiet: (text: string) => string;
}

const MOST_REASONS = 3;

export function describeStatus(told: Status, tones: Tones): readonly string[] {
  // By a clock that is not believed nothing was so long ago.
  const status = told.reasons.some(({ type }) => type === "clock-behind") ? { ...told, at: -Infinity } : told;
  const rows: readonly (readonly [string, string])[] = [
    ["server", `${printable(status.host)}: ${headline(status, tones)}`],
    ["runs", runs(status)],
    ["git", wants(status)],
    ...reasons(status, tones).map((text) => ["why", text] as const),
    ...(status.counts === undefined ? [] : [["things", files(status.counts, tones)] as const]),
    ...health(status, tones).map((text) => ["health", text] as const),
    ...(status.lastRun === undefined ? [] : [["last run", lastRun(status.lastRun, status.at)] as const]),
    ["next", next(told)],
    ["to do", duty(status.duty, tones)],
  ];
  return rows.map(([name, text]) => `${name.padEnd(9)} ${text}`);
}

const GRAVE: readonly Reason["type"][] = ["rollback-failed", "interrupted", "report-only"];

function headline({ settled, reasons: found }: Status, tones: Tones): string {
  if (settled) return tones.good("settled");
  const grave = found.some(({ type }) => GRAVE.includes(type));
  return (grave ? tones.bad : tones.careful)("not settled");
}

function runs({ running, at }: Status): string {
  if (running === undefined) return "no revision yet";
  return named(running.revision) + (running.since === undefined ? "" : ` since ${past(running.since, at)}`);
}

function wants({ running, wanted, at }: Status): string {
  if (wanted === undefined) return "nothing is known of it yet";
  if (wanted.commit === running?.revision.commit) return "wants the same";
  return `wants ${named(wanted)}, of ${past(wanted.time * 1000, at)}`;
}

function named({ commit, subject }: Revision): string {
  return `${printable(commit.slice(0, 8))} "${printable(subject)}"`;
}

function reasons({ reasons: found, at }: Status, tones: Tones): readonly string[] {
  const told = found.slice(0, MOST_REASONS).map((reason) => tones.careful(printable(because(reason, at))));
  return found.length > MOST_REASONS
    ? [...told, `and ${found.length - MOST_REASONS} more reasons: reconcile status --json`]
    : told;
}

function because(reason: Reason, at: number): string {
  switch (reason.type) {
    case "interrupted":
      return `a run${reason.run === undefined ? "" : ` (${reason.run})`} was cut off in the middle; the next one first brings it to an end`;
    case "rollback-failed":
      return withProblem("what the last run changed could not be undone in full", reason.problem) + left(reason.left);
    case "report-only":
      return `it only reports, since ${past(reason.reportOnly.since, at)}: ${reason.reportOnly.reason}`;
    case "suspended": {
      const { by, reason: words, until } = reason.suspension;
      return `suspended by ${by} until ${localTime(until)}: ${words}`;
    }
    case "pinned":
      return `pinned to ${reason.pin.commit.slice(0, 8)} by ${reason.pin.by} since ${past(reason.pin.since, at)}`;
    case "quarantined":
      return quarantined(reason.quarantined, at);
    case "refused":
      return withProblem("refused", reason.problem);
    case "unreachable":
      return withProblem("git could not be asked", reason.problem);
    case "failed":
      return withProblem("the last run failed", reason.problem);
    case "unhealthy":
      return `in bad health: ${reason.checks.join(", ")}`;
    case "waiting":
      return "git has moved since the last run; the next one looks at it";
    case "neglected":
      return "no daemon answers, and nobody has run it for long";
    case "clock-behind":
      return `the clock is not believed: the newest commit is of ${localTime(reason.notBefore)}`;
    case "never-ran":
      return "nothing has ever run here";
  }
}

function quarantined({ at, count, reason }: Quarantined, now: number): string {
  const often = count === 1 ? "" : `, ${count} times by now`;
  return `quarantined here ${past(at, now)}${often}: ${reason}`;
}

/** `; not back: /etc/motd (is still as the new revision wants it)`. */
function left(problems: readonly Problem[]): string {
  if (problems.length === 0) return "";
  const told = problems.slice(0, MOST_REASONS).map(({ where, what }) => `${describePlace(where)} ${what}`);
  const more = problems.length > MOST_REASONS ? ` and ${problems.length - MOST_REASONS} more` : "";
  return `; not back: ${told.join(", ")}${more}`;
}

function withProblem(words: string, problem: Problem | undefined): string {
  if (problem === undefined) return words;
  const place = describePlace(problem.where);
  return `${words}: ${place === "" ? "" : `${place}: `}${problem.what}`;
}

function files({ inSync, pending, drift, conflict, foreign, held }: Counts, tones: Tones): string {
  const others = [
    [pending, "pending"],
    [drift, "drifted"],
    [conflict, conflict === 1 ? "conflict" : "conflicts"],
    [foreign, "foreign"],
  ] as const;
  const told = others.filter(([count]) => count > 0).map(([count, noun]) => tones.careful(`${count} ${noun}`));
  return [`${inSync} in sync`, ...told].join(", ") + (held > 0 ? ` (${held} left alone by policy)` : "");
}

function health({ lastRun: run }: Status, tones: Tones): readonly string[] {
  if (run === undefined || run.health.length === 0 || run.result === "rolled_back") return [];
  const bad = run.health.filter(({ ok }) => !ok);
  if (bad.length === 0) return [tones.good(`${run.health.length} of ${run.health.length} checks ok`)];
  const told = bad.slice(0, MOST_REASONS).map(({ name, detail }) => `${printable(name)} (${printable(detail)})`);
  const more = bad.length > MOST_REASONS ? ` and ${bad.length - MOST_REASONS} more` : "";
  return [
    `${run.health.length - bad.length} of ${run.health.length} checks ok; not ${tones.careful(told.join(", "))}${more}`,
  ];
}

const RESULTS: Readonly<Record<RunResult, string>> = {
  unchanged: "unchanged",
  changed: "changed",
  failed: "failed",
  rolled_back: "rolled back",
  rollback_failed: "roll-back failed",
  deferred: "deferred",
};

function lastRun({ startedAt, result, trigger }: NonNullable<Status["lastRun"]>, at: number): string {
  return `${past(startedAt, at)}: ${RESULTS[result]} (${trigger})`;
}

function next({ daemon, atWork, at }: Status): string {
  if (daemon?.busy === true) {
    const stage = daemon.stage === undefined ? "" : ` (${daemon.stage})`;
    return `a run is going on${stage}${daemon.startedAt === undefined ? "" : `, begun ${past(daemon.startedAt, at)}`}`;
  }
  if (atWork !== undefined) return `a run is going on in process ${atWork.pid}`;
  if (daemon === undefined) return "no daemon answers here: a run comes only when somebody starts one";
  return daemon.nextRunAt === undefined ? "the daemon's next run" : `a run ${soon(daemon.nextRunAt, at)}`;
}

function duty({ who, what = "" }: Duty, tones: Tones): string {
  if (who === "nobody") return tones.quiet("nobody has to do anything");
  return `${who === "author" ? "the fleet's author" : "somebody on this server"}: ${printable(what)}`;
}
