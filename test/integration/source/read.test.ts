import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DEFAULT_LIMITS } from "../../../reconciler/source/entries.ts";
import type { Limits, Reading, Wanted } from "../../../reconciler/source/entries.ts";
import { readFolder } from "../../../reconciler/source/folder.ts";
import { openMirror } from "../../../reconciler/source/mirror.ts";
import type { TreeFile } from "../../../reconciler/model/revision.ts";
import type { Result } from "../../../common/problem.ts";
import { GitForge } from "../../support/git-forge.ts";
import type { Content, Repository } from "../../support/git-forge.ts";

let forge: GitForge;
let fleet: Repository;

beforeEach(async () => {
  forge = await GitForge.open();
  fleet = await forge.repository();
});
afterEach(() => forge.close());

const all: Wanted = () => true;

/** Commits, puts the commit into the mirror without the checks of a fetch, and reads it. */
async function readCommit(files: Record<string, Content>, wanted = all, limits: Limits = DEFAULT_LIMITS) {
  const commit = await fleet.commit(files);
  const mirror = await openMirror(fleet.path);
  if (!mirror.ok) throw new Error(JSON.stringify(mirror.problems));
  const revision = await mirror.value.revision(commit);
  return mirror.value.read(revision!, wanted, limits);
}

function codes(result: Result<Reading>): string[] {
  return result.ok ? [] : result.problems.map(({ code, where }) => `${code} ${where?.file ?? ""}`.trim());
}

describe("reading a revision", () => {
  test("gives the bytes of what is wanted, also empty ones and ones that are no text", async () => {
    const binary = Buffer.from([0, 10, 255, 13, 10]);
    const files = { "fleet.yaml": "a: 1\n", "files/logo.bin": binary, "files/empty": "", "schools/ñandú x.yaml": "b" };
    const read = await readCommit({ ...files, "schools/other.yaml": "c" }, (path) => !path.endsWith("other.yaml"));
    const tree = read.ok ? read.value.tree : new Map<string, TreeFile>();
    expect([...tree.keys()].sort()).toEqual(Object.keys(files).sort());
    expect(tree.get("files/logo.bin")!.bytes.equals(binary)).toBe(true);
    expect(tree.get("files/empty")!.bytes).toHaveLength(0);
  });

  test("the digest stays while other schools change, and moves with content, name and mode", async () => {
    const mine = (path: string): boolean => path !== "schools/other.yaml";
    const base = { "fleet.yaml": "a: 1\n", "schools/mine.yaml": "b" };
    const digest = async (files: Record<string, Content>): Promise<string> => {
      const read = await readCommit(files, mine);
      return read.ok ? read.value.digest : "refused";
    };
    const first = await digest({ ...base, "schools/other.yaml": "1" });
    expect(await digest({ ...base, "schools/other.yaml": "2" })).toBe(first);
    const others = [
      await digest({ ...base, "fleet.yaml": "a: 2\n" }),
      await digest({ ...base, "fleet.yaml": { executable: "a: 1\n" } }),
      await digest({ "fleet.yaml": "a: 1\n", "schools/mine.yml": "b" }),
    ];
    expect(new Set([first, ...others]).size).toBe(4);
  });

  test("fifteen hundred files that share three contents are all given", async () => {
    const files = Object.fromEntries(Array.from({ length: 1500 }, (_, n) => [`d${n % 20}/f${n}`, `same ${n % 3}`]));
    const read = await readCommit(files);
    expect(read.ok && read.value.tree.size).toBe(1500);
  }, 60_000);

  test("every fault is told in one reading, and nothing that is not wanted is a fault", async () => {
    const read = await readCommit(
      {
        link: { symlink: "/etc/shadow" },
        module: { submodule: "1".repeat(40) },
        "back\\slash": "x",
        "bell\u0007": "x",
        "a/..": "x",
        "b/.GIT": "x",
        ["l".repeat(4097)]: "x",
        "Motd.conf": "x",
        "motd.conf": "x",
        "not-wanted": { symlink: "/etc/passwd" },
      },
      (path) => path !== "not-wanted",
    );
    expect(codes(read).sort()).toEqual(
      [
        "symlink-refused link",
        "submodule-refused module",
        "path-refused back\\slash",
        "path-refused bell\u0007",
        "path-refused a/..",
        "path-refused b/.GIT",
        `path-refused ${"l".repeat(4096)}`,
        "names-collide motd.conf",
      ].sort(),
    );
  });

  test("a huge file, too many files and too much of them are refused unread", async () => {
    const limits = { fileBytes: 1000, totalBytes: 1500, files: 2 };
    const read = await readCommit({ big: "x".repeat(1001), b: "x".repeat(600), c: "" }, all, limits);
    expect(codes(read)).toEqual(["too-many-files", "tree-too-large", "file-too-large big"]);
    const huge = await readCommit({ huge: Buffer.alloc((4 << 20) + 1) });
    expect(codes(huge)).toEqual(["file-too-large huge"]);
  });

  test("a thousand faults are told as fifty and a number", async () => {
    const links = Object.fromEntries(Array.from({ length: 120 }, (_, n) => [`l${n}`, { symlink: "x" }]));
    const read = await readCommit(links);
    expect(codes(read)).toHaveLength(51);
    expect(read.ok ? "" : read.problems.at(-1)?.what).toBe("and 70 more problems of this kind");
  });
});

describe("reading a folder", () => {
  test("gives the same tree as the commit, without .git", async () => {
    const folder = join(forge.directory, "desk");
    mkdirSync(join(folder, ".git"), { recursive: true });
    mkdirSync(join(folder, "schools"));
    writeFileSync(join(folder, ".git", "config"), "secret");
    writeFileSync(join(folder, "fleet.yaml"), "a: 1\n");
    writeFileSync(join(folder, "schools", "x.yaml"), "b");
    const desk = await readFolder(folder, all);
    const commit = await readCommit({ "fleet.yaml": "a: 1\n", "schools/x.yaml": "b" });
    const texts = (result: Result<Reading>) =>
      result.ok ? [...result.value.tree].map(([path, { bytes }]) => `${path}=${bytes.toString()}`).sort() : [];
    expect(texts(desk)).toEqual(["fleet.yaml=a: 1\n", "schools/x.yaml=b"]);
    expect(texts(desk)).toEqual(texts(commit));
    const before = desk.ok ? desk.value.digest : "";
    chmodSync(join(folder, "fleet.yaml"), 0o755);
    const after = await readFolder(folder, all);
    expect(after.ok && after.value.digest !== before).toBe(true);
  });

  test("tells symlinks, pipes, large files and names that collide, all at once", async () => {
    const folder = join(forge.directory, "desk");
    mkdirSync(folder);
    symlinkSync("/etc/shadow", join(folder, "link"));
    execFileSync("mkfifo", [join(folder, "pipe")]);
    writeFileSync(join(folder, "Big"), "x".repeat(20));
    writeFileSync(join(folder, "big"), "");
    const read = await readFolder(folder, all, { ...DEFAULT_LIMITS, fileBytes: 10 });
    expect(codes(read).sort()).toEqual([
      "file-too-large Big",
      "names-collide big",
      "special-file-refused pipe",
      "symlink-refused link",
    ]);
  });

  test("a folder that is not there is a problem", async () => {
    const missing = join(forge.directory, "nowhere");
    expect(codes(await readFolder(missing, all))).toEqual([`folder-unreadable ${missing}`]);
  });
});
