// Files from a web server that behaves as such servers do at the end of a bad line.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { statSync } from "node:fs";
import { FileError } from "../../../reconciler/machine/machine.ts";
import { bytesOf, DataWeb, endless } from "../../support/data-web.ts";
import { DataFolder } from "../../support/data-folder.ts";
import type { DataWish } from "../../support/data-school.ts";

const MIB = 1024 * 1024;
let folder: DataFolder;
let web: DataWeb | undefined;

beforeEach(() => {
  folder = new DataFolder();
});

afterEach(async () => {
  await web?.close();
  web = undefined;
  folder.close();
});

function from(server: DataWeb, more: Partial<DataWish["supply"]> = {}, path = "/file"): DataWish {
  const { size } = server.content;
  const digest = server.content.digest();
  return {
    shape: "file",
    digest,
    size,
    supply: { source: { type: "http", url: server.url(path), digest, size }, ...more },
  };
}

test("200 MiB arrive whole from a server that drops every 8 MiB, with at most 1.2 times their bytes", async () => {
  web = await new DataWeb(endless(200 * MIB), { dropEvery: 8 * MIB, etag: '"v1"' }).open();
  const wish = from(web);
  expect(await folder.school.run({ "/srv/list": wish })).toMatchObject({ changes: 1, problems: [] });
  expect(await folder.machine.files.digest("/srv/list")).toBe(wish.digest);
  expect(web.sent).toBeLessThanOrEqual(1.2 * 200 * MIB);
  expect(web.requests.length).toBeGreaterThanOrEqual(25);
  expect(folder.left()).toEqual([]);
  expect(await folder.school.run({ "/srv/list": wish })).toMatchObject({ changes: 0, problems: [] });
  expect(await folder.school.run({ "/srv/list": wish })).toMatchObject({ changes: 0, problems: [] });
});

test("what has come before the program ended is not asked for again", async () => {
  web = await new DataWeb(endless(40 * MIB), {
    dropEvery: 30 * MIB,
    etag: '"v1"',
    instead: (n) => (n === 1 ? { status: 404 } : undefined),
  }).open();
  const wish = from(web);
  expect((await folder.school.run({ "/srv/list": wish })).codes).toEqual(["data-refused"]);
  expect(folder.left()).toHaveLength(1);
  expect((await folder.reopened().run({ "/srv/list": wish })).problems).toEqual([]);
  expect(await folder.machine.files.digest("/srv/list")).toBe(wish.digest);
  expect(web.sent).toBeLessThanOrEqual(44 * MIB);
});

test("an unreachable server holds back its item alone; what is here stays", async () => {
  web = await new DataWeb(bytesOf("one")).open();
  const good = { "/srv/good": from(web) };
  const dead = await new DataWeb(bytesOf("two"), { instead: () => ({ status: 403 }) }).open();
  try {
    const run = await folder.school.run({ "/srv/bad": from(dead), ...good });
    expect(run).toMatchObject({ changes: 1, codes: ["data-refused"] });
  } finally {
    await dead.close();
  }
  expect(folder.tree("srv")).toEqual({ good: "one" });
});

test("a new version takes the place of the old in one step, and the old one is kept as told", async () => {
  web = await new DataWeb(bytesOf("one")).open();
  await folder.school.run({ "/srv/list": { ...from(web, { keepVersions: 1 }), mode: 0o640 } });
  expect(statSync(`${folder.root}/srv/list`).mode & 0o7777).toBe(0o640);
  const first = from(web, { keepVersions: 1 });
  for (const text of ["two", "three"]) {
    web.content = bytesOf(text);
    expect(await folder.school.run({ "/srv/list": from(web, { keepVersions: 1 }) })).toMatchObject({
      changes: 1,
      problems: [],
    });
    expect(folder.read("srv/list")).toBe(text);
    expect(folder.left()).toHaveLength(1);
  }
  // Back to the one before needs no server; back to the first does.
  web.content = bytesOf("two");
  const asked = web.requests.length;
  await folder.school.run({ "/srv/list": from(web, { keepVersions: 1 }) });
  expect([folder.read("srv/list"), web.requests.length]).toEqual(["two", asked]);
  web.content = bytesOf("one");
  await folder.school.run({ "/srv/list": first });
  expect([folder.read("srv/list"), web.requests.length]).toEqual(["one", asked + 1]);
});

test("a verdict against it brings the old one back, and the new one need not come again", async () => {
  web = await new DataWeb(bytesOf("one")).open();
  await folder.school.run({ "/srv/list": from(web) });
  web.content = bytesOf("two");
  expect((await folder.school.run({ "/srv/list": from(web) }, { verdict: "back" })).problems).toEqual([]);
  expect(folder.read("srv/list")).toBe("one");
  const asked = web.requests.length;
  await folder.school.run({ "/srv/list": from(web) });
  expect([folder.read("srv/list"), web.requests.length]).toEqual(["two", asked]);
  expect(folder.left()).toEqual([]);
});

test("what is not wanted any more goes, with all that was kept of it", async () => {
  web = await new DataWeb(bytesOf("one")).open();
  await folder.school.run({ "/srv/list": from(web, { keepVersions: 3 }) });
  web.content = bytesOf("two");
  await folder.school.run({ "/srv/list": from(web, { keepVersions: 3 }) });
  expect(folder.left()).toHaveLength(1);
  expect((await folder.school.run({})).problems).toEqual([]);
  expect(folder.tree("srv")).toEqual({});
});

test("content that git named long ago is told as stale, but not by a clock that went back", async () => {
  web = await new DataWeb(bytesOf("one")).open();
  const wish = from(web, { maxAgeMs: 3_600_000 });
  const { ages, codes } = await folder.school.run({ "/srv/list": wish });
  expect(codes).toEqual([]);
  expect(ages).toEqual([{ id: "data:/srv/list", answeredAt: expect.any(Number), maxAgeMs: 3_600_000 }]);
  folder.aheadMs = 3_700_000;
  expect(await folder.school.run({ "/srv/list": wish })).toMatchObject({ codes: ["stale-data"], ages });
  folder.aheadMs = -3_700_000;
  expect((await folder.school.run({ "/srv/list": wish })).codes).toEqual([]);
  expect(folder.read("srv/list")).toBe("one");
});

test("a folder that the same run makes is no reason to wait: the content waits above", async () => {
  web = await new DataWeb(bytesOf("one")).open();
  const wish = { "/srv/new/sub/list": from(web) };
  const { machine } = folder;
  const made: string[] = [];
  // The kind of files makes the folders after data was prepared and before it is switched.
  const rename = machine.files.rename.bind(machine.files);
  machine.files.rename = (old, next) => {
    if (next === "/srv/new/sub/list") {
      for (const at of ["/srv/new", "/srv/new/sub"]) {
        if (machine.files.stat(at) === undefined) machine.files.makeDirectory(at, { mode: 0o755 });
        made.push(at);
      }
    }
    rename(old, next);
  };
  expect((await folder.school.run(wish, { verdict: "back" })).problems).toEqual([]);
  // Nothing of it is left in the new folders, so that they can be taken away again.
  expect(made).not.toEqual([]);
  machine.files.removeDirectory("/srv/new/sub");
  machine.files.removeDirectory("/srv/new");
  const asked = web.requests.length;
  expect((await folder.school.run(wish)).problems).toEqual([]);
  expect([folder.read("srv/new/sub/list"), web.requests.length]).toEqual(["one", asked]);
  expect(folder.left()).toEqual([]);
});

test("what is not what git names is not downloaded again in every run, but when it is named anew or time has passed", async () => {
  web = await new DataWeb(bytesOf("tampered")).open();
  const digest = bytesOf("right!").digest();
  const wish: DataWish = { shape: "file", digest, supply: { source: { type: "http", url: web.url(), digest } } };
  const codes = async (): Promise<readonly string[]> => (await folder.school.run({ "/srv/list": wish })).codes;
  expect([await codes(), await codes(), web.requests.length]).toEqual([["data-digest"], ["data-digest"], 1]);
  folder.aheadMs = 7 * 3_600_000;
  expect([await codes(), web.requests.length]).toEqual([["data-digest"], 2]);
  expect((await folder.school.run({ "/srv/list": from(web) })).problems).toEqual([]);
  web.content = bytesOf("right!");
  folder.aheadMs = 14 * 3_600_000;
  expect([await codes(), folder.read("srv/list")]).toEqual([[], "right!"]);
});

test("a disk that is full is told and not left full", async () => {
  web = await new DataWeb(endless(2 * MIB)).open();
  const { machine } = folder;
  const space = machine.files.space.bind(machine.files);
  machine.files.space = (path) => ({ ...space(path), bytes: 1000 });
  const append = machine.files.append.bind(machine.files);
  machine.files.append = async (path) => {
    throw new FileError("ENOSPC", "append", path);
  };
  expect((await folder.school.run({ "/srv/list": from(web) })).codes).toEqual(["file-enospc"]);
  expect(folder.left()).toEqual([]);
  Object.assign(machine.files, { space, append });
  expect((await folder.school.run({ "/srv/list": from(web) })).codes).toEqual([]);
});
