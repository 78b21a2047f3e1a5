// The lines of the log, each made of the values that it tells about; everything in them is safe to print.
import { amount, duration, shortCommit } from "../words.ts";
import { describeProblem } from "../../../common/problem.ts";
import { printable } from "../../../common/printable.ts";
import { deedOf } from "../../model/run-step.ts";
import { titleOf } from "../../model/state.ts";
import type { Event } from "../../model/event.ts";
import type { HealthReport } from "../../model/health.ts";
import type { Outcome, RunResult } from "../../model/outcome.ts";
import type { Paint } from "./paint.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Revision } from "../../model/revision.ts";

/** `a1b2c3d4 proxy: a new list, because /etc/motd changed`. */
export function headingLine(because: string, revision: Revision | undefined): string {
  const what = revision === undefined ? "a run" : `${shortCommit(revision)} "${printable(revision.subject)}"`;
  return `${what}, because ${printable(because)}`;
}

export function problemLines(problem: Problem, paint: Paint): readonly string[] {
  const [first = "", ...rest] = describeProblem(problem).split("\n");
  return [paint.bad(first), ...rest];
}

export function refusalLine(revision: Revision, reason: string, paint: Paint): string {
  return paint.bad(`refuse ${shortCommit(revision)} "${printable(revision.subject)}": ${printable(reason)}`);
}

/** `health  3 of 4 checks ok`, and each one that is not. */
export function healthLines(health: HealthReport, paint: Paint): readonly string[] {
  if (health.length === 0) return [];
  const bad = health.filter((finding) => !finding.ok);
  const colour = bad.length === 0 ? paint.good : paint.careful;
  const count =
    bad.length === 0 ? amount(health.length, "check") : `${health.length - bad.length} of ${health.length} checks`;
  const told = bad.map(({ name, level, detail }) => {
    const line = `${printable(name)}: ${printable(detail)}`;
    return level === "required" ? paint.bad(line) : paint.careful(`${line} (wanted, not required)`);
  });
  return [`health  ${colour(`${count} ok`)}`, ...told];
}

export function undoneLine(ok: boolean, steps: number, paint: Paint): string {
  const count = amount(steps, "change");
  return ok ? paint.careful(`undone  ${count}`) : paint.bad(`could not be undone in full  ${count}`);
}

/** `unchanged  a1b2c3d4  12 in sync  41 ms`. */
export function summaryLine(outcome: Outcome, paint: Paint): string {
  const { result, applied, desired, changes, held, resources } = outcome;
  const revision = applied ?? desired;
  const counts = [
    changes.length > 0 ? amount(changes.length, "change") : "",
    `${resources.in_sync} in sync`,
    held.length > 0 ? `${held.length} left alone` : "",
  ].filter((part) => part !== "");
  const parts = [WORDS[result], revision === undefined ? "no revision" : shortCommit(revision), counts.join(", ")];
  const line = [...parts, duration(outcome.durationMs)].join("  ");
  return paint[PAINTS[result]](line);
}

/** What happens next, when that is not simply the next run. */
export function nextLine(outcome: Outcome): readonly string[] {
  const next = nextWords(outcome);
  return next === "" ? [] : [`next    ${next}`];
}

/** `the program died in run 20261123T163522Z-1a2b while it was applying 1a2b3c4d5e6f, at service squid (2 times now)`. */
export function deathLine(
  { run, step, commit, resource, times }: Extract<Event, { type: "died" }>,
  paint: Paint,
): string {
  const deed = deedOf(step, commit, resource === undefined ? undefined : titleOf(resource));
  const often = times === 1 ? "" : ` (${times} times now)`;
  return paint.careful(printable(`the program died in run ${run} while it ${deed}${often}`));
}

export function recoveryLine({ run, steps, kept, over }: Extract<Event, { type: "recovered" }>, paint: Paint): string {
  if (over === false)
    return paint.bad(
      `run ${printable(run)} was interrupted; it could not be brought to its end (${amount(steps, "step")})`,
    );
  const ends = { true: "its changes stand", false: "its changes were undone", undefined: "it was brought to an end" };
  return paint.careful(`run ${printable(run)} was interrupted; ${ends[`${kept}`]} (${amount(steps, "step")})`);
}

const WORDS: Readonly<Record<RunResult, string>> = {
  unchanged: "unchanged",
  changed: "changed",
  failed: "failed",
  rolled_back: "rolled back",
  rollback_failed: "roll-back failed",
  deferred: "deferred",
};

const PAINTS: Readonly<Record<RunResult, keyof Paint>> = {
  unchanged: "quiet",
  changed: "good",
  failed: "bad",
  rolled_back: "careful",
  rollback_failed: "bad",
  deferred: "quiet",
};

function nextWords({ result, applied, setAside, problems }: Outcome): string {
  switch (result) {
    case "unchanged":
    case "changed":
      return "";
    case "failed":
      return applied === undefined
        ? "this server stays as it is; the next run tries again"
        : `${shortCommit(applied)} stays in care; the next run looks for a better revision`;
    case "rolled_back":
      return setAside === true
        ? "this revision is set aside until its content changes; the one before it stays in care"
        : "the next run tries again";
    case "rollback_failed":
      return "somebody has to look at this server: reconcile status";
    case "deferred":
      return problems.some(({ code }) => code === "report-only")
        ? "this server only reports; nothing was touched"
        : "this server is suspended; nothing was touched";
  }
}
