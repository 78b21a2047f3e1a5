import { describe, expect, test } from "@jest/globals";
import { faultOfTree, type Offered } from "../../../../reconciler/resources/data/tree-rules.ts";

const FILE: Offered = { path: "a", type: "regular", mode: 0o644, size: 1 };
const link = (path: string, target: string): Offered => ({ path, type: "symlink", mode: 0o777, size: 0, target });
const folder = (path: string): Offered => ({ path, type: "directory", mode: 0o755, size: 0 });

function whatOf(...entries: Offered[]): string | undefined {
  return faultOfTree("x.tar", entries, 1000)?.what;
}

describe("refused is", () => {
  test.each<[string, Offered[]]>([
    ["an absolute path", [{ ...FILE, path: "/etc/passwd" }]],
    ['a path with ".."', [folder("a"), { ...FILE, path: "a/../../etc/passwd" }]],
    ["a device, socket or pipe", [{ ...FILE, type: "special" }]],
    ["a set-user-id", [{ ...FILE, mode: 0o4755 }]],
    ["a set-user-id or set-group-id", [{ ...folder("a"), mode: 0o2755 }]],
    ["a link is in it that leads out", [link("a", "/etc")]],
    ["a link is in it that leads out", [folder("a"), link("a/b", "../../x")]],
    ["a link is in it that leads out", [link("a", "b/../../b")]],
    ["a hard link is in it to something that is not", [{ ...FILE, type: "hardlink", target: "../x" }]],
    ["a hard link is in it to something that is not", [link("l", "a"), { ...FILE, type: "hardlink", target: "l" }]],
    ["a name is in it twice", [FILE, { ...FILE, path: "./a" }]],
    ["goes through what is no folder", [link("l", "."), { ...FILE, path: "l/a" }]],
    ["at most 1000 are allowed", [{ ...FILE, size: 1001 }]],
    ["more than 64 folders deep", [{ ...FILE, path: "d/".repeat(64) + "f" }]],
    ["a name is in it that is no text", [{ ...FILE, path: "\ufffd" }]],
  ])("%s", (words, entries) => {
    expect(whatOf(...entries)).toContain(words);
  });

  test("a bomb of a million million bytes in two entries", () => {
    expect(whatOf(FILE, { ...FILE, path: "b", size: 1e12 })).toContain("1000000000001 bytes");
  });
});

test("what is plain is taken: folders said twice, links inside, hard links to what came before", () => {
  const entries = [
    folder("."),
    folder("d"),
    folder("d/"),
    { ...FILE, path: "./d/a" },
    link("d/up", "../d/a"),
    link("l", "d"),
  ];
  const hard: Offered = { ...FILE, path: "h", type: "hardlink", target: "./d/a" };
  expect(whatOf(...entries, hard)).toBeUndefined();
});

test("a name that would speak to a terminal is told in escapes", () => {
  expect(whatOf({ ...FILE, path: "/\x1b[2J" })).toContain("/\\x1b[2J");
});
