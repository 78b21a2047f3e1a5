import { describe, expect, test } from "@jest/globals";
import { entriesOfTar, modeOf } from "../../../../reconciler/resources/data/archive/tar.ts";
import { entriesOfZip } from "../../../../reconciler/resources/data/archive/zip.ts";

describe("what tar lists", () => {
  test.each([
    ["drwxr-xr-x 0/0               0 2026-11-23 23:53:02 ./sub/", { path: "./sub/", type: "directory", mode: 0o755 }],
    [
      "-rw-r--r-- 1000/1000   1234567 2026-11-23 23:53:02.123456789 a b",
      { path: "a b", type: "regular", size: 1234567 },
    ],
    ["-rw-r--r-- 0/0 1 2026-11-23 23:53:02 we\\nird\\\\", { path: "we\nird\\" }],
    ["-rw-r--r-- 0/0 1 2026-11-23 23:53:02 \\303\\274", { path: "ü" }],
    ["-rw-r--r-- 0/0 1 2026-11-23 23:53:02 \\377", { path: "\ufffd" }],
    ["lrwxrwxrwx 0/0 0 2026-11-23 23:53:02 l -> ../a", { path: "l", type: "symlink", target: "../a" }],
    ["hrw-r--r-- 0/0 0 2026-11-23 23:53:02 h link to a", { path: "h", type: "hardlink", target: "a" }],
    ["crw-rw-rw- 0/0 1,3 2026-11-23 23:53:02 null", { path: "null", type: "special" }],
    ["prw-r--r-- 0/0 0 2026-11-23 23:53:02 p", { path: "p", type: "special" }],
    ["-rwsr-xr-x 0/0 5 2026-11-23 23:53:02 su", { mode: 0o4755 }],
    ["Mrw-r--r-- 0/0 5 2026-11-23 23:53:02 rest--Continued at byte 7--", { type: "special" }],
  ])("%s", (line, entry) => {
    expect(entriesOfTar(`${line}\n`)).toMatchObject([entry]);
  });

  test.each([
    ["a line of another shape", "tar: something to say"],
    ["a link whose end cannot be known", "lrwxrwxrwx 0/0 0 2026-11-23 23:53:02 a -> b -> c"],
    ["a mode of other letters", "-rwz------ 0/0 0 2026-11-23 23:53:02 a"],
  ])("is not understood with %s", (_, line) => {
    expect(entriesOfTar(`-rw-r--r-- 0/0 1 2026-11-23 23:53:02 a\n${line}\n`)).toBeUndefined();
  });
});

describe("what zipinfo lists", () => {
  test.each([
    [
      "-rw-r--r--  3.0 unx     1234 tx defN 26-Nov-23 23:53 a b",
      { path: "a b", type: "regular", size: 1234, mode: 0o644 },
    ],
    ["drwxr-xr-x  3.0 unx        0 bx stor 26-Nov-23 23:53 sub/", { path: "sub/", type: "directory" }],
    ["lrwxrwxrwx  3.0 unx        1 bx stor 26-Nov-23 23:53 l", { path: "l", type: "symlink" }],
    ["-rw-a--     2.0 fat       12 b- defN 26-Nov-23 23:53 dos.txt", { path: "dos.txt", mode: 0o644 }],
    ["-rwsr-xr-x  3.0 unx        1 bx stor 26-Nov-23 23:53 su", { mode: 0o4755 }],
    ["crw-r--r--  3.0 unx        0 bx stor 26-Nov-23 23:53 dev", { type: "special" }],
  ])("%s", (line, entry) => {
    expect(entriesOfZip(`${line}\n`)).toMatchObject([entry]);
  });

  test("is not understood with a line of another shape", () => {
    expect(entriesOfZip("Archive:  x.zip\n")).toBeUndefined();
  });
});

test.each([
  ["rwxr-xr-x", 0o755],
  ["rwsr-Sr-t", (0o7745 & ~0o1000) | 0o1000],
  ["---------", 0],
])("%s", (letters, mode) => {
  expect(modeOf(letters).toString(8)).toBe(mode.toString(8));
});
