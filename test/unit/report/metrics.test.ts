import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { change, chosen, ended, finding, held, revision, started, text } from "./sample.ts";
import { createMetrics } from "../../../reconciler/report/metrics.ts";
import { verifyReason } from "../../../reconciler/report/metrics/labels.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import type { Metrics, SavedMetrics } from "../../../reconciler/report/metrics.ts";
import type { Plan } from "../../../reconciler/model/plan.ts";

const OPTIONS = {
  version: "1.2.3",
  build: "f".repeat(64),
  host: { site: "escuela-12" },
  branch: "main",
  remotes: ["origin"],
};

function heard(...events: readonly Event[]): Metrics {
  const metrics = createMetrics(OPTIONS);
  for (const event of events) metrics.listen(event);
  return metrics;
}

/** Every series with its value, by its name and labels as they stand in the text. */
async function series(metrics: Metrics): Promise<Map<string, number>> {
  const lines = (await metrics.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.slice(line.lastIndexOf(" ") + 1))]),
  );
}

function planned(changes: Plan["changes"], left: Plan["held"] = []): Event {
  return { type: "planned", plan: { changes, held: left, standings: new Map() } };
}

const AT = 1_795_000_000;
const drifted = { before: text("b"), why: "drifted", standing: "drift" } as const;

describe("each event moves its metrics", () => {
  const cases: [title: string, events: Event[], expected: Record<string, number>][] = [
    ["a run that begins", [started()], { reconciler_run_started_timestamp_seconds: AT }],
    [
      "a run that ends well",
      [started(), ended({ durationMs: 2000, stageMs: { fetch: 1500 } })],
      {
        reconciler_run_started_timestamp_seconds: 0,
        reconciler_last_run_timestamp_seconds: AT + 2,
        reconciler_last_success_timestamp_seconds: AT + 2,
        'reconciler_runs_total{trigger="timer",result="unchanged"}': 1,
        'reconciler_runs_total{trigger="manual",result="failed"}': 0,
        'reconciler_run_duration_seconds_bucket{le="1"}': 0,
        'reconciler_run_duration_seconds_bucket{le="2.5"}': 1,
        'reconciler_last_run_stage_duration_seconds{stage="fetch"}': 1.5,
        'reconciler_last_run_stage_duration_seconds{stage="apply"}': 0,
        'reconciler_resources{kind="file",state="in_sync"}': 12,
      },
    ],
    [
      "a run that fails",
      [started(), ended({ durationMs: 1000 }), started(), ended({ result: "failed", durationMs: 5000 })],
      {
        reconciler_last_run_timestamp_seconds: AT + 5,
        reconciler_last_success_timestamp_seconds: AT + 1,
        'reconciler_runs_total{trigger="timer",result="failed"}': 1,
      },
    ],
    [
      "a fetch that works, and one that does not",
      [
        { type: "fetched", remote: "origin", ok: true, at: AT * 1000 },
        { type: "fetched", remote: "origin", ok: false, at: 9, problem: { code: "fetch-timeout", what: "late" } },
      ],
      {
        'reconciler_fetch_attempts_total{remote="origin"}': 2,
        'reconciler_fetch_failures_total{remote="origin",reason="fetch-timeout"}': 1,
        'reconciler_last_fetch_success_timestamp_seconds{remote="origin"}': AT,
      },
    ],
    [
      "changes, by what caused them",
      [
        { type: "step-done", change: change("/a"), n: 1, of: 3 },
        { type: "step-done", change: change("/b", { why: "retired" }), n: 2, of: 3 },
        { type: "step-done", change: change("/c", drifted), n: 3, of: 3 },
      ],
      {
        'reconciler_changes_total{kind="file",cause="intentional"}': 2,
        'reconciler_changes_total{kind="file",cause="corrective"}': 1,
        'reconciler_resources_pruned_total{kind="file"}': 1,
      },
    ],
    [
      "drift, once each time it appears",
      [
        planned([change("/a", drifted)], [held("/b")]),
        planned([], [held("/b")]),
        planned([change("/a", drifted)], [held("/b")]),
      ],
      {
        'reconciler_drift_detected_total{kind="file",policy="enforce"}': 2,
        'reconciler_drift_detected_total{kind="file",policy="report"}': 1,
      },
    ],
    [
      "a changed run, whose things stand as they do after it",
      [
        started(),
        ended({
          result: "changed",
          resources: { in_sync: 11, pending: 0, drift: 1, conflict: 0, foreign: 0 },
          byKind: { file: { in_sync: 11, pending: 0, drift: 1, conflict: 0, foreign: 0 } },
          changes: [change("/a"), change("/b", { why: "retired" }), change("/c", drifted)],
          held: [held("/d")],
        }),
      ],
      {
        'reconciler_resources{kind="file",state="in_sync"}': 11,
        'reconciler_resources{kind="file",state="pending"}': 0,
        'reconciler_resources{kind="file",state="drift"}': 0,
        'reconciler_resources{kind="file",state="held"}': 1,
      },
    ],
    [
      "a refused signature, told as a problem as well",
      [
        started(),
        {
          type: "revision-refused",
          revision: revision("b"),
          reason: "untrusted",
          problems: [{ code: "signer-unknown", what: "who?" }],
        },
        { type: "problem", problem: { code: "signer-unknown", what: "who?" } },
      ],
      { 'reconciler_verify_failures_total{reason="unknown_key"}': 1 },
    ],
    [
      "a revision that is refused for what it says",
      [
        {
          type: "revision-refused",
          revision: revision("b"),
          reason: "invalid",
          problems: [{ code: "unknown-key", what: "?" }],
        },
      ],
      { 'reconciler_verify_failures_total{reason="unsigned"}': 0 },
    ],
    [
      "a removal that is held back, until the next plan",
      [started(), { type: "problem", problem: { code: "prune-brake", what: "too many" } }, ended({ result: "failed" })],
      { reconciler_prune_blocked: 1 },
    ],
    [
      "a brake that is released",
      [
        started(),
        ended({ result: "failed", problems: [{ code: "prune-brake", what: "too many" }] }),
        started(),
        ended(),
      ],
      { reconciler_prune_blocked: 0 },
    ],
    [
      "a roll-back for health",
      [
        started(),
        { type: "health", when: "after", finding: finding("web", false) },
        { type: "rolling-back", reason: "health got worse" },
        { type: "rolled-back", ok: true, steps: 1, problems: [] },
      ],
      {
        'reconciler_rollbacks_total{result="ok",reason="health"}': 1,
        'reconciler_rollbacks_total{result="failed",reason="apply"}': 0,
      },
    ],
    [
      "a roll-back that fails, of a change that could not be made",
      [
        started(),
        { type: "health", when: "before", finding: finding("web", true) },
        { type: "rolled-back", ok: false, steps: 1, problems: [] },
      ],
      { 'reconciler_rollbacks_total{result="failed",reason="apply"}': 1 },
    ],
    [
      "a run that a power cut ended",
      [{ type: "recovered", run: "r", steps: 2, kept: false, problems: [{ code: "left-in-place", what: "theirs" }] }],
      {
        'reconciler_state_recoveries_total{what="journal"}': 1,
        'reconciler_rollbacks_total{result="ok",reason="crash"}': 1,
      },
    ],
    [
      "a run that a power cut ended, and that cannot be walked back",
      [{ type: "recovered", run: "r", steps: 2, kept: false, over: false, problems: [{ code: "x", what: "stuck" }] }],
      {
        'reconciler_rollbacks_total{result="failed",reason="crash"}': 1,
        'reconciler_rollbacks_total{result="ok",reason="crash"}': 0,
      },
    ],
    [
      "data, as old as its source last said; an item that is gone has no series",
      [
        { type: "data-ages", ages: [{ id: "data:/srv/gone", answeredAt: 1 }] },
        {
          type: "data-ages",
          ages: [{ id: "data:/srv/list", answeredAt: AT * 1000, maxAgeMs: 86_400_000 }, { id: "data:/srv/never" }],
        },
      ],
      {
        'reconciler_data_timestamp_seconds{item="/srv/list"}': AT,
        'reconciler_data_max_age_seconds{item="/srv/list"}': 86_400,
        'reconciler_data_timestamp_seconds{item="/srv/never"}': 0,
        'reconciler_data_max_age_seconds{item="/srv/never"}': 0,
        'reconciler_data_timestamp_seconds{item="/srv/gone"}': undefined as unknown as number,
      },
    ],
    [
      "repairs of what a power cut damaged",
      [
        { type: "problem", problem: { code: "state-damaged", what: "a" } },
        { type: "problem", problem: { code: "mirror-renewed", what: "b" } },
      ],
      {
        'reconciler_state_recoveries_total{what="state_copy"}': 1,
        'reconciler_state_recoveries_total{what="git"}': 1,
        'reconciler_state_recoveries_total{what="journal"}': 0,
      },
    ],
    [
      "events worth a line of the log",
      [started(), { type: "stage-started", stage: "fetch" }, { type: "problem", problem: { code: "x", what: "y" } }],
      {
        'reconciler_log_messages_total{level="info"}': 1,
        'reconciler_log_messages_total{level="warn"}': 0,
        'reconciler_log_messages_total{level="error"}': 1,
      },
    ],
  ];
  test.each(cases)("%s", async (_title, events, expected) => {
    const found = await series(heard(...events));
    expect(Object.fromEntries(Object.keys(expected).map((key) => [key, found.get(key)]))).toEqual(expected);
  });
});

describe("revisions", () => {
  const info = async (metrics: Metrics) =>
    [...(await series(metrics)).keys()].filter((key) => key.startsWith("reconciler_revision_info")).sort();

  test("have one series for each role, and the old one goes", async () => {
    const metrics = heard(chosen("a"), ended({ applied: revision("a") }), chosen("b"));
    metrics.listen({ type: "rolled-back", ok: true, steps: 1, problems: [] });
    metrics.listen(ended({ result: "rolled_back", settled: false, applied: revision("b") }));
    expect(await info(metrics)).toEqual([
      'reconciler_revision_info{role="applied",commit="aaaaaaaaaaaa",ref="main"}',
      'reconciler_revision_info{role="attempted",commit="bbbbbbbbbbbb",ref="main"}',
      'reconciler_revision_info{role="desired",commit="bbbbbbbbbbbb",ref="main"}',
      'reconciler_revision_info{role="known_good",commit="aaaaaaaaaaaa",ref="main"}',
    ]);
    expect((await series(metrics)).get('reconciler_revision_commit_timestamp_seconds{role="applied"}')).toBe(
      1_795_000_000,
    );
  });

  test("are known good only when the server was settled", async () => {
    const roles = (await info(heard(chosen(), ended({ settled: false })))).join();
    expect(roles).toContain('role="applied"');
    expect(roles).not.toContain("known_good");
  });
});

describe("health checks", () => {
  const checks = async (metrics: Metrics) =>
    [...(await series(metrics))].filter(([key]) => key.startsWith("reconciler_health_check_status"));

  test("show the last findings; checks that are gone have no series", async () => {
    const metrics = heard(
      ended({ health: [finding("old", true)] }),
      ended({ health: [finding("web", true), finding("link", false, { level: "wanted" })] }),
    );
    const expected = [
      ['reconciler_health_check_status{check="web",level="required"}', 1],
      ['reconciler_health_check_status{check="link",level="wanted"}', 0],
    ];
    expect(await checks(metrics)).toEqual(expected);
    metrics.listen(ended({ result: "failed", health: [] }));
    expect(await checks(metrics)).toEqual(expected);
    metrics.listen(ended({ health: [] }));
    expect(await checks(metrics)).toEqual([]);
  });

  test("cannot flood the metrics or break their format, whatever their names are", async () => {
    const names = ['a"b\\c\n# TYPE x', ...Array.from({ length: 5000 }, (_, n) => `check-${n}`)];
    const metrics = heard(ended({ health: names.map((name) => finding(name, true)) }));
    const found = await checks(metrics);
    expect(found).toHaveLength(200);
    expect(found[0]?.[0]).toBe('reconciler_health_check_status{check="a\\"b\\\\c\\\\x0a# TYPE x",level="required"}');
  });
});

test("remotes and reasons are bounded in number and length", async () => {
  const metrics = createMetrics(OPTIONS);
  for (let n = 0; n < 100; n++) {
    const problem = { code: `reason-${n}`, what: "?" };
    metrics.listen({ type: "fetched", remote: `${n}-${"x".repeat(500)}`, ok: false, at: 0, problem });
  }
  const failures = [...(await series(metrics)).keys()].filter((key) => key.startsWith("reconciler_fetch_failures"));
  expect(failures).toHaveLength(21);
  expect(failures.at(-1)).toBe('reconciler_fetch_failures_total{remote="other",reason="other"}');
  expect(Math.max(...failures.map((key) => key.length))).toBeLessThan(200);
});

test("what has to survive a restart is the same after it, and goes on counting", async () => {
  const before = heard(started(), chosen(), ended({ durationMs: 1000 }));
  const undone: Event = { type: "rolled-back", ok: true, steps: 1, problems: [] };
  for (const event of [started(), undone, started(), undone]) before.listen(event);
  before.note({ quarantined: 1 });
  const after = createMetrics(OPTIONS);
  after.restore(JSON.parse(JSON.stringify(before.saved())) as SavedMetrics);
  after.listen(undone);
  const found = await series(after);
  expect(found.get("reconciler_last_success_timestamp_seconds")).toBe(AT + 1);
  expect(found.get("reconciler_quarantined_revisions")).toBe(1);
  expect(found.get('reconciler_rollbacks_total{result="ok",reason="apply"}')).toBe(3);
  expect(found.get('reconciler_revision_info{role="known_good",commit="aaaaaaaaaaaa",ref="main"}')).toBe(1);
  expect(after.saved().rollbacks).toEqual([{ result: "ok", reason: "apply", count: 3 }]);
});

test("a suspension and its end are noted between runs", async () => {
  const metrics = createMetrics(OPTIONS);
  metrics.note({ suspended: { until: AT * 1000 } });
  let found = await series(metrics);
  expect(found.get("reconciler_suspended")).toBe(1);
  expect(found.get("reconciler_suspend_expires_timestamp_seconds")).toBe(AT);
  metrics.note({ suspended: false });
  found = await series(metrics);
  expect(found.get("reconciler_suspended")).toBe(0);
  expect(found.get("reconciler_suspend_expires_timestamp_seconds")).toBe(0);
});

test("deaths are those of the ledger, whichever process met them; a brake is on and off between runs", async () => {
  const metrics = createMetrics(OPTIONS);
  const told = async () => {
    const found = await series(metrics);
    return [found.get('reconciler_deaths_total{step="apply"}'), found.get("reconciler_report_only")];
  };
  expect(await told()).toEqual([0, 0]);
  metrics.note({ deaths: { apply: 2 }, reportOnly: false });
  metrics.note({ deaths: { apply: 3 }, reportOnly: true });
  expect(await told()).toEqual([3, 1]);
  metrics.note({ deaths: { apply: 3 }, reportOnly: false });
  expect(await told()).toEqual([3, 0]);
});

test("every code with which a signature or a history is refused counts as a verify failure", () => {
  const sources = ["verify.ts", "choose.ts"].map((file) => readFileSync(`reconciler/source/${file}`, "utf8")).join("");
  const codes = new Set([...sources.matchAll(/\bcode: "([a-z-]+)"/g)].map(([, code]) => code ?? ""));
  codes.delete("signers"); // Only the beginning of four others, which are named in the comment over `verify`.
  for (const [, code] of sources.matchAll(/`(signers-[a-z]+)`/g)) codes.add(code ?? "");
  expect(codes.size).toBeGreaterThanOrEqual(9);
  for (const code of codes) expect([code, verifyReason([{ code, what: "" }])]).toEqual([code, expect.any(String)]);
});

describe("the page about the metrics", () => {
  const page = readFileSync("docs/metrics.md", "utf8");
  const rows = [...page.matchAll(/^\| `((?:reconciler|process|nodejs)_\w+)` +\| (\w+) +\| (.*?) *\|/gm)];
  const documented = rows.map(([, name, type, labels]) => `${name} ${type} ${labels?.replaceAll(/[`\s]/g, "")}`).sort();

  test("names each one with its type and labels, and none that there is not", async () => {
    const every: Event[] = [
      chosen(),
      { type: "fetched", remote: "origin", ok: false, at: 0, problem: { code: "x", what: "y" } },
      { type: "data-ages", ages: [{ id: "data:/srv/list" }] },
      ended({ health: [finding("web", true)] }),
    ];
    const exported = describeText(await heard(...every).text());
    expect(documented).toEqual(exported);
  });

  test("names each alert that there is", () => {
    const alerts = readFileSync("dashboards/prometheus/alerts.yaml", "utf8");
    const shipped = new Set([...alerts.matchAll(/- alert: (\w+)/g)].map(([, name]) => name));
    expect(new Set([...page.matchAll(/^\| `(Reconciler\w+)`/gm)].map(([, name]) => name))).toEqual(shipped);
  });
});

describe("the alerts", () => {
  const alerts = readFileSync("dashboards/prometheus/alerts.yaml", "utf8");
  const used = new Set([...alerts.matchAll(/\breconciler_\w+/g)].map(([name]) => name));

  test("look only at metrics that there are", async () => {
    const text = await heard(ended({ health: [finding("web", true)] })).text();
    for (const name of used) expect(text).toContain(`# TYPE ${name} `);
  });

  test("have a twin for each metric that is always there, which fires when it is missing", () => {
    const twins = new Set([...alerts.matchAll(/unless on \(job, instance\) (\w+)/g)].map(([, name]) => name));
    // A fleet may have no checks, and no data.
    for (const name of ["health_check_status", "data_timestamp_seconds", "data_max_age_seconds"])
      used.delete(`reconciler_${name}`);
    expect(twins).toEqual(used);
  });
});

test("nothing of this is loaded by the parts that work without metrics", () => {
  const heavy = readdirSync("reconciler/report").filter((file) =>
    file.endsWith(".ts") ? readFileSync(`reconciler/report/${file}`, "utf8").includes("prom-client") : false,
  );
  expect(heavy).toEqual(["metrics.ts"]);
});

/** `name type label,label` for each metric in the text. */
function describeText(text: string): string[] {
  const types = [...text.matchAll(/^# TYPE (\w+) (\w+)$/gm)];
  return types
    .map(([, name = "", type = ""]) => {
      const labels = new RegExp(`^${name}(?:_count)?(?:{(.*)})? `, "m").exec(text)?.[1] ?? "";
      return `${name} ${type} ${[...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).join(",")}`;
    })
    .sort();
}
