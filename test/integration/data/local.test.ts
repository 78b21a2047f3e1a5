// Data from a path on this machine, such as a stick.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { DataFolder } from "../../support/data-folder.ts";
import type { DataWish } from "../../support/data-school.ts";
import { hasPrograms } from "../../support/needs.ts";

let folder: DataFolder;
let stick: string;

beforeEach(() => {
  folder = new DataFolder();
  stick = folder.write("stick", { "a/one": "1", "a/two": "2", list: "list\n" });
});

afterEach(() => folder.close());

function from(url: string, more: Partial<DataWish["supply"]> = {}, shape: DataWish["shape"] = "tree"): DataWish {
  return { shape, supply: { source: { type: "rsync", url }, ...more } };
}

/** Programs that were started, by name. */
function counting(): { started: string[]; machine: DataFolder["machine"] } {
  const started: string[] = [];
  const { machine } = folder;
  const note = (argv: readonly string[]): void => void started.push(argv[0] ?? "");
  return {
    started,
    machine: {
      ...machine,
      query: (argv, options) => (note(argv), machine.query(argv, options)),
      run: (argv, options) => (note(argv), machine.run(argv, options)),
    },
  };
}

test("it is looked at in every run, and copied only when something moved there", async () => {
  if (!hasPrograms("rsync")) return;
  const wishes = { "/srv/books": from(stick), "/srv/list": from(`${stick}/list`, {}, "file") };
  expect(await folder.school.run(wishes)).toMatchObject({ changes: 2, problems: [] });
  // The stamps of the stick are as fresh as its copy until their tick has passed.
  folder.aheadMs = 1000;
  await folder.school.run(wishes);
  const { started, machine } = counting();
  const school = folder.reopened(machine);
  expect(await school.run(wishes)).toMatchObject({ changes: 0, problems: [] });
  expect(new Set(started)).toEqual(new Set(["find"]));
  appendFileSync(join(stick, "a/one"), "!");
  expect(await school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv")).toEqual({
    "books/a/one": "1!",
    "books/a/two": "2",
    "books/list": "list\n",
    list: "list\n",
  });
  expect(await school.run(wishes)).toMatchObject({ changes: 0 });
});

test("a stick that is pulled out is told, and what came from it stays", async () => {
  if (!hasPrograms("rsync")) return;
  const wishes = { "/srv/books": from(stick) };
  await folder.school.run(wishes);
  renameSync(stick, folder.path("pocket"));
  expect(await folder.school.run(wishes)).toMatchObject({ changes: 0, codes: ["data-unreachable"] });
  rmSync(join(folder.root, "srv/books/a"), { recursive: true });
  // Without its source there is nothing to put it right with.
  expect((await folder.school.run(wishes)).codes).toEqual(["data-unreachable", "data-unreachable"]);
  renameSync(folder.path("pocket"), stick);
  expect(await folder.school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
  expect(folder.tree("srv/books")).toMatchObject({ "a/one": "1" });
});

test("what a person made of a tree is kept beside it when it is put right", async () => {
  if (!hasPrograms("rsync")) return;
  const wishes = { "/srv/books": from(stick) };
  await folder.school.run(wishes);
  writeFileSync(join(folder.root, "srv/books/mine"), "mine");
  expect(await folder.school.run(wishes)).toMatchObject({ changes: 1, problems: [] });
  expect(existsSync(join(folder.root, "srv/books/mine"))).toBe(false);
  const [kept = ""] = folder.left();
  expect(folder.tree(`srv/${kept}`)).toMatchObject({ mine: "mine" });
  expect(statSync(join(folder.root, "srv", kept)).mode & 0o777).toBe(0o700);
});

test("a link of the administrator on the way is followed; the versions lie where it leads", async () => {
  if (!hasPrograms("rsync")) return;
  mkdirSync(join(folder.root, "disk"));
  symlinkSync("/disk", join(folder.root, "library"));
  expect((await folder.school.run({ "/library/books": from(stick) })).problems).toEqual([]);
  expect(folder.tree("disk/books")).toMatchObject({ "a/one": "1" });
  expect(folder.left("disk")).toEqual([]);
});

test("a folder in which anybody may exchange what lies there is no place for it", async () => {
  if (!hasPrograms("rsync")) return;
  chmodSync(join(folder.root, "srv"), 0o777);
  const run = await folder.school.run({ "/srv/books": from(stick) });
  expect(run).toMatchObject({ changes: 0, codes: ["data-open-folder", "data-unavailable"] });
});

test("a link in place of the item is not touched", async () => {
  if (!hasPrograms("rsync")) return;
  symlinkSync("/etc", join(folder.root, "srv/books"));
  const run = await folder.school.run({ "/srv/books": from(stick) });
  expect(run).toMatchObject({ changes: 0, codes: expect.arrayContaining(["data-obstacle"]) });
});
