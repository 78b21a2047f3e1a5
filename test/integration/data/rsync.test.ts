// Trees and files from a real rsync daemon: only what changed is moved, and only as often as the source deserves.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  appendFileSync,
  chmodSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DataFolder } from "../../support/data-folder.ts";
import type { DataWish } from "../../support/data-school.ts";
import { endless } from "../../support/data-web.ts";
import { hasPrograms } from "../../support/needs.ts";
import { openRsyncDaemon, type RsyncDaemon } from "../../support/rsync-daemon.ts";

const MIB = 1024 * 1024;
let folder: DataFolder;
let daemon: RsyncDaemon | undefined;

beforeEach(() => {
  folder = new DataFolder();
});

afterEach(async () => {
  await daemon?.close();
  daemon = undefined;
  folder.close();
});

async function serve(files: Readonly<Record<string, string | Buffer>>): Promise<{ at: string; url: string }> {
  const at = folder.write("source", files);
  daemon = await openRsyncDaemon(folder.path("daemon"), at);
  return { at, url: daemon.url };
}

function from(url: string, more: Partial<DataWish> = {}): DataWish {
  const { supply, ...rest } = more;
  return { ...rest, supply: { source: { type: "rsync", url }, ...supply } };
}

const BOOKS = { "a/one": "1", "a/two": "2", "b/three": "3" };

test("a tree comes whole, is calm the second time, and follows its source", async () => {
  if (!hasPrograms("rsync")) return;
  const { at, url } = await serve(BOOKS);
  const wishes = { "/srv/books": from(url) };
  expect(await folder.school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/books")).toEqual(BOOKS);
  expect(await folder.school.run(wishes, { now: true })).toMatchObject({ changes: 0, problems: [] });
  rmSync(join(at, "a/one"));
  writeFileSync(join(at, "b/four"), "4");
  const ino = statSync(`${folder.root}/srv/books/a/two`).ino;
  expect(await folder.school.run(wishes, { now: true })).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/books")).toEqual({ "a/two": "2", "b/three": "3", "b/four": "4" });
  // What did not change was not written again.
  expect(statSync(`${folder.root}/srv/books/a/two`).ino).toBe(ino);
  expect(folder.left()).toEqual([expect.stringMatching(/\.spare~$/u)]);
});

test("1 % of change in a list moves less than 10 % of its bytes", async () => {
  if (!hasPrograms("rsync")) return;
  const list = endless(20 * MIB).slice(0, 20 * MIB);
  const { at, url } = await serve({ list });
  const wishes = { "/srv/list": from(`${url}/list`, { shape: "file" }) };
  expect(await folder.school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
  const first = daemon!.sent();
  // Bytes come, go and change all over it.
  const lines = Array.from({ length: 20 }, (_, n) =>
    Buffer.concat([list.subarray(n * MIB, (n + 1) * MIB - 10_000), Buffer.alloc(9_000, n)]),
  );
  writeFileSync(join(at, "list"), Buffer.concat(lines));
  utimesSync(join(at, "list"), 1, 1);
  expect(await folder.school.run(wishes, { now: true })).toMatchObject({ changes: 1, problems: [] });
  expect(readFileSync(`${folder.root}/srv/list`).equals(readFileSync(join(at, "list")))).toBe(true);
  await daemon!.close();
  expect(daemon!.sent() - first).toBeLessThan(2 * MIB);
});

test("a source elsewhere is asked every quarter of an hour, or when a person wants it", async () => {
  if (!hasPrograms("rsync")) return;
  const { at, url } = await serve(BOOKS);
  const wishes = { "/srv/books": from(url) };
  await folder.school.run(wishes);
  writeFileSync(join(at, "new"), "n");
  for (const [aheadMs, changes] of [
    [14 * 60_000, 0],
    [16 * 60_000, 1],
  ] as const) {
    folder.aheadMs = aheadMs;
    expect(await folder.school.run(wishes)).toMatchObject({ changes, problems: [] });
  }
  writeFileSync(join(at, "newer"), "n");
  expect(await folder.school.run(wishes, { ask: false, now: true })).toMatchObject({ changes: 0 });
  expect(await folder.school.run(wishes, { now: true })).toMatchObject({ changes: 1 });
});

test("by a clock that went back it is asked", async () => {
  if (!hasPrograms("rsync")) return;
  const { at, url } = await serve(BOOKS);
  const wishes = { "/srv/books": from(url) };
  await folder.school.run(wishes);
  writeFileSync(join(at, "new"), "n");
  folder.aheadMs = -365 * 24 * 3_600_000;
  expect(await folder.school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
});

describe("a source that is gone", () => {
  test("is told; what is here stays, and is told as stale in time", async () => {
    if (!hasPrograms("rsync")) return;
    const { url } = await serve(BOOKS);
    const wishes = { "/srv/books": from(url, { supply: { maxAgeMs: 3_600_000 } as DataWish["supply"] }) };
    await folder.school.run(wishes);
    await daemon!.close();
    expect(await folder.school.run(wishes, { now: true })).toMatchObject({ changes: 0, codes: ["data-unreachable"] });
    folder.aheadMs = 2 * 3_600_000;
    expect(await folder.school.run(wishes)).toMatchObject({ changes: 0, codes: ["data-unreachable", "stale-data"] });
    expect(folder.tree("srv/books")).toEqual(BOOKS);
  });

  test("before anything came, holds the item back and says so", async () => {
    if (!hasPrograms("rsync")) return;
    const { url } = await serve(BOOKS);
    await daemon!.close();
    const run = await folder.school.run({ "/srv/books": from(url) });
    expect(run).toMatchObject({ changes: 0, codes: ["data-unreachable", "data-unavailable"] });
    expect(run.problems[0]).toMatchObject({ where: { file: "/srv/books" } });
    expect(folder.tree("srv")).toEqual({});
  });

  test("brings an item that was spoiled here back as soon as it answers", async () => {
    if (!hasPrograms("rsync")) return;
    const { at, url } = await serve(BOOKS);
    const wishes = { "/srv/books": from(url) };
    await folder.school.run(wishes);
    // The same size under the same time: only its content tells.
    const spoiled = join(folder.root, "srv/books/a/one");
    const { mtime } = statSync(join(at, "a/one"));
    writeFileSync(spoiled, "X");
    utimesSync(spoiled, mtime, mtime);
    expect(await folder.school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
    expect(folder.tree("srv/books")).toEqual(BOOKS);
    expect(await folder.school.run(wishes, { now: true })).toMatchObject({ changes: 0 });
  });
});

test.each<[string, (at: string) => void]>([
  ["a link out of it", (at) => symlinkSync("/etc", join(at, "etc"))],
  ["a link above it", (at) => symlinkSync("../../x", join(at, "a/up"))],
])("%s is not taken, and the version before stays", async (_, spoil) => {
  if (!hasPrograms("rsync")) return;
  const { at, url } = await serve(BOOKS);
  const wishes = { "/srv/books": from(url) };
  await folder.school.run(wishes);
  spoil(at);
  const run = await folder.school.run(wishes, { now: true });
  expect(run).toMatchObject({ changes: 0, codes: ["data-refused-content"] });
  expect(folder.tree("srv/books")).toEqual(BOOKS);
});

test("a set-user-id bit does not come along", async () => {
  if (!hasPrograms("rsync")) return;
  const { at, url } = await serve(BOOKS);
  chmodSync(join(at, "a/one"), 0o6755);
  expect((await folder.school.run({ "/srv/books": from(url) })).problems).toEqual([]);
  expect(statSync(`${folder.root}/srv/books/a/one`).mode & 0o7777).toBe(0o755);
});

test("more than it may have is refused before it comes", async () => {
  if (!hasPrograms("rsync")) return;
  const { at, url } = await serve(BOOKS);
  const wishes = { "/srv/books": from(url, { supply: { maxBytes: 1000 } as DataWish["supply"] }) };
  expect((await folder.school.run(wishes)).codes).toEqual([]);
  appendFileSync(join(at, "a/one"), "x".repeat(2000));
  expect(await folder.school.run(wishes, { now: true })).toMatchObject({ changes: 0, codes: ["data-too-large"] });
});

test("a folder where one file is wanted is told", async () => {
  if (!hasPrograms("rsync")) return;
  const { url } = await serve(BOOKS);
  const run = await folder.school.run({ "/srv/list": from(`${url}/a`, { shape: "file" }) });
  expect(run).toMatchObject({ changes: 0, codes: ["data-shape", "data-unavailable"] });
});
