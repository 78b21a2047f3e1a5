// Windows against moments, told in the words of a wall clock with its offset, so that a reader can check them.
import { describe, expect, test } from "@jest/globals";
import { parseHours } from "../../../reconciler/desired/hours.ts";
import type { Calendar, Hours, Window } from "../../../reconciler/model/window.ts";
import { isOpen } from "../../../reconciler/plan/window.ts";
import { offsetMs } from "../../../reconciler/plan/zone.ts";

const NO_CALENDARS = new Map<string, Calendar>();
const CALENDARS = new Map<string, Calendar>([
  ["exams", { spans: [{ name: "First term", from: "2026-11-23", to: "2026-12-04" }] }],
  [
    "terms",
    {
      spans: [
        { name: "First", from: "2026-08-03", to: "2026-12-18" },
        { name: "Second", from: "2027-03-01", to: "2027-07-23" },
      ],
    },
  ],
  ["past", { spans: [{ name: "Long ago", from: "2020-01-01", to: "2020-01-02" }] }],
]);

/** A moment, and `open` or the moment at which it opens. */
type Row = readonly [at: string, expected: string];

function expectRows(
  window: Window,
  rows: readonly Row[],
  calendars: ReadonlyMap<string, Calendar> = NO_CALENDARS,
): void {
  const told = rows.map(([at]) => [at, tell(window, calendars, at)]);
  const wanted = rows.map(([at, expected]) => [
    at,
    expected === "open" || expected === "never" ? expected : iso(expected),
  ]);
  expect(told).toEqual(wanted);
}

function tell(window: Window, calendars: ReadonlyMap<string, Calendar>, at: string): string {
  const opening = isOpen(window, calendars, Date.parse(at));
  if (opening.open) return "open";
  return opening.untilMs === undefined ? "never" : new Date(opening.untilMs).toISOString();
}

function iso(text: string): string {
  return new Date(text).toISOString();
}

function windowOf(zone: string, hours: readonly string[], more: Partial<Window> = {}): Window {
  return { zone, hours: hours.map(hoursOf), notDuring: [], onlyDuring: [], guards: [], ...more };
}

function hoursOf(text: string): Hours {
  const parsed = parseHours(text);
  if (!parsed.ok) throw new Error(text);
  return parsed.value;
}

describe("nights of working days in Lima, over midnight, and the weekend", () => {
  const nights = windowOf("America/Lima", ["Mon-Fri 20:00-05:00", "Sat,Sun 00:00-24:00"]);

  // 2026-11-09 is a Monday.
  test.each<Row>([
    ["2026-11-09T19:59:59.999-05:00", "2026-11-09T20:00-05:00"],
    ["2026-11-09T20:00-05:00", "open"],
    ["2026-11-10T00:00-05:00", "open"],
    ["2026-11-10T04:59:59.999-05:00", "open"],
    ["2026-11-10T05:00-05:00", "2026-11-10T20:00-05:00"],
    ["2026-11-14T04:30-05:00", "open"],
    ["2026-11-14T05:00-05:00", "open"],
    ["2026-11-15T23:59:59-05:00", "open"],
    // Nobody said Sunday night, so Monday begins closed.
    ["2026-11-16T00:00-05:00", "2026-11-16T20:00-05:00"],
    ["2026-11-16T04:00-05:00", "2026-11-16T20:00-05:00"],
  ])("at %s: %s", (...row) => {
    expectRows(nights, [row]);
  });
});

describe("Berlin in spring, where the hour from 02:00 to 03:00 is left out on 2026-03-29", () => {
  test("a window in that hour is not opened that night", () => {
    const inTheGap = windowOf("Europe/Berlin", ["02:00-03:00"]);
    expectRows(inTheGap, [
      ["2026-03-28T02:30+01:00", "open"],
      ["2026-03-28T03:00+01:00", "2026-03-30T02:00+02:00"],
      ["2026-03-29T01:59:59+01:00", "2026-03-30T02:00+02:00"],
      ["2026-03-29T03:00+02:00", "2026-03-30T02:00+02:00"],
    ]);
  });

  test("one that begins in that hour opens when the clock has jumped over its beginning", () => {
    const from0230 = windowOf("Europe/Berlin", ["Sun 02:30-04:00"]);
    expectRows(from0230, [
      ["2026-03-29T01:59:59.999+01:00", "2026-03-29T03:00+02:00"],
      ["2026-03-29T03:00+02:00", "open"],
      ["2026-03-29T04:00+02:00", "2026-04-05T02:30+02:00"],
    ]);
  });

  test("one over the gap stays open and is an hour shorter", () => {
    const night = windowOf("Europe/Berlin", ["22:00-06:00"]);
    expectRows(night, [
      ["2026-03-29T01:59:59+01:00", "open"],
      ["2026-03-29T05:59:59+02:00", "open"],
      ["2026-03-29T06:00+02:00", "2026-03-29T22:00+02:00"],
      ["2026-03-28T21:59+01:00", "2026-03-28T22:00+01:00"],
    ]);
  });
});

describe("Berlin in autumn, where the hour from 02:00 to 03:00 comes twice on 2026-10-25", () => {
  test("a window in that hour is open both times", () => {
    const inTheHour = windowOf("Europe/Berlin", ["02:00-03:00"]);
    expectRows(inTheHour, [
      ["2026-10-25T01:59+02:00", "2026-10-25T02:00+02:00"],
      ["2026-10-25T02:30+02:00", "open"],
      ["2026-10-25T02:30+01:00", "open"],
      ["2026-10-25T03:00+01:00", "2026-10-26T02:00+01:00"],
    ]);
  });

  test("one that ends in it opens again when the clock is put back", () => {
    const until0230 = windowOf("Europe/Berlin", ["01:00-02:30"]);
    expectRows(until0230, [
      ["2026-10-25T02:29+02:00", "open"],
      ["2026-10-25T02:30+02:00", "2026-10-25T02:00+01:00"],
      ["2026-10-25T02:00+01:00", "open"],
      ["2026-10-25T02:30+01:00", "2026-10-26T01:00+01:00"],
    ]);
  });

  test("one that begins in it begins at the first of the two", () => {
    const from0230 = windowOf("Europe/Berlin", ["02:30-02:45"]);
    expectRows(from0230, [
      ["2026-10-25T02:00+02:00", "2026-10-25T02:30+02:00"],
      ["2026-10-25T02:45+02:00", "2026-10-25T02:30+01:00"],
      ["2026-10-25T02:44+01:00", "open"],
    ]);
  });
});

test("Kathmandu is 5 hours and 45 minutes ahead", () => {
  expectRows(windowOf("Asia/Kathmandu", ["Sun 20:00-04:00"]), [
    ["2026-11-08T14:14:59Z", "2026-11-08T14:15:00Z"],
    ["2026-11-08T14:15:00Z", "open"],
    ["2026-11-08T22:14:59Z", "open"],
    ["2026-11-08T22:15:00Z", "2026-11-15T14:15:00Z"],
  ]);
  expect(offsetMs("Asia/Kathmandu", Date.parse("2026-11-08T00:00:00.250Z"))).toBe((5 * 60 + 45) * 60_000);
});

test("a day that has no midnight begins an hour later", () => {
  // Beirut puts its clocks forward at midnight: 2021-03-28 began at 01:00.
  expectRows(windowOf("Asia/Beirut", ["Sun 00:00-02:00"]), [
    ["2021-03-27T23:59:59+02:00", "2021-03-28T01:00+03:00"],
    ["2021-03-28T01:59:59+03:00", "open"],
    ["2021-03-28T02:00+03:00", "2021-04-04T00:00+03:00"],
  ]);
});

test("a window that ends where it begins is open for a whole day", () => {
  expectRows(windowOf("UTC", ["Mon 20:00-20:00"]), [
    ["2026-11-09T19:59Z", "2026-11-09T20:00Z"],
    ["2026-11-10T19:59Z", "open"],
    ["2026-11-10T20:00Z", "2026-11-16T20:00Z"],
  ]);
});

test("without hours it is open at any hour", () => {
  expectRows(windowOf("UTC", []), [["2026-11-09T19:59Z", "open"]]);
});

describe("calendars", () => {
  test("their days begin and end at midnight of the zone, and both ends belong to them", () => {
    const nights = windowOf("America/Lima", ["20:00-05:00"], { notDuring: ["exams"] });
    expectRows(
      nights,
      [
        ["2026-11-22T23:59:59-05:00", "open"],
        ["2026-11-23T00:00-05:00", "2026-12-05T00:00-05:00"],
        ["2026-12-04T23:59:59-05:00", "2026-12-05T00:00-05:00"],
        ["2026-12-05T00:00-05:00", "open"],
      ],
      CALENDARS,
    );
  });

  test("only on some days, and not on others of them", () => {
    const calm = windowOf("America/Lima", ["Mon-Fri 14:00-16:00"], { onlyDuring: ["terms"], notDuring: ["exams"] });
    expectRows(
      calm,
      [
        ["2026-11-20T16:00-05:00", "2026-12-07T14:00-05:00"],
        ["2026-12-18T15:59-05:00", "open"],
        ["2026-12-18T16:00-05:00", "2027-03-01T14:00-05:00"],
      ],
      CALENDARS,
    );
  });

  test("without hours a window opens at the first midnight", () => {
    expectRows(
      windowOf("America/Lima", [], { onlyDuring: ["terms"] }),
      [["2026-12-19T12:00-05:00", "2027-03-01T00:00-05:00"]],
      CALENDARS,
    );
  });

  test("days that are over, or more than 400 days away, are not waited for", () => {
    const rows: Row[] = [["2026-11-09T12:00Z", "never"]];
    expectRows(windowOf("UTC", [], { onlyDuring: ["past"] }), rows, CALENDARS);
    const far = new Map([["far", { spans: [{ name: "", from: "2028-01-01", to: "2028-01-02" }] }]]);
    expectRows(windowOf("UTC", ["20:00-21:00"], { onlyDuring: ["far"] }), rows, far);
  });

  test("a day that is just within 400 days is waited for", () => {
    const near = new Map([["near", { spans: [{ name: "", from: "2027-12-14", to: "2027-12-14" }] }]]);
    expectRows(windowOf("UTC", [], { onlyDuring: ["near"] }), [["2026-11-09T12:00Z", "2027-12-14T00:00Z"]], near);
  });
});

/** Around each change of the clock, against nothing but whether it is open at a moment. */
test.each(["Europe/Berlin", "America/Santiago", "Australia/Lord_Howe"])(
  "in %s the next opening is the first moment that is open",
  (zone) => {
    const window = windowOf(zone, ["Sat 23:30-02:15", "Sun 02:20-02:50", "Mon 00:00-00:20"]);
    for (const day of ["2022-03-25", "2022-04-01", "2022-09-09", "2022-09-30", "2022-10-28"]) {
      const fromMs = Date.parse(day);
      const looked = openingsByLooking(window, fromMs);
      expect(looked.length).toBeGreaterThan(1);
      expect(openingsByAsking(window, fromMs)).toEqual(looked);
    }
  },
);

/** Every hour of these windows, and every clock, changes at a multiple of this. */
const STEP_MS = 5 * 60_000;
const LENGTH_MS = 4 * 24 * 60 * 60_000;

function openingsByLooking(window: Window, fromMs: number): number[] {
  const moments = Array.from({ length: LENGTH_MS / STEP_MS }, (_, index) => fromMs + index * STEP_MS);
  const states = moments.map((atMs) => isOpen(window, NO_CALENDARS, atMs).open);
  return moments.filter((_, index) => states[index] === true && states[index - 1] === false);
}

function openingsByAsking(window: Window, fromMs: number): number[] {
  const endMs = fromMs + LENGTH_MS;
  const found: number[] = [];
  for (let atMs = fromMs; atMs < endMs;) {
    const opening = isOpen(window, NO_CALENDARS, atMs);
    const next = opening.open ? atMs + STEP_MS : (opening.untilMs ?? endMs);
    if (!opening.open && next < endMs) found.push(next);
    atMs = next;
  }
  return found;
}
