// A tree from a folder of this machine, followed from version to version: only what differs is copied, and rsync is left
// in peace until it is needed.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { FileError, type Machine } from "../../../reconciler/machine/machine.ts";
import { knowAgain } from "../../../reconciler/resources/data/adopt.ts";
import { DataFolder } from "../../support/data-folder.ts";
import type { DataSchool } from "../../support/data-school.ts";
import { hasPrograms, isRoot } from "../../support/needs.ts";

let folder: DataFolder;
let source: string;
let started: string[];
let school: DataSchool;

beforeEach(async () => {
  folder = new DataFolder();
  const same = Object.fromEntries(Array.from({ length: 8 }, (_, n) => [`same/${n}`, `${n}`]));
  source = folder.write("source", { ...same, "a/one": "1", "a/two": "2", "a/b/three": "3" });
  fs.symlinkSync("one", join(source, "a/link"));
  started = [];
  school = folder.reopened(noting(folder.machine));
});

afterEach(() => folder.close());

const wishes = (): Parameters<DataSchool["run"]>[0] => ({
  "/srv/books": { supply: { source: { type: "rsync", url: source } } },
});

function noting(machine: Machine): Machine {
  const note = (argv: readonly string[]): void => void started.push(argv[0] ?? "");
  return { ...machine, run: (argv, options) => (note(argv), machine.run(argv, options)) };
}

/** Type, mode, time and content by path, as a program that knows nothing of us sees them. */
function look(top: string): string {
  const fields = "%P %y %m %l";
  const all = execFileSync("find", [top, "-mindepth", "1", "-printf", `${fields}\\n`]).toString();
  const times = execFileSync("find", [top, "-type", "f", "-printf", "%P %.26T+\\n"]).toString();
  const content = execFileSync("find", [".", "-type", "f", "-exec", "sha256sum", "{}", "+"], { cwd: top }).toString();
  return [all, times, content].map((text) => text.split("\n").sort().join("\n")).join("\n\n");
}

async function follow(): Promise<void> {
  folder.aheadMs += 1000;
  started.length = 0;
  expect(await school.run(wishes())).toMatchObject({ changes: 1, problems: [] });
  expect(look(join(folder.root, "srv/books"))).toBe(look(source));
}

const MOVES: Readonly<Record<string, (at: (name: string) => string) => void>> = {
  "a file with other bytes": (at) => fs.writeFileSync(at("a/one"), "other"),
  "a file with other bytes, as many, of the same second": (at) => {
    const { atimeMs, mtimeMs } = fs.statSync(at("a/one"));
    fs.writeFileSync(at("a/one"), "x");
    fs.utimesSync(at("a/one"), atimeMs / 1000, (mtimeMs + 1) / 1000);
  },
  "a file with another mode": (at) => fs.chmodSync(at("a/one"), 0o600),
  "a file that is new": (at) => fs.writeFileSync(at("a/new"), "new"),
  "a file that is empty": (at) => fs.writeFileSync(at("a/empty"), ""),
  "a file larger than is read at once": (at) =>
    fs.writeFileSync(at("a/large"), Buffer.alloc(3 * 1024 * 1024 + 7, "ab")),
  "a file that is gone": (at) => fs.unlinkSync(at("a/one")),
  "names that look like something else": (at) => {
    for (const name of ["#one", ";two", "- three", "four\nfive", "-rf", "*"]) fs.writeFileSync(at(`a/${name}`), name);
  },
  "a folder that is new, with what nobody may write in": (at) => {
    fs.mkdirSync(at("new/deep"), { recursive: true });
    fs.writeFileSync(at("new/deep/file"), "1");
    fs.chmodSync(at("new/deep"), 0o555);
  },
  "a folder that is empty": (at) => fs.mkdirSync(at("empty")),
  "a folder with another mode": (at) => fs.chmodSync(at("a"), 0o711),
  "a folder that is gone, with all in it": (at) => fs.rmSync(at("a"), { recursive: true }),
  "a file where a folder was": (at) => {
    fs.rmSync(at("a/b"), { recursive: true });
    fs.writeFileSync(at("a/b"), "file");
  },
  "a folder where a file was": (at) => {
    fs.unlinkSync(at("a/one"));
    fs.mkdirSync(at("a/one"));
    fs.writeFileSync(at("a/one/inside"), "1");
  },
  "a link to something else": (at) => {
    fs.unlinkSync(at("a/link"));
    fs.symlinkSync("two", at("a/link"));
  },
  "a link where a file was, and the other way round": (at) => {
    for (const name of ["a/link", "a/two"]) fs.unlinkSync(at(name));
    fs.writeFileSync(at("a/link"), "file");
    fs.symlinkSync("one", at("a/two"));
  },
};

describe.each(Object.keys(MOVES))("%s", (name) => {
  test("comes without rsync, also as the version after next, and nothing else moves", async () => {
    if (!hasPrograms("rsync")) return;
    await follow();
    expect(started).toContain("rsync");
    const untouched = fs.statSync(join(folder.root, "srv/books/same/3")).ino;
    MOVES[name]?.((inside) => join(source, inside));
    await follow();
    expect(started).not.toContain("rsync");
    fs.writeFileSync(join(source, "same/0"), "next");
    await follow();
    expect(started).not.toContain("rsync");
    expect(fs.statSync(join(folder.root, "srv/books/same/3")).ino).toBe(untouched);
    expect(await school.run(wishes())).toMatchObject({ changes: 0, problems: [] });
  });
});

test("set-user-id bits of the source do not come along", async () => {
  if (!hasPrograms("rsync")) return;
  await follow();
  fs.writeFileSync(join(source, "a/tool"), "");
  fs.chmodSync(join(source, "a/tool"), 0o6755);
  folder.aheadMs += 1000;
  expect(await school.run(wishes())).toMatchObject({ changes: 1, problems: [] });
  expect(fs.statSync(join(folder.root, "srv/books/a/tool")).mode & 0o7777).toBe(0o755);
});

test("what cannot be copied is left to rsync", async () => {
  if (!hasPrograms("rsync")) return;
  await follow();
  const copyIn = async (_: unknown, to: string): Promise<string> => {
    throw new FileError("EIO", "copy", to);
  };
  const { machine } = folder;
  const before = school.memory;
  school = folder.reopened(noting({ ...machine, files: { ...machine.files, copyIn } }));
  school.memory = before;
  MOVES["a folder where a file was"]?.((inside) => join(source, inside));
  await follow();
  expect(started).toContain("rsync");
});

test("what somebody made of it, before it was known again, is not taken for ours", async () => {
  if (!hasPrograms("rsync")) return;
  await follow();
  const [remembered] = [...school.memory.values()];
  const digest = remembered?.state.type === "data" ? remembered.state.digest : "";
  fs.writeFileSync(join(folder.root, "srv/books/mine"), "mine");
  await knowAgain(folder.machine, "/srv/books", "/srv/books", digest);
  expect(await school.run(wishes())).toMatchObject({ changes: 1, problems: [] });
  expect(look(join(folder.root, "srv/books"))).toBe(look(source));
});

test("a file that was cut off in the middle of its copy leaves nothing behind", async () => {
  if (!hasPrograms("rsync") || !isRoot()) return;
  const at = folder.path("small");
  fs.mkdirSync(at);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", at]);
  try {
    fs.writeFileSync(join(source, "large"), Buffer.alloc(4 * 1024 * 1024));
    const { openFiles } = await import("../../../reconciler/machine/real-files.ts");
    const copying = openFiles(at).copyIn({ folder: source, path: "/large" }, "/large", { mode: 0o644 });
    await expect(copying).rejects.toMatchObject({ code: "ENOSPC", operation: "copy", path: "/large" });
    expect(fs.readdirSync(at)).toEqual([]);
  } finally {
    execFileSync("umount", [at]);
  }
});

test("nothing leads out of the folder that is copied from", async () => {
  const outside = folder.write("outside", { secret: "secret" });
  fs.symlinkSync(outside, join(source, "door"));
  fs.symlinkSync(join(outside, "secret"), join(source, "window"));
  for (const path of ["/door/secret", "/window", "/../outside/secret"]) {
    const copying = folder.machine.files.copyIn({ folder: source, path }, "/srv/taken", { mode: 0o644 });
    await expect(copying).rejects.toBeInstanceOf(FileError);
  }
  expect(fs.existsSync(join(folder.root, "srv/taken"))).toBe(false);
});
