// Facts of a server in; whether it is settled, why not, and who has to act, out: one row a condition.
import { describe, expect, test } from "@jest/globals";
import { NO_RESOURCES } from "../../../reconciler/course.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Revision } from "../../../reconciler/model/revision.ts";
import type { RunStep } from "../../../reconciler/model/run-step.ts";
import type { ReportOnly } from "../../../reconciler/state/ledger.ts";
import type { PastRun } from "../../../reconciler/state/history.ts";
import { judge, type Facts } from "../../../reconciler/status/judge.ts";

const NOW = 1_000_000_000;
const [OLD, NEW] = [revision("a"), revision("b")];

function revision(digit: string): Revision {
  return { commit: digit.repeat(40), tree: digit.repeat(40), time: 1, subject: "a change", author: "Ana" };
}

function run(more: Partial<PastRun> = {}): PastRun {
  const revisions = { desired: OLD, applied: OLD };
  const counts = { changes: 0, held: 0, resources: NO_RESOURCES, health: [], problems: [] };
  const times = { startedAt: NOW - 1000, durationMs: 10 };
  return { run: "r", trigger: "timer", result: "unchanged", settled: true, ...times, ...revisions, ...counts, ...more };
}

function failed(problem: Problem, more: Partial<PastRun> = {}): PastRun {
  return run({ result: "failed", settled: false, desired: NEW, problems: [problem], ...more });
}

function clockAt(nowMs: number, notBeforeMs = 0): Facts["clock"] {
  return { wallMs: () => nowMs, monotonicMs: () => 0, notBeforeMs };
}

function killedIn(step: RunStep): ReportOnly {
  return { since: NOW - 1, triedAt: NOW - 1, step, commit: NEW.commit, reason: "the program died 3 times" };
}

function judged(more: Partial<Facts>) {
  const ledger = { applied: OLD, good: [OLD], quarantine: {} };
  const { settled, reasons, duty } = judge({
    ...{ clock: clockAt(NOW), ledger, holds: {}, patienceMs: 60_000, lastRun: run(), wanted: OLD },
    ...more,
  });
  return [settled, reasons.map(({ type }) => type).join(" "), duty.who];
}

const QUARANTINE = { d: { commit: NEW.commit, reason: "it broke", at: NOW, count: 1 } };
const UNREACHABLE: Problem = { code: "remote-unreachable", what: "no answer" };
const MISTAKE: Problem = { code: "unknown-key", where: { file: "fleet.yaml", line: 1 }, what: "no such key" };
const BRAKE: Problem = { code: "prune-brake", what: "too much goes", hint: "agree" };
const FULL_DISK: Problem = { code: "disk-full", where: { file: "/etc/motd" }, what: "no room" };
const TIDIED: Problem = { code: "mirror-tidied", what: "a lock was left" };
const suspension = { reason: "exams", by: "mirta", since: 0, until: NOW + 1 };
const pin = { commit: OLD.commit, by: "mirta", since: 0 };
const bad = { name: "web", level: "required", ok: false, detail: "no answer" } as const;

describe.each<[string, Partial<Facts>, boolean, string, string]>([
  ["all is well", {}, true, "", "nobody"],
  ["git has moved since the last run", { wanted: NEW }, false, "waiting", "nobody"],
  ["a revision with a mistake", { wanted: NEW, lastRun: failed(MISTAKE) }, false, "refused", "author"],
  [
    "the mistake comes after something only told",
    { wanted: NEW, lastRun: failed(MISTAKE, { problems: [TIDIED, MISTAKE] }) },
    false,
    "refused",
    "author",
  ],
  ["a brake that a person here may release", { wanted: NEW, lastRun: failed(BRAKE) }, false, "refused", "server"],
  ["a disk that is full", { lastRun: failed(FULL_DISK, { desired: OLD }) }, false, "failed", "server"],
  [
    "a quarantined revision",
    {
      wanted: NEW,
      ledger: { applied: OLD, good: [], quarantine: QUARANTINE },
      lastRun: run({ result: "rolled_back", settled: false, desired: NEW, health: [bad] }),
    },
    false,
    "quarantined",
    "author",
  ],
  [
    "what was not undone",
    { lastRun: run({ result: "rollback_failed", settled: false }) },
    false,
    "rollback-failed",
    "server",
  ],
  [
    "what was not undone, and is tried again",
    { open: { run: "r" }, lastRun: run({ result: "rollback_failed", settled: false }) },
    false,
    "rollback-failed",
    "server",
  ],
  [
    "a commit that kills the program",
    { ledger: { applied: OLD, good: [OLD], quarantine: {}, reportOnly: killedIn("apply") }, wanted: NEW },
    false,
    "report-only waiting",
    "author",
  ],
  [
    "a fetch that kills the program",
    { ledger: { applied: OLD, good: [OLD], quarantine: {}, reportOnly: killedIn("fetch") } },
    false,
    "report-only",
    "server",
  ],
  [
    "a remote that is silent",
    { lastRun: run({ settled: false, problems: [UNREACHABLE] }) },
    false,
    "unreachable",
    "server",
  ],
  ["a suspension", { holds: { suspension }, wanted: NEW }, false, "suspended", "nobody"],
  ["a suspension that ran out", { holds: { suspension: { ...suspension, until: NOW } } }, true, "", "nobody"],
  ["a pin is as a person wants it", { holds: { pin }, wanted: NEW }, true, "pinned", "nobody"],
  ["a run that was cut off", { open: { run: "r" } }, false, "interrupted", "server"],
  ["a required check that is bad", { lastRun: run({ settled: false, health: [bad] }) }, false, "unhealthy", "server"],
  ["a wanted check that is bad", { lastRun: run({ health: [{ ...bad, level: "wanted" }] }) }, true, "", "nobody"],
  ["no run for long, and no daemon", { lastRun: run({ startedAt: NOW - 70_000 }) }, false, "neglected", "server"],
  [
    "no run for long, but a daemon",
    { lastRun: run({ startedAt: NOW - 70_000 }), daemon: { busy: false } },
    true,
    "",
    "nobody",
  ],
  ["a clock that was set back", { clock: clockAt(0) }, true, "", "nobody"],
  ["a clock that is not believed", { clock: clockAt(0, 1) }, true, "clock-behind", "server"],
  [
    "no run for long by a clock that is not believed, and no daemon",
    { clock: clockAt(NOW + 70_000, NOW + 80_000) },
    true,
    "clock-behind",
    "server",
  ],
  [
    "a run that was noted by a clock that was not believed",
    { clock: clockAt(NOW, NOW - 50_000), lastRun: run({ startedAt: NOW - 70_000 }) },
    true,
    "",
    "nobody",
  ],
])("%s", (_, facts, settled, reasons, who) => {
  test(`${settled ? "settled" : "not settled"}: ${reasons || "no reason"}, ${who}`, () => {
    expect(judged(facts)).toEqual([settled, reasons, who]);
  });
});

test("where nothing has ever run, somebody here has to begin", () => {
  const { settled, reasons, duty } = judge({
    clock: clockAt(NOW),
    ledger: { good: [], quarantine: {} },
    holds: {},
    patienceMs: 1,
  });
  expect([settled, reasons, duty.who]).toEqual([false, [{ type: "never-ran" }], "server"]);
});
