import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { LIMITS, readRoot, type Limits } from "../../../mace/walk.ts";
import { writeTree } from "./program.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mace-walk-"));
  writeTree(folder, { "0100.base/sysctl.d/10.conf": "a = 1\n", "0100.base/sysctl.d/20.conf": "" });
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function faults(limits: Partial<Limits> = {}): Promise<string[]> {
  const root = await readRoot("school", folder, { ...LIMITS, ...limits });
  return root.ok ? [] : root.problems.map(({ where, what }) => `${where?.file ?? ""} ${what}`);
}

test("every file is read by its path below the folder", async () => {
  const root = await readRoot("school", folder);
  expect(root.ok && [...root.value.files].map(([path, bytes]) => [path, bytes.toString()])).toEqual([
    ["0100.base/sysctl.d/10.conf", "a = 1\n"],
    ["0100.base/sysctl.d/20.conf", ""],
  ]);
});

test("dot directories and leftovers are not read but named; below files.d a dot directory is wanted", async () => {
  writeTree(folder, { ".git/config": "x", "a/b.conf~": "x", "files.d/root/.ssh/authorized_keys/10.conf": "key\n" });
  const root = await readRoot("school", folder);
  expect(root.ok && root.value.skipped).toEqual([".git", "a/b.conf~"]);
  expect(root.ok && root.value.files.has("files.d/root/.ssh/authorized_keys/10.conf")).toBe(true);
});

test("a link within the folder is followed, one that leaves it is refused, one that goes round too", async () => {
  symlinkSync("0100.base", join(folder, "0200.same"));
  const root = await readRoot("school", folder);
  expect(root.ok && root.value.files.has("0200.same/sysctl.d/10.conf")).toBe(true);
  symlinkSync("/etc/passwd", join(folder, "passwd"));
  symlinkSync("/etc", join(folder, "etc"));
  symlinkSync("..", join(folder, "0100.base/round"));
  symlinkSync("nowhere", join(folder, "lost"));
  expect(await faults()).toEqual([
    "school/0100.base/round is a link to a folder that it lies in",
    "school/0200.same/round is a link to a folder that it lies in",
    "school/etc is a link that leads out of its root",
    "school/lost is a link that leads nowhere",
    "school/passwd is a link that leads out of its root",
  ]);
});

test("pipes and names with control characters are refused", async () => {
  execFileSync("mkfifo", [join(folder, "pipe")]);
  writeFileSync(join(folder, "a\u001b[31m.conf"), "x");
  expect(await faults()).toEqual([
    "school/a\u001b[31m.conf has a name with control characters, or one that is not UTF-8",
    "school/pipe is neither a file nor a folder",
  ]);
});

test.each([
  [{ fileBytes: 5 }, "school/0100.base/sysctl.d/10.conf is larger than 5 bytes"],
  [{ totalBytes: 5 }, "school/0100.base/sysctl.d/10.conf makes the whole root larger than 5 bytes"],
  [{ entries: 3 }, "school/0100.base/sysctl.d is part of a tree of more than 3 files"],
])("a tree beyond the limits %j is refused", async (limits, fault) => {
  expect(await faults(limits)).toEqual([fault]);
});

test("what is no folder is refused", async () => {
  expect(await readRoot("school", join(folder, "none"))).toMatchObject({ problems: [{ code: "no-such-root" }] });
});
