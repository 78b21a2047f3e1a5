// The watch over real files, directories and repositories.
import { execFileSync } from "node:child_process";
import { appendFile, mkdir, mkdtemp, readFile, readdir, rename, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { startWatch } from "../../../reconciler/triggers/watch.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Watch, WatchOptions } from "../../../reconciler/triggers/watch.ts";

let root: string;
let watch: Watch | undefined;
let wishes: string[];
let problems: Problem[];
let wake: () => void;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "watch-"));
  wishes = [];
  problems = [];
  wake = () => undefined;
});
afterEach(async () => {
  await watch?.close();
  await rm(root, { recursive: true });
});

async function begin(files: string[], more: Partial<WatchOptions> = {}): Promise<void> {
  watch = await startWatch({
    files: files.map((file) => join(root, file)),
    want: (trigger, because) => {
      wishes.push(`${trigger}: ${because.replaceAll(`${root}/`, "/")}`);
      wake();
    },
    tell: (problem) => {
      problems.push(problem);
      wake();
    },
    quietMs: 50,
    ...more,
  });
}

/** Resolves when the condition holds; it is looked at after every wish and problem. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise<void>((resolve) => (wake = resolve));
}

async function put(file: string, text = "x"): Promise<void> {
  await mkdir(dirname(join(root, file)), { recursive: true });
  await writeFile(join(root, file), text);
}

/** Makes a change that is certainly noticed, and checks that nothing before it was. */
async function onlyHears(sentinel: string): Promise<void> {
  const before = wishes.length;
  await appendFile(join(root, sentinel), "more");
  await until(() => wishes.length > before);
  expect(wishes.slice(before)).toEqual([`change: /${sentinel} changed`]);
}

describe("the watch", () => {
  const changes: [title: string, change: () => Promise<void>][] = [
    ["that is edited in place", () => appendFile(join(root, "etc/motd"), "more")],
    ["that is removed", () => unlink(join(root, "etc/motd"))],
    [
      "that is replaced by rename, as editors do",
      async () => {
        await put("etc/motd.new", "other");
        await rename(join(root, "etc/motd.new"), join(root, "etc/motd"));
      },
    ],
  ];
  test.each(changes)("asks for a cycle after a managed file %s", async (_title, change) => {
    await put("etc/motd");
    await begin(["etc/motd"]);
    await change();
    await until(() => wishes.length > 0);
    expect(wishes).toEqual(["change: /etc/motd changed"]);
  });

  test("notices a managed file that was not there, and a second change of it", async () => {
    await put("etc/other");
    await begin(["etc/motd"]);
    await put("etc/motd");
    await until(() => wishes.length === 1);
    await put("etc/motd", "again");
    await until(() => wishes.length === 2);
    expect(new Set(wishes)).toEqual(new Set(["change: /etc/motd changed"]));
  });

  test("makes one wish of many changes", async () => {
    const files = Array.from({ length: 20 }, (_, n) => `etc/conf.d/${String(n)}`);
    for (const file of files) await put(file);
    await begin(files);
    for (const file of files) await put(file, "changed");
    await until(() => wishes.length > 0);
    expect(wishes).toEqual([expect.stringMatching(/^change: \/etc\/conf\.d\/\d+ changed, and 19 more$/)]);
  });

  test("does not care for files that nobody manages, nor for our own temporary ones", async () => {
    await put("etc/motd");
    await begin(["etc/motd", "etc/.reconciler-1a2b~"]);
    await put("etc/passwd");
    await put("etc/.reconciler-1a2b~");
    await put("etc/sub/file");
    await onlyHears("etc/motd");
  });

  test("lets the caller drop the echo of its own writing", async () => {
    await put("etc/motd");
    await put("etc/ours");
    await begin(["etc/motd", "etc/ours"], { isOurs: (path) => path === join(root, "etc/ours") });
    await put("etc/ours", "written by us");
    await onlyHears("etc/motd");
  });

  test("follows the managed files when they change, without leaking watchers", async () => {
    for (const file of ["a/one", "b/two", "c/three"]) await put(file);
    await begin(["a/one"]);
    const handles = await countWatches();
    for (let round = 0; round < 5; round++) {
      await watch?.update([join(root, "b/two")]);
      await watch?.update([join(root, "c/three")]);
    }
    expect(await countWatches()).toBe(handles);
    await put("a/one", "nobody cares any more");
    await onlyHears("c/three");
    await watch?.close();
    expect(await countWatches()).toBe(0);
  });

  test("finds a directory that was made after it began", async () => {
    await begin(["srv/new/file"]);
    await put("srv/new/file");
    await watch?.update([join(root, "srv/new/file")]);
    await onlyHears("srv/new/file");
  });

  test("watches at most 500 directories and says so once", async () => {
    const files = Array.from({ length: 502 }, (_, n) => `many/${String(n).padStart(3, "0")}/file`);
    for (const file of files) await put(file);
    await begin(files);
    await watch?.update(files.map((file) => join(root, file)));
    expect(problems.map((problem) => problem.what)).toEqual([
      "500 directories are watched for changes, and 2 more are too many",
    ]);
    await put("many/501/file", "not watched");
    await onlyHears("many/499/file");
  });

  test("tells one problem and goes quiet when the kernel gives no more watches", async () => {
    let fail: (error: unknown) => void = () => undefined;
    let closed = 0;
    const close = async () => {
      closed++;
    };
    await put("etc/motd");
    await begin(["etc/motd"], { open: async (_watched, _change, error) => ((fail = error), { close }) });
    for (let n = 0; n < 3; n++) fail(Object.assign(new Error("ENOSPC: System limit reached"), { code: "ENOSPC" }));
    await watch?.update([join(root, "other")]);
    expect(problems).toEqual([expect.objectContaining({ code: "watch-failed" })]);
    expect(problems[0]?.hint).toMatch(/max_user_watches/);
    expect(closed).toBe(1);
  });
});

describe("the watch over a repository on this machine", () => {
  test.each([
    ["with a work tree", []],
    ["bare, when somebody pushes", ["--bare"]],
  ])("%s asks for a cycle after a commit", async (_title, how) => {
    const repository = join(root, "fleet.git");
    git(root, "init", "-q", "-b", "main", ...how, repository);
    await begin([], { repository });
    const work = how.length === 0 ? repository : join(root, "work");
    if (how.length > 0) git(root, "clone", "-q", repository, work);
    git(work, "commit", "-q", "--allow-empty", "-m", "first");
    if (how.length > 0) git(work, "push", "-q", "origin", "HEAD:main");
    await until(() => wishes.length > 0);
    const before = wishes.length;
    git(repository, "pack-refs", "--all");
    await until(() => wishes.length > before);
    expect(new Set(wishes)).toEqual(new Set(["change: the repository moved"]));
  });
});

/** How many directories and files the kernel watches for this process. */
async function countWatches(): Promise<number> {
  const numbers = await readdir("/proc/self/fdinfo");
  const texts = await Promise.all(numbers.map((n) => readFile(`/proc/self/fdinfo/${n}`, "utf8").catch(() => "")));
  return texts.join("").split("inotify wd:").length - 1;
}

function git(folder: string, ...words: string[]): void {
  const who = { NAME: "Fleet", EMAIL: "fleet@school.example" };
  const env = {
    PATH: process.env["PATH"],
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: who.NAME,
    GIT_AUTHOR_EMAIL: who.EMAIL,
    GIT_COMMITTER_NAME: who.NAME,
    GIT_COMMITTER_EMAIL: who.EMAIL,
  };
  execFileSync("git", words, { cwd: folder, env });
}
