import { describe, expect, test } from "@jest/globals";
import { judge } from "../../../reconciler/health/judge.ts";
import type { HealthFinding, Level } from "../../../reconciler/model/health.ts";

function finding(name: string, level: Level, ok: boolean): HealthFinding {
  return { name, level, ok, detail: ok ? "" : "connection refused" };
}

// What the checks said before and after a change ("-" where there was no such check), and what is to be done.
const CASES: [title: string, level: Level, before: "ok" | "bad" | "-", after: "ok" | "bad" | "-", keep: boolean][] = [
  ["a required check that keeps passing", "required", "ok", "ok", true],
  ["a required check that the change repaired", "required", "bad", "ok", true],
  ["a required check that the change broke", "required", "ok", "bad", false],
  ["a required check that was bad already, like the link of a school that is offline", "required", "bad", "bad", true],
  ["a required check that is new and bad: nothing is known to have worked", "required", "-", "bad", true],
  ["a required check that the change took away", "required", "ok", "-", true],
  ["a wanted check that the change broke", "wanted", "ok", "bad", true],
];

describe("the verdict on", () => {
  test.each(CASES)("%s", (_title, level, before, after, keep) => {
    const report = (word: "ok" | "bad" | "-") => (word === "-" ? [] : [finding("web", level, word === "ok")]);
    expect(judge(report(before), report(after)).keep).toBe(keep);
  });

  test("several checks names exactly those that got worse", () => {
    const before = [
      finding("web", "required", true),
      finding("dns", "required", true),
      finding("link", "required", false),
    ];
    const after = before.map((each) => finding(each.name, each.level, each.name === "dns"));
    expect(judge(before, after).worsened.map((each) => each.name)).toEqual(["web"]);
  });
});
