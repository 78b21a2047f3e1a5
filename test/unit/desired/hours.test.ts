import { expect, test } from "@jest/globals";
import { parseHours } from "../../../reconciler/desired/hours.ts";

test.each([
  ["Mon-Fri 20:00-05:00", [0, 1, 2, 3, 4], 1200, 300],
  ["Sat,Sun 00:00-24:00", [5, 6], 0, 1440],
  ["Fri-Mon 1:00-2:30", [0, 4, 5, 6], 60, 150],
  ["  wed   9:05 - 10:00 ", [2], 545, 600],
  ["sun,sun,Mon-Tue 00:00-00:01", [0, 1, 6], 0, 1],
  ["22:00-04:00", [0, 1, 2, 3, 4, 5, 6], 1320, 240],
])("%j is read", (text, days, fromMinute, toMinute) => {
  expect(parseHours(text)).toEqual({ ok: true, value: { days, fromMinute, toMinute } });
});

test.each([
  "",
  "Mon",
  "Mon-Fri",
  "Mon 20:00",
  "20:00-",
  "20-22",
  "Mon;Tue 1:00-2:00",
  "Mon 24:00-1:00",
  "Mon 1:00-24:01",
  "Mon 1:60-2:00",
  "Monday 1:00-2:00",
  "Mon, Tue 1:00-2:00",
])("%j is not, and the hint shows how to write it", (text) => {
  expect(parseHours(text)).toMatchObject({
    ok: false,
    problems: [{ code: "bad-hours", hint: expect.stringContaining("Mon-Fri") }],
  });
});
