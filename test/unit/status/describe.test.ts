import { describe, expect, test } from "@jest/globals";
import { NO_RESOURCES } from "../../../reconciler/course.ts";
import { describeStatus, type Tones } from "../../../reconciler/status/describe.ts";
import type { Reason, Status } from "../../../reconciler/status/status.ts";
import { localTime, past, soon } from "../../../reconciler/status/time-words.ts";

const plain = (text: string): string => text;
const PLAIN: Tones = { good: plain, careful: plain, bad: plain, quiet: plain };
const AT = Date.UTC(2026, 10, 23, 16, 35);
const HOSTILE = "\u001b[2J\u202e\n";
const revision = { commit: "a".repeat(40), tree: "b".repeat(40), time: AT / 1000, subject: HOSTILE, author: HOSTILE };

function worst(): Status {
  const problem = { code: "x", where: { file: HOSTILE }, what: HOSTILE, hint: HOSTILE };
  const refused: Reason = { type: "refused", problem };
  const held = { reason: HOSTILE, by: HOSTILE, since: AT, until: AT };
  const reasons: readonly Reason[] = [{ type: "suspended", suspension: held }, refused, refused, refused, refused];
  const bad = { name: HOSTILE, level: "required", ok: false, detail: HOSTILE } as const;
  return {
    ...{
      host: HOSTILE,
      at: AT,
      settled: false,
      running: { revision, since: AT },
      wanted: { ...revision, commit: "c" },
    },
    reasons,
    quarantine: [],
    lastRun: {
      ...{ run: "r", trigger: "timer", result: "failed", settled: false, startedAt: AT, durationMs: 1 },
      ...{ changes: 0, held: 0, resources: NO_RESOURCES, health: [bad, bad, bad, bad, bad], problems: [problem] },
    },
    counts: { inSync: 1, pending: 2, drift: 3, conflict: 4, foreign: 5, held: 6 },
    duty: { who: "author", what: HOSTILE },
  };
}

describe("the worst that a server can say", () => {
  const lines = describeStatus(worst(), PLAIN);

  test("is at most a dozen lines", () => {
    expect(lines.length).toBeLessThanOrEqual(12);
  });

  test("has nothing in it that could steer a terminal", () => {
    expect(lines.join("")).not.toMatch(/[\u0000-\u001f\u202e]/u);
    expect(lines.join("")).toContain("\\x1b[2J\\u202e");
  });

  test("says how many reasons there are beyond the first", () => {
    expect(lines).toContain("why       and 2 more reasons: reconcile status --json");
  });

  test("counts every kind of difference", () => {
    expect(lines).toContain(
      "things    1 in sync, 2 pending, 3 drifted, 4 conflicts, 5 foreign (6 left alone by policy)",
    );
  });
});

describe("moments", () => {
  const MINUTE = 60_000;

  test.each([
    [5000, "just now"],
    [90 * MINUTE, "90 min ago"],
    [3 * 60 * MINUTE, "3 h ago"],
    [72 * 60 * MINUTE, "3 days ago"],
  ])("%d ms after it", (ms, words) => {
    expect(past(AT, AT + ms)).toBe(`${localTime(AT)} (${words})`);
  });

  test("that lie ahead of a clock that was set back are only named", () => {
    expect(past(AT, AT - MINUTE)).toBe(localTime(AT));
  });

  test.each([
    [-5, "now"],
    [45_000, "in 45 s"],
    [12.5 * MINUTE, "in 12 min"],
  ])("%d ms before it", (ms, words) => {
    expect(soon(AT, AT - ms).split(" (")[0]).toBe(words);
  });
});
