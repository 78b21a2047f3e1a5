// Words of pacman: requirements, archives, records, and what cannot stay together.
import { describe, expect, test } from "@jest/globals";
import { isArchiveOf } from "../../../../../reconciler/resources/managers/pacman/cache.ts";
import { clashAmong, rivalsOf } from "../../../../../reconciler/resources/managers/pacman/conflicts.ts";
import { sectionsOf, splitEntry } from "../../../../../reconciler/resources/managers/pacman/database.ts";
import { isIgnored } from "../../../../../reconciler/resources/managers/pacman/hold.ts";
import { parseRequirement, type Relations } from "../../../../../reconciler/resources/managers/pacman/parse.ts";
import { badActions, badNames } from "../../../../../reconciler/resources/managers/pacman/words.ts";
import { memoryMachine } from "../../../../support/accounts.ts";
import { MemoryFiles } from "../../../../support/memory-files.ts";

test.each([
  ["hello", { name: "hello" }],
  ["libhello>=1.0", { name: "libhello", operator: ">=", version: "1.0" }],
  ["libhello<2:1.0-3", { name: "libhello", operator: "<", version: "2:1.0-3" }],
  ["libc.so=6-64", { name: "libc.so", operator: "=", version: "6-64" }],
])("the requirement %s", (word, requirement) => {
  expect(parseRequirement(word)).toEqual(requirement);
});

test.each([
  ["hello-1.0-1-any.pkg.tar.zst", true],
  ["hello-1.0-1-x86_64.pkg.tar", true],
  ["hello-1.0-1-any.pkg.tar.zst.sig", false],
  ["hello-1.0-1-any.pkg.tar.zst.part", false],
  ["hello-1.0-10-any.pkg.tar.zst", false],
  ["hello-world-1.0-1-any.pkg.tar.zst", false],
])("whether %s is the archive of hello 1.0-1: %p", (file, isIt) => {
  expect(isArchiveOf(file, "hello", "1.0-1")).toBe(isIt);
});

test("an entry of the records is a name and a version", () => {
  expect(splitEntry("python-foo-1:2.0-3")).toEqual({ name: "python-foo", version: "1:2.0-3" });
  expect(splitEntry("ALPM_DB_VERSION")).toBeUndefined();
  expect([...sectionsOf("%NAME%\nhello\n\n%DEPENDS%\na\nb>=1\n\n%URL%\n\n")]).toEqual([
    ["NAME", ["hello"]],
    ["DEPENDS", ["a", "b>=1"]],
    ["URL", []],
  ]);
});

test("a hold may be a pattern", () => {
  expect(["hello", "lib++", "libhello"].map((name) => isIgnored(name, ["lib*", "h?llo"]))).toEqual([true, true, true]);
  expect(isIgnored("hello-world", ["hello"])).toBe(false);
});

test("names and versions that are none are refused", () => {
  expect(badNames(["hello", "gtk2+extra", "lib32-x@1"])).toEqual([]);
  expect(badNames(["-hello", "", "a/b", "a b", "../x", "hello=1"]).map(({ code }) => code)).toEqual(
    Array(6).fill("package-name"),
  );
  expect(badActions([{ name: "hello", from: "1:1.0-1", to: "-dd" }]).map(({ code }) => code)).toEqual([
    "package-version",
  ]);
});

describe("what cannot stay together", () => {
  /** vercmp, for versions of one digit. */
  const machine = memoryMachine(new MemoryFiles(), {
    query: async ([, one = "", other = ""]) => {
      return { code: 0, stdout: Buffer.from(`${Math.sign(Number(one) - Number(other))}\n`), stderr: "" };
    },
  });
  const old = (name: string, version: string, more: Partial<Relations> = {}): Relations => {
    return { name, version, provides: [], conflicts: [], ...more };
  };

  test.each([
    ["a name", ["mail"], "mail", [], ["mail"]],
    ["a name that it provides", ["smtp"], "mail", ["smtp"], ["mail"]],
    ["an older version only", ["mail<3"], "mail", [], ["mail"]],
    ["a newer version only", ["mail>3"], "mail", [], []],
    ["just this version", ["mail>=2"], "mail", [], ["mail"]],
    ["a version of what it provides", ["smtp<3"], "mail", ["smtp=2"], ["mail"]],
    ["a version of what it provides in none", ["smtp<3"], "mail", ["smtp"], []],
    ["somebody else", ["post"], "mail", [], []],
  ])("%s", async (_, conflicts, name, provides, rivals) => {
    const coming = [old("new", "1", { conflicts })];
    expect(await rivalsOf(machine, coming, [old(name, "2", { provides })])).toEqual(rivals);
  });

  test("the other way round too, and never with itself", async () => {
    const coming = [old("new", "1", { conflicts: ["new"] })];
    expect(await rivalsOf(machine, coming, [old("mail", "2", { conflicts: ["new"] }), old("new", "0")])).toEqual([
      "mail",
    ]);
    expect(await clashAmong(machine, coming)).toBeUndefined();
    expect(await clashAmong(machine, [...coming, old("mail", "2", { conflicts: ["new"] })])).toEqual(["mail", "new"]);
  });
});
