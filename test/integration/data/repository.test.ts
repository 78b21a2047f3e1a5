// Data that lies in the repository: its bytes are at hand, and what did not change is not written again.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { createHash } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import type { DataEntry } from "../../../reconciler/model/target.ts";
import { digestOfListing, sizeOfListing } from "../../../reconciler/resources/data/listing.ts";
import { DataFolder } from "../../support/data-folder.ts";
import type { DataWish, RunOptions } from "../../support/data-school.ts";

let folder: DataFolder;

beforeEach(() => {
  folder = new DataFolder();
});

afterEach(() => folder.close());

function fromRepository(files: Readonly<Record<string, string>>, more: Partial<DataWish["supply"]> = {}) {
  const contents = new Map<string, Buffer>();
  const listing: DataEntry[] = [];
  for (const [path, text] of Object.entries(files)) {
    for (const { index } of path.matchAll(/\//gu)) {
      const above = path.slice(0, index);
      if (!listing.some((each) => each.path === above)) listing.push({ path: above, type: "directory", mode: 0o755 });
    }
    const bytes = Buffer.from(text);
    const digest = createHash("sha256").update(bytes).digest("hex");
    contents.set(digest, bytes);
    if (text.startsWith("-> ")) listing.push({ path, type: "symlink", mode: 0o777, target: text.slice(3) });
    else
      listing.push({ path, type: "regular", mode: path.endsWith(".sh") ? 0o755 : 0o644, digest, size: bytes.length });
  }
  const shape = listing.length === 1 && listing[0]!.path === "" ? ("file" as const) : ("tree" as const);
  const supply = { source: { type: "repository", path: "data/x", listing }, ...more } as const;
  const wish: DataWish = { shape, digest: digestOfListing(listing), size: sizeOfListing(listing), supply };
  return { wishes: { "/srv/x": wish }, contents };
}

async function run({ wishes, contents }: ReturnType<typeof fromRepository>, options: RunOptions = {}) {
  return folder.school.run(wishes, { ...options, contents });
}

const FIRST = { "index.html": "hello", "a/run.sh": "#!/bin/sh\n", "a/b/c": "deep", link: "-> a/b/c" };

test("a tree is put there whole, with its modes and links, and is calm the second time", async () => {
  expect(await run(fromRepository(FIRST))).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/x")).toEqual(FIRST);
  expect(statSync(join(folder.root, "srv/x/a/run.sh")).mode & 0o7777).toBe(0o755);
  expect(await run(fromRepository(FIRST))).toMatchObject({ changes: 0, problems: [] });
  expect(folder.left()).toEqual([]);
});

test("what did not change is the same file afterwards", async () => {
  await run(fromRepository(FIRST));
  const ino = statSync(join(folder.root, "srv/x/a/b/c")).ino;
  const next = { ...FIRST, "index.html": "bye", new: "n" };
  expect(await run(fromRepository(next))).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/x")).toEqual(next);
  expect(statSync(join(folder.root, "srv/x/a/b/c")).ino).toBe(ino);
  expect(await run(fromRepository(next))).toMatchObject({ changes: 0 });
});

test("what was edited in place is written again, not linked", async () => {
  await run(fromRepository(FIRST));
  folder.write("root/srv/x", { "a/b/c": "mine" });
  expect(await run(fromRepository({ ...FIRST, new: "n" }))).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/x")).toEqual({ ...FIRST, new: "n" });
});

test("one file becomes a folder and a file again, forwards and back", async () => {
  const [file, tree] = [fromRepository({ "": "one file" }), fromRepository(FIRST)];
  await run(file);
  expect(folder.tree("srv")).toEqual({ x: "one file" });
  expect((await run(tree, { verdict: "back" })).problems).toEqual([]);
  expect(folder.tree("srv")).toMatchObject({ x: "one file" });
  expect(await run(tree)).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/x")).toEqual(FIRST);
  expect((await run(file, { verdict: "back" })).problems).toEqual([]);
  expect(folder.tree("srv/x")).toEqual(FIRST);
  expect(await run(file)).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv")).toEqual({ x: "one file" });
});

test("only another mode of the item is only another mode, there and back", async () => {
  const { wishes, contents } = fromRepository(FIRST);
  await run({ wishes, contents });
  const closed = { "/srv/x": { ...wishes["/srv/x"], mode: 0o700 } };
  const mode = (): number => statSync(join(folder.root, "srv/x")).mode & 0o7777;
  await folder.school.run(closed, { contents, verdict: "back" });
  expect(mode()).toBe(0o755);
  expect(await folder.school.run(closed, { contents })).toMatchObject({ changes: 1, problems: [] });
  expect(mode()).toBe(0o700);
});

test("what is taken away comes back when the verdict is against it", async () => {
  await run(fromRepository(FIRST));
  expect((await folder.school.run({}, { verdict: "back" })).problems).toEqual([]);
  expect(folder.tree("srv/x")).toEqual(FIRST);
});

test("what somebody put there meanwhile is left in place and told", async () => {
  const { wishes, contents } = fromRepository(FIRST);
  await folder.school.run(wishes, { contents });
  await folder.school.run({});
  const steps = folder.school.steps;
  expect(steps).toHaveLength(1);
  await folder.school.run(wishes, { contents });
  folder.write("root/srv/x", { mine: "mine" });
  expect((await folder.school.walkBack()).map(({ code }) => code)).toEqual(["left-in-place"]);
  expect(folder.tree("srv/x")).toMatchObject({ mine: "mine" });
});
