// The tree that was replaced last, from whose names the next version begins: what it saves, and that nothing in it is
// believed.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DataFolder } from "../../support/data-folder.ts";
import type { DataWish } from "../../support/data-school.ts";
import { hasPrograms } from "../../support/needs.ts";

let folder: DataFolder;
let stick: string;
let wishes: Readonly<Record<string, DataWish>>;

beforeEach(() => {
  folder = new DataFolder();
  const same = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`same/${n}`, `${n}`]));
  stick = folder.write("stick", { ...same, "a/one": "1", "a/two": "2" });
  wishes = { "/srv/books": { supply: { source: { type: "rsync", url: stick } } } };
});

afterEach(() => folder.close());

/** The next version of the source, with one file of new content. */
async function follow(one: string): Promise<void> {
  writeFileSync(join(stick, "a/one"), one);
  folder.aheadMs += 1000;
  expect(await folder.school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/books")).toMatchObject({ "a/one": one, "a/two": "2", "same/0": "0", "same/7": "7" });
}

/** Where it lies, once a version was replaced. */
async function spare(): Promise<string> {
  await folder.school.run(wishes);
  await follow("first");
  const [name = ""] = folder.left();
  expect(name).toMatch(/^\.books-[0-9a-f]{8}\.spare~$/u);
  return join(folder.root, "srv", name);
}

const place = (name: string): string => join(folder.root, "srv/books", name);

describe("the tree that was replaced", () => {
  test("stays as names that the one in place has as well: it takes no room", async () => {
    if (!hasPrograms("rsync")) return;
    const at = await spare();
    expect(existsSync(join(at, "a/one"))).toBe(false);
    expect(statSync(join(at, "a/two")).ino).toBe(statSync(place("a/two")).ino);
    expect(statSync(at).mode & 0o777).toBe(0o700);
  });

  test("becomes the next version; what did not change is not even touched", async () => {
    if (!hasPrograms("rsync")) return;
    const at = await spare();
    const [top, two] = [statSync(at).ino, statSync(place("a/two"))];
    await follow("second");
    expect(statSync(place(".")).ino).toBe(top);
    expect(statSync(place("a/two"))).toMatchObject({ ino: two.ino, ctimeMs: two.ctimeMs, nlink: two.nlink });
    expect(folder.left()).toHaveLength(1);
    expect(await folder.school.run(wishes)).toMatchObject({ changes: 0, problems: [] });
  });

  test("goes when nobody wants the item any more", async () => {
    if (!hasPrograms("rsync")) return;
    await spare();
    expect(await folder.school.run({})).toMatchObject({ changes: 1 });
    expect(folder.left()).toEqual([]);
  });
});

describe("nothing of it is believed:", () => {
  test("a file in it with the size and the time of the right one, and other bytes", async () => {
    if (!hasPrograms("rsync")) return;
    const at = await spare();
    const { atime, mtime } = statSync(join(at, "a/two"));
    unlinkSync(join(at, "a/two"));
    writeFileSync(join(at, "a/two"), "X");
    utimesSync(join(at, "a/two"), atime, mtime);
    await follow("second");
  });

  test("a link in it that leads out, a name that is too many, a folder that became a link", async () => {
    if (!hasPrograms("rsync")) return;
    const at = await spare();
    const outside = folder.write("outside", { two: "mine" });
    rmSync(join(at, "a"), { recursive: true });
    symlinkSync(outside, join(at, "a"));
    symlinkSync("/etc/passwd", join(at, "same/link"));
    linkSync(place("same/1"), join(at, "same/more"));
    await follow("second");
    expect(readdirSync(outside)).toEqual(["two"]);
    expect(readdirSync(place("same"))).toHaveLength(8);
  });

  test("a folder in it that others may write: it is not used at all", async () => {
    if (!hasPrograms("rsync")) return;
    const at = await spare();
    const { birthtimeMs } = statSync(at);
    chmodSync(join(at, "same"), 0o777);
    await follow("second");
    expect(statSync(place(".")).birthtimeMs).not.toBe(birthtimeMs);
  });

  test("a spare of which hardly anything is right", async () => {
    if (!hasPrograms("rsync")) return;
    const at = await spare();
    mkdirSync(join(at, "more"));
    for (let n = 0; n < 30; n++) writeFileSync(join(at, "more", `${n}`), "");
    await follow("second");
    expect(existsSync(place("more"))).toBe(false);
  });

  test("a file in the place of the folder", async () => {
    if (!hasPrograms("rsync")) return;
    const at = await spare();
    rmSync(at, { recursive: true });
    writeFileSync(at, "no folder");
    await follow("second");
  });
});
