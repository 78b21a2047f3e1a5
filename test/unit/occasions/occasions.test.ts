// Whose hour it is: by a clock that knows it; in the night in which clocks are set; and by one that cannot be believed.
import { describe, expect, test } from "@jest/globals";
import { parseHours } from "../../../reconciler/desired/hours.ts";
import { fileId } from "../../../reconciler/model/state.ts";
import type { Target } from "../../../reconciler/model/target.ts";
import type { Window } from "../../../reconciler/model/window.ts";
import { occasionsFor } from "../../../reconciler/occasions/occasions.ts";
import { memoryMachine } from "../../support/data-machine.ts";
import { MemoryFiles } from "../../support/memory-files.ts";

const MOTD = fileId("/etc/motd");
const ABSENT = { type: "absent" } as const;
const ANY_HOUR: Window = { zone: "America/Santiago", hours: [], notDuring: [], onlyDuring: [], guards: [] };
const NIGHT: Window = { ...ANY_HOUR, hours: hoursOf("00:15-01:45") };
const HOLIDAYS: Window = { ...ANY_HOUR, onlyDuring: ["holidays"] };
const NO_EXAMS: Window = { ...ANY_HOUR, notDuring: ["exams"] };
const COMMIT = Date.parse("2026-03-01T12:00:00Z");
const YEARS_20 = 20 * 365.25 * 24 * 3_600_000;

function hoursOf(text: string): Window["hours"] {
  const hours = parseHours(text);
  if (!hours.ok) throw new Error(JSON.stringify(hours.problems));
  return [hours.value];
}

/** What the change of /etc/motd waits for at that moment, and until when; nothing when it does not. */
async function waitAt(window: Window, at: string | number): Promise<string | undefined> {
  const wallMs = typeof at === "number" ? at : Date.parse(at);
  const clock = { wallMs: () => wallMs, monotonicMs: () => 0, notBeforeMs: COMMIT };
  const span = { name: "Summer", from: "2026-01-01", to: "2026-02-28" };
  const calendars = new Map(["holidays", "exams"].map((name) => [name, { spans: [span] }]));
  const state = { type: "regular", digest: "d", size: 1 } as const;
  const wanted = new Map([[MOTD, { state, policy: "enforce", window: "w" } as const]]);
  const brake = { maxRemovals: 0, maxShare: 0 };
  const target: Target = { key: "", wanted, health: [], brake, windows: new Map([["w", window]]), calendars };
  const change = { id: MOTD, before: ABSENT, after: state, why: "new", standing: "pending" } as const;
  const waits = await occasionsFor(memoryMachine(new MemoryFiles(), { clock }), [change], target);
  const wait = waits.get(MOTD);
  if (wait === undefined) return undefined;
  return wait.untilMs === undefined ? wait.what : new Date(wait.untilMs).toISOString();
}

const NOT_BELIEVED = "the clock is not believed, so nobody knows whether the window w is open";

describe("a clock of before the newest commit", () => {
  test.each([
    ["1970, at an hour of the window", NIGHT, Date.UTC(1970, 0, 1, 4, 30)],
    ["1970, at another hour", NIGHT, Date.UTC(1970, 0, 1, 12)],
    ["a minute before the commit, in holidays", HOLIDAYS, COMMIT - 60_000],
    ["a minute before the commit, outside exams", NO_EXAMS, COMMIT - 60_000],
  ])("knows no hour: %s", async (_, window, at) => {
    expect(await waitAt(window, at)).toBe(NOT_BELIEVED);
  });

  test("is not asked where any hour will do", async () => {
    expect(await waitAt(ANY_HOUR, 0)).toBeUndefined();
  });
});

test("a leap of twenty years and back: what was shut opens when it should, by the clock as it is", async () => {
  expect(await waitAt(NIGHT, "2026-03-02T10:00:00Z")).toBe("2026-03-03T03:15:00.000Z");
  expect(await waitAt(HOLIDAYS, COMMIT + YEARS_20)).toBe("the window w is not open");
  expect(await waitAt(NIGHT, "2026-03-02T10:05:00Z")).toBe("2026-03-03T03:15:00.000Z");
  expect(await waitAt(NIGHT, "2026-03-03T03:20:00Z")).toBeUndefined();
});

describe("the nights in which the clocks of Chile are set", () => {
  // 24:00 of April 4 becomes 23:00: the hour before midnight comes twice.
  test.each([
    ["23:30 the first time", "2026-04-05T02:30:00Z", "2026-04-05T04:15:00.000Z"],
    ["23:30 the second time", "2026-04-05T03:30:00Z", "2026-04-05T04:15:00.000Z"],
    ["0:30 of the new day", "2026-04-05T04:30:00Z", undefined],
    // 24:00 of September 5 becomes 1:00: the first half of the window does not come at all.
    ["23:59 of the day before", "2026-09-06T03:59:00Z", "2026-09-06T04:00:00.000Z"],
    ["1:00, a minute later", "2026-09-06T04:00:00Z", undefined],
    ["1:45", "2026-09-06T04:45:00Z", "2026-09-07T03:15:00.000Z"],
  ])("%s", async (_, at, wait) => {
    expect(await waitAt(NIGHT, at)).toBe(wait);
  });
});
