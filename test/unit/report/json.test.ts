import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import { change, ended, finding, held, outcome, revision, started, text } from "./sample.ts";
import { createJsonLog } from "../../../reconciler/report/json-log.ts";
import { jsonText } from "../../../reconciler/report/json-text.ts";
import { outcomeToJson } from "../../../reconciler/report/outcome-json.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import type { Outcome } from "../../../reconciler/model/outcome.ts";

const schema = JSON.parse(readFileSync("docs/json/outcome.schema.json", "utf8")) as object;
const validate = new Ajv({ allErrors: true, strict: true, strictRequired: false }).compile(schema);
const written = (value: unknown): unknown => JSON.parse(jsonText(value));

const full = outcome({
  result: "rolled_back",
  settled: false,
  stageMs: { fetch: 12.5, apply: 3 },
  changes: [
    change("/etc/motd", { before: text("b", { mode: 0o600, uid: 0 }), after: text("a", { mode: 0o644 }) }),
    change("/srv", {
      after: { type: "directory", mode: 0o755, uid: 0, gid: 0 },
      implied: true,
      check: { argv: ["/bin/true"] },
    }),
    change("/run/link", { before: { type: "special" }, after: { type: "symlink", target: "/srv" } }),
    change("/gone", { before: text("b"), after: ABSENT, why: "retired" }),
  ],
  held: [held("/etc/hosts")],
  health: [finding("web", false), finding("link", true, { level: "wanted" })],
  problems: [{ code: "prune-brake", where: { file: "a.yaml", line: 1, column: 2, key: "k" }, what: "w", hint: "h" }],
});
const { desired: _desired, applied: _applied, ...bare } = outcome();

describe("an outcome as JSON", () => {
  const cases: [title: string, outcome: Outcome][] = [
    ["a calm run", outcome()],
    ["a run with everything", full],
    ["a run that knows no revision", bare],
  ];
  test.each(cases)("is as its schema says: %s", (_title, each) => {
    validate(written(outcomeToJson(each)));
    expect(validate.errors).toBeNull();
  });

  test("holds what the outcome holds, in the words that people use", () => {
    expect(written(outcomeToJson(full))).toMatchObject({
      version: 1,
      kind: "outcome",
      result: "rolled_back",
      applied: { commit: revision("a").commit },
      changes: [
        { kind: "file", name: "/etc/motd", before: { type: "regular", mode: "0600" }, after: { mode: "0644" } },
        { kind: "file", name: "/srv", implied: true },
        { after: { type: "symlink", target: "/srv" } },
        { after: { type: "absent" } },
      ],
      held: [{ name: "/etc/hosts", policy: "report" }],
    });
  });

  test("the schema notices a member that is missing, or that nobody described", () => {
    const { health: _health, ...without } = outcomeToJson(full);
    expect(validate(written(without))).toBe(false);
    expect(validate(written({ ...outcomeToJson(full), secret: 1 }))).toBe(false);
  });
});

describe("JSON text", () => {
  test("is safe to print, and reads back the same", () => {
    const value = { subject: "\u009b31m \u202e \u001b[2J \u2028 ñandú 🖥" };
    expect(jsonText(value)).toBe('{"subject":"\\u009b31m \\u202e \\u001b[2J \\u2028 ñandú 🖥"}');
    expect(JSON.parse(jsonText(value))).toEqual(value);
  });
});

describe("the JSON log", () => {
  const events: Event[] = [
    started(),
    { type: "stage-started", stage: "fetch" },
    { type: "planned", plan: { changes: [change("/x")], held: [], standings: new Map() } },
    { type: "step-done", change: change("/etc/motd"), n: 1, of: 1 },
    { type: "problem", problem: { code: "disk-full", what: "two\nlines" } },
    ended(),
  ];
  let text = "";
  const log = createJsonLog({ write: (line) => (text += line), clock: { wallMs: () => 7 } });
  for (const event of events) log(event);
  const parsed = text
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

  test("is one object a line, without mere progress", () => {
    expect(parsed.map(({ time, level, event }) => [time, level, event])).toEqual([
      [7, "info", "run-started"],
      [7, "info", "planned"],
      [7, "info", "step-done"],
      [7, "error", "problem"],
      [7, "info", "run-ended"],
    ]);
  });

  test("says what happened in small, and how it ended in full", () => {
    expect(parsed[0]).toMatchObject({ trigger: "timer", because: "every 300 s" });
    expect(parsed[1]).toMatchObject({ changes: 1, held: 0 });
    expect(parsed[2]).toMatchObject({ kind: "file", name: "/etc/motd", why: "new", n: 1, of: 1 });
    expect(validate(parsed[4]?.["outcome"])).toBe(true);
  });
});
