import { expect, test } from "@jest/globals";
import { ageOf, isStale } from "../../../../reconciler/resources/data/age.ts";

const HOUR = 3_600_000;

test.each([
  ["a minute after the source answered", 60_000, 60_000],
  ["by a clock that went back to 1970", -50 * 365 * 24 * HOUR, undefined],
])("%s", (_, passed, age) => {
  expect(ageOf({ answeredAt: 1_800_000_000_000 }, 1_800_000_000_000 + passed)).toBe(age);
});

test("nobody knows the age of what never came", () => {
  expect(ageOf({}, 5)).toBeUndefined();
  expect(isStale({}, HOUR, 5 * HOUR)).toBe(false);
});

test.each([
  ["younger than it may be old", HOUR - 1, HOUR, false],
  ["older", HOUR + 1, HOUR, true],
  ["older by a clock that went back", -HOUR, HOUR, false],
  ["of any age, where no age is named", 1e12, undefined, false],
])("data that is %s", (_, passed, maxAgeMs, stale) => {
  expect(isStale({ answeredAt: 2e12 }, maxAgeMs, 2e12 + passed)).toBe(stale);
});
