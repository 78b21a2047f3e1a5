import { expect, test } from "@jest/globals";
import {
  backupName,
  goneName,
  isGone,
  versionDigits,
  versionName,
} from "../../../../reconciler/resources/data/names.ts";

const DIGEST = "0123456789abcdef".repeat(4);

test("a version lies hidden beside its item, under the item's own name", () => {
  expect(versionName("/srv", "/srv/library", DIGEST)).toMatch(/^\/srv\/\.library-[0-9a-f]{8}\.0123456789abcdef~$/u);
});

test("items of the same name that wait in the same folder do not meet", () => {
  expect(versionName("/srv", "/srv/a/books", DIGEST)).not.toBe(versionName("/srv", "/srv/b/books", DIGEST));
});

test("a version, a backup and what goes are told apart, and belong to their item alone", () => {
  const [version, backup] = [versionName("/", "/x", DIGEST), backupName("/", "/x", "run1", 3)].map((at) => at.slice(1));
  expect(versionDigits(version!, "/x")).toBe("0123456789abcdef");
  expect(versionDigits(version!, "/y")).toBeUndefined();
  expect(versionDigits(backup!, "/x")).toBeUndefined();
  expect([version, backup].map((name) => isGone(name!, "/x"))).toEqual([false, false]);
  expect([version, backup].map((name) => isGone(goneName(name!), "/x"))).toEqual([true, true]);
});

test("the longest name, of four bytes a letter, still leaves room", () => {
  const name = "😀".repeat(63);
  expect(Buffer.byteLength(goneName(backupName("/", `/${name}`, "r".repeat(30), 12345)))).toBeLessThanOrEqual(255);
});
