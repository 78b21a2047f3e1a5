// Numbers for new system accounts.
import { expect, test } from "@jest/globals";
import { freeId } from "../../../../reconciler/resources/account/ids.ts";

const EVERY_NUMBER = Array.from({ length: 900 }, (_, index) => 100 + index);

test("a name has the same number everywhere", () => {
  expect(freeId("kiwix", new Set())).toBe(freeId("kiwix", new Set()));
  expect([freeId("kiwix", new Set()), freeId("moodle", new Set())]).toEqual([KIWIX, MOODLE]);
});

/** Written down, so that a change of the rule, which would give servers other numbers, is seen. */
const [KIWIX, MOODLE] = [351, 663];

test("one that is taken is passed over, round the end of the range", () => {
  const first = freeId("kiwix", new Set());
  expect(freeId("kiwix", new Set([first]))).toBe(first === 999 ? 100 : first + 1);
  const all = new Set(EVERY_NUMBER);
  all.delete(100);
  expect(freeId("kiwix", all)).toBe(100);
});

test("nobody gets a number of a person or of the distribution's own accounts", () => {
  for (let n = 0; n < 1000; n++) {
    const id = freeId(`name-${n}`, new Set());
    expect(id).toBeGreaterThanOrEqual(100);
    expect(id).toBeLessThan(1000);
  }
});

test("when every number is taken, it says so", () => {
  expect(() => freeId("kiwix", new Set(EVERY_NUMBER))).toThrow("no number from 100 to 999 is free for kiwix");
});
