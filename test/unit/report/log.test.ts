import { describe, expect, test } from "@jest/globals";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import { change, chosen, ended, finding, held, outcome, revision, started, text } from "./sample.ts";
import { createLog } from "../../../reconciler/report/log.ts";
import type { Change } from "../../../reconciler/model/plan.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import type { Problem } from "../../../common/problem.ts";

/** The log of these events as it stands on the screen; times are written as `hh:mm:ss`. */
function tell(...events: readonly Event[]): string {
  let written = "";
  const log = createLog({
    write: (more) => (written += more),
    colour: false,
    clock: { wallMs: () => 1_795_000_000_000 },
  });
  for (const event of events) log(event);
  return written.replaceAll(/\d\d:\d\d:\d\d/g, "hh:mm:ss");
}

function steps(...changes: readonly Change[]): Event[] {
  return changes.map((each, n) => ({ type: "step-done", change: each, n: n + 1, of: changes.length }));
}

function problem(more: Partial<Problem> = {}): Problem {
  return {
    code: "two-addresses",
    where: { file: "schools/escuela-12.yaml", line: 14, key: "services.dhcp.range" },
    what: "expects two addresses and has one: 172.18.96.10",
    hint: "write it as [first, last]",
    ...more,
  };
}

const refused: Event = { type: "revision-refused", revision: revision("b"), reason: "invalid", problems: [problem()] };
const lines = (...all: string[]) => `${all.join("\n")}\n`;

describe("the log tells", () => {
  test("an unchanged run in one line", () => {
    expect(tell(started(), chosen(), ended())).toBe("hh:mm:ss  unchanged  aaaaaaaa  12 in sync  41 ms\n");
  });

  test("each change in a sentence, then health, then one line for all", () => {
    const changes = [
      change("/etc/motd"),
      change("/etc/squid/squid.conf", { before: text("b"), why: "drifted", standing: "drift" }),
      change("/etc/old", { before: text("b"), after: ABSENT, why: "retired" }),
    ];
    const checks = [finding("web", true), finding("proxy", true)];
    const end = ended({ result: "changed", changes, health: checks, durationMs: 1234 });
    expect(tell(started(), chosen(), ...steps(...changes), end)).toBe(
      lines(
        'hh:mm:ss  aaaaaaaa "proxy: a shorter list", because every 300 s',
        "          write /etc/motd: new",
        "          restore /etc/squid/squid.conf: changed on this server since we wrote it",
        "          remove /etc/old: no longer in git",
        "          health  2 checks ok",
        "hh:mm:ss  changed  aaaaaaaa  3 changes, 12 in sync  1.2 s",
      ),
    );
  });

  test("the first twenty of many changes", () => {
    const changes = Array.from({ length: 1000 }, (_, n) => change(`/srv/${n}`));
    const told = tell(started(), chosen(), ...steps(...changes), ended({ result: "changed", changes }));
    expect(told.match(/write/g)).toHaveLength(20);
    expect(told).toContain("\n          and 980 more\n");
  });

  test("a change while it is made, not when all is over", () => {
    expect(tell(started(), chosen(), ...steps(change("/etc/motd")))).toContain("write /etc/motd: new\n");
  });

  test("what was refused, why, and what happens next", () => {
    expect(tell(started(), refused, chosen(), ended({ result: "failed", problems: [problem()] }))).toBe(
      lines(
        'hh:mm:ss  aaaaaaaa "proxy: a shorter list", because every 300 s',
        '          refuse bbbbbbbb "proxy: a shorter list": invalid',
        "          schools/escuela-12.yaml:14 services.dhcp.range",
        "            expects two addresses and has one: 172.18.96.10",
        "            write it as [first, last]",
        "          next    aaaaaaaa stays in care; the next run looks for a better revision",
        "hh:mm:ss  failed  aaaaaaaa  12 in sync  41 ms",
      ),
    );
  });

  test("the same trouble again in one line, and other trouble in full", () => {
    const run = [started(), refused, chosen(), ended({ result: "failed" })];
    const other: Event = { ...refused, revision: revision("c") };
    const told = tell(...run, ...run, ...run, started(), other, chosen(), ended({ result: "failed" }));
    expect(told.match(/refuse bbbbbbbb/g)).toHaveLength(1);
    expect(told.match(/failed {2}aaaaaaaa {2}12 in sync {2}41 ms {2}as at hh:mm:ss\n/g)).toHaveLength(2);
    expect(told).toContain("refuse cccccccc");
  });

  test("a roll-back with the check that got worse", () => {
    const changes = [change("/etc/squid/squid.conf", { before: text("b"), why: "changed" })];
    const bad = finding("proxy", false);
    const events: Event[] = [
      { type: "health", when: "before", finding: finding("proxy", true) },
      ...steps(...changes),
      { type: "health", when: "after", finding: bad },
      { type: "rolling-back", reason: "health" },
      { type: "rolled-back", ok: true, steps: 1, problems: [] },
    ];
    const end = ended({
      result: "rolled_back",
      settled: false,
      setAside: true,
      changes,
      health: [bad],
      applied: revision("9"),
    });
    expect(tell(started(), chosen("b"), ...events, end)).toBe(
      lines(
        'hh:mm:ss  bbbbbbbb "proxy: a shorter list", because every 300 s',
        "          replace /etc/squid/squid.conf: git changed it",
        "          health  0 of 1 checks ok",
        "          proxy: answered 503, expected 200",
        "          undo    because health",
        "          undone  1 change",
        "          next    this revision is set aside until its content changes; the one before it stays in care",
        "hh:mm:ss  rolled back  99999999  1 change, 12 in sync  41 ms",
      ),
    );
  });

  test("a roll-back that failed, and that somebody has to come", () => {
    const events: Event[] = [
      ...steps(change("/etc/motd")),
      { type: "rolling-back", reason: "apply" },
      { type: "rolled-back", ok: false, steps: 1, problems: [{ code: "disk-full", what: "the disk is full" }] },
    ];
    const told = tell(started(), chosen(), ...events, ended({ result: "rollback_failed" }));
    expect(told).toContain("could not be undone in full  1 change\n          the disk is full\n");
    expect(told).toContain("next    somebody has to look at this server: reconcile status");
  });

  test("what is left alone, once", () => {
    const run = [started(), chosen(), ended({ held: [held("/etc/motd")], settled: false })];
    expect(tell(...run, ...run)).toBe(
      lines(
        'hh:mm:ss  aaaaaaaa "proxy: a shorter list", because every 300 s',
        "          leave /etc/motd as it is: changed on this server since we wrote it (policy report)",
        "hh:mm:ss  unchanged  aaaaaaaa  12 in sync, 1 left alone  41 ms",
        "hh:mm:ss  unchanged  aaaaaaaa  12 in sync, 1 left alone  41 ms  as at hh:mm:ss",
      ),
    );
  });

  test("a problem once, however often it is mentioned", () => {
    const events: Event[] = [
      { type: "fetched", remote: "origin", ok: false, problem: problem(), at: 0 },
      { type: "problem", problem: problem() },
    ];
    const told = tell(started(), ...events, chosen(), ended({ problems: [problem()] }));
    expect(told.match(/expects two addresses/g)).toHaveLength(1);
  });

  test("at most twenty problems", () => {
    const problems = Array.from({ length: 30 }, (_, n) => problem({ what: `fault number ${n}` }));
    const told = tell(started(), ended({ result: "failed", problems }));
    expect(told.match(/fault number/g)).toHaveLength(20);
    expect(told).toContain("\n          and 10 more\n");
  });

  test("at once what happens between runs", () => {
    const events: Event[] = [
      { type: "recovered", run: "20261123T163522Z-1a2b", steps: 3, problems: [] },
      { type: "problem", problem: { code: "watch-failed", what: "the watch stopped", hint: "restart it" } },
    ];
    expect(tell(...events)).toBe(
      lines(
        "hh:mm:ss  run 20261123T163522Z-1a2b was interrupted; it was brought to an end (3 steps)",
        "hh:mm:ss  the watch stopped",
        "            restart it",
      ),
    );
  });

  test("how the program died in the run before, and what could not be brought to its end", () => {
    const died = { type: "died", run: "r", step: "apply", commit: "a".repeat(40), resource: "service:squid" } as const;
    const reportOnly = { code: "report-only", what: "nothing is changed", hint: "push another commit" };
    const told = tell(
      started(),
      { ...died, times: 3 },
      { type: "recovered", run: "r", steps: 2, kept: false, over: false, problems: [] },
      { type: "problem", problem: reportOnly },
      ended({ result: "deferred", settled: false, problems: [reportOnly] }),
    );
    expect(told).toBe(
      lines(
        "hh:mm:ss  a run, because every 300 s",
        "          the program died in run r while it was applying aaaaaaaaaaaa, at service squid (3 times now)",
        "          run r was interrupted; it could not be brought to its end (2 steps)",
        "          nothing is changed",
        "            push another commit",
        "          next    this server only reports; nothing was touched",
        "hh:mm:ss  deferred  aaaaaaaa  12 in sync  41 ms",
      ),
    );
  });

  test("that changes are made again", () => {
    expect(tell(started(), { type: "report-only-ended", because: "git offers bbbb now" }, ended())).toContain(
      "          changes are made again: git offers bbbb now\n",
    );
  });

  test("nothing that could steer the terminal", () => {
    const evil = "\u001b]0;owned\u0007\r\u202e";
    const bad = finding(`web${evil}`, false, { detail: evil });
    const told = tell(
      started(`${evil} changed`),
      chosen("a", evil),
      { ...refused, reason: evil, problems: [problem({ what: evil, hint: evil, where: { file: evil } })] },
      ...steps(change(`/etc/${evil}`)),
      { type: "rolling-back", reason: evil },
      { type: "recovered", run: evil, steps: 0, problems: [] },
      ended({ health: [bad], held: [held(evil)], applied: { ...revision("a"), commit: evil } }),
    );
    expect(told).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });

  test("in colours only when it is asked to", () => {
    let written = "";
    const log = createLog({ write: (more) => (written += more), colour: true, clock: { wallMs: () => 0 } });
    log({ type: "run-ended", outcome: outcome() });
    expect(written).toContain("\u001b[2m");
  });
});
