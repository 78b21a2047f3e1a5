import { describe, expect, test } from "@jest/globals";
import { checkEntries, DEFAULT_LIMITS, digestOf, pathFault } from "../../../reconciler/source/entries.ts";
import { parseListing } from "../../../reconciler/source/read.ts";
import { parseBlame } from "../../../reconciler/source/blame.ts";
import { isBranchName, isTrackingRef } from "../../../reconciler/source/names.ts";

const OID = "1".repeat(40);

function entry(path: string, mode = "100644") {
  return { path, mode, oid: OID, size: 1 };
}

describe("paths", () => {
  test.each(["a", "schools/escuela-12.yaml", ".gitignore", "a/.hidden", "ñandú", "-n", "a b"])(
    "%j may be read",
    (path) => {
      expect(pathFault(path)).toBeUndefined();
    },
  );

  test.each([
    "",
    "/a",
    "a/",
    "a//b",
    ".",
    "a/./b",
    "..",
    "a/../b",
    ".git",
    "a/.Git/config",
    "a\\b",
    "a\nb",
    "a\u009bb",
    "a\ufffd",
  ])("%j may not", (path) => {
    expect(pathFault(path)).toEqual(expect.any(String));
  });

  test("names that differ only in capitals or in the spelling of an accent collide", () => {
    const codes = checkEntries(
      ["a", "A", "ñ", "n\u0303"].map((path) => entry(path)),
      DEFAULT_LIMITS,
    );
    expect(codes.map(({ code, where }) => [code, where?.file])).toEqual([
      ["names-collide", "A"],
      ["names-collide", "n\u0303"],
    ]);
  });
});

describe("listings", () => {
  test("are parsed by their bytes, and a name that is not UTF-8 does not pass", () => {
    const line = (name: Buffer) => Buffer.concat([Buffer.from(`100644 blob ${OID}      12\t`), name, Buffer.from([0])]);
    const files = parseListing(
      Buffer.concat([
        line(Buffer.from("tab\there\nand newline")),
        line(Buffer.from([0xff, 0xfe])),
        Buffer.from(`160000 commit ${OID}       -\tmodule\0`),
      ]),
    );
    expect(files).toMatchObject([
      { path: "tab\there\nand newline", size: 12, mode: "100644", oid: OID },
      { size: 12 },
      { path: "module", size: 0, mode: "160000" },
    ]);
    expect(checkEntries(files, DEFAULT_LIMITS).map(({ code }) => code)).toEqual([
      "path-refused",
      "path-refused",
      "submodule-refused",
    ]);
  });

  test("have one digest, whatever their order", () => {
    const [a, b] = [entry("a"), entry("b", "100755")];
    expect(digestOf([a, b])).toBe(digestOf([b, a]));
    expect(digestOf([a])).not.toBe(digestOf([b]));
  });
});

test("a line of a blamed file that looks like a header is still a line", () => {
  const text = `${OID} 1 1 2\nauthor Ana\nauthor-time 7\nsummary one\u001b\nfilename a\n\tauthor Mallory\n${OID} 2 2\n\t${OID} 1 1\n`;
  const line = { commit: OID, author: "Ana", time: 7, subject: "one\\x1b" };
  expect(parseBlame(text)).toEqual([line, line]);
});

describe("names", () => {
  test.each(["main", "schools/2026", "v1.2", "a_b-c", "feature/@x"])("%j is a branch or nearly", (name) => {
    expect(isBranchName(name)).toBe(name !== "feature/@x");
  });

  test.each([
    "",
    "-x",
    "a..b",
    "a.lock",
    "a/",
    "/a",
    "a b",
    "a~1",
    "a^",
    "a:b",
    "@",
    "a@{1}",
    ".a",
    "a/.b",
    "a\n",
    "x".repeat(201),
  ])("%j is no branch", (name) => {
    expect(isBranchName(name)).toBe(false);
    expect(isTrackingRef(`refs/remotes/origin/${name}`)).toBe(false);
  });
});
