// What Memory is after a run: it decides what may ever be pruned.
import { describe, expect, test } from "@jest/globals";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import { fileId, type ResourceId } from "../../../reconciler/model/state.ts";
import type { Memory, Observed, Remembered, Seen, Stamp } from "../../../reconciler/model/target.ts";
import { remember, STAMP_SETTLES_MS } from "../../../reconciler/plan/remember.ts";
import { stateOf, wish, type Wish } from "../../support/wishes.ts";

const AT = 1_000_000;
const OLD_STAMP: Stamp = { ino: 7, size: 1, mtimeMs: 5, ctimeMs: AT - STAMP_SETTLES_MS - 1 };
const MOTD = fileId("/motd");

function after(
  wishes: Readonly<Record<string, Wish>>,
  seen: Seen,
  memory: Memory = new Map(),
  created: ReadonlySet<ResourceId> = new Set(),
): Memory {
  const observed: Observed = new Map([[MOTD, seen]]);
  return remember({ target: wish(wishes).target, observed, memory, created, observedAt: AT });
}

function seen(words: Wish, stamp: Stamp = OLD_STAMP): Seen {
  return { state: stateOf(words).state, stamp };
}

function remembered(words: Wish, origin: Remembered["origin"] = "created"): Memory {
  return new Map([[MOTD, { state: stateOf(words).state, origin, stamp: OLD_STAMP }]]);
}

describe("what is as wanted", () => {
  test("is remembered as made by us where nothing was before, and as adopted where something was", () => {
    expect(after({ "/motd": "hello" }, seen("hello"), new Map(), new Set([MOTD])).get(MOTD)?.origin).toBe("created");
    expect(after({ "/motd": "hello" }, seen("hello")).get(MOTD)?.origin).toBe("adopted");
  });

  test.each(["created", "adopted"] as const)("stays %s for ever, also when it was made anew", (origin) => {
    const next = after({ "/motd": "new" }, seen("new"), remembered("old", origin), new Set([MOTD]));
    expect(next.get(MOTD)).toMatchObject({ origin, state: stateOf("new").state });
  });

  test("has a stamp only when that was old enough to be trusted", () => {
    expect(after({ "/motd": "x" }, seen("x")).get(MOTD)?.stamp).toEqual(OLD_STAMP);
    const fresh = { ...OLD_STAMP, ctimeMs: AT - STAMP_SETTLES_MS + 1 };
    expect(after({ "/motd": "x" }, seen("x", fresh)).get(MOTD)).not.toHaveProperty("stamp");
  });

  test("and was so before is the same Memory, so that nothing is written", () => {
    const memory = after({ "/motd": "x" }, seen("x"));
    expect(after({ "/motd": "x" }, seen("x"), memory)).toBe(memory);
    expect(after({ "/motd": "x" }, seen("x", { ...OLD_STAMP, ino: 8 }), memory)).not.toBe(memory);
  });
});

test("what is not as wanted stays remembered as it was", () => {
  const memory = remembered("old");
  expect(after({ "/motd": "new" }, seen("by hand"), memory)).toBe(memory);
});

describe("what is not wanted any more", () => {
  test("is forgotten when it is gone", () => {
    expect(after({}, { state: ABSENT }, remembered("x")).size).toBe(0);
    expect(after({ "/motd": { absent: true } }, { state: ABSENT }, remembered("x")).size).toBe(0);
  });

  test("is forgotten when it was there before us: it is not ours to look after", () => {
    expect(after({}, seen("x"), remembered("x", "adopted")).size).toBe(0);
  });

  test("is forgotten when something else stands there: what comes next is not ours to remove", () => {
    expect(after({}, seen({ link: "x" }), remembered("x")).size).toBe(0);
  });

  test("and still there stays ours, so that it goes when it can", () => {
    const memory = remembered({ directory: true });
    expect(after({}, { ...seen({ directory: true }), names: ["photo.jpg"] }, memory)).toBe(memory);
  });
});
