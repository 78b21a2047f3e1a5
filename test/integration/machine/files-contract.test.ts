// The same expectations of real files, of real files without /proc, and of files in memory.
import { afterEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFiles } from "../../../reconciler/machine/real-files.ts";
import { FileError } from "../../../reconciler/machine/machine.ts";
import { MemoryDisk } from "../../support/memory-disk.ts";
import { MemoryFiles } from "../../support/memory-files.ts";
import { treeOf } from "../../support/tree-of.ts";
import type { Files } from "../../../reconciler/machine/machine.ts";

const bases: string[] = [];

function realFiles(descriptors: boolean): Files {
  const base = fs.mkdtempSync(join(tmpdir(), "files-"));
  fs.chmodSync(base, 0o755);
  bases.push(base);
  return openFiles(base, descriptors);
}

afterEach(() => {
  for (const base of bases.splice(0)) fs.rmSync(base, { recursive: true, force: true });
});

const makers: [string, () => Files][] = [
  ["real files", () => realFiles(true)],
  ["real files without /proc", () => realFiles(false)],
  ["files in memory", () => new MemoryFiles()],
];

/** The code of the FileError, or what else came out. */
async function codeOf(act: () => unknown): Promise<string> {
  try {
    await act();
    return "fine";
  } catch (error) {
    return error instanceof FileError ? error.code : String(error);
  }
}

const text = (words: string): Buffer => Buffer.from(words);

describe.each(makers)("%s", (_name, make) => {
  test("keep what was created, with its bytes and mode", async () => {
    const files = make();
    await files.create("/motd", text("welcome\n"), { mode: 0o640 });
    expect(files.stat("/motd")).toMatchObject({ type: "regular", size: 8, mode: 0o640, nlink: 1 });
    expect((await files.read("/motd")).toString()).toBe("welcome\n");
    expect(await files.digest("/motd")).toBe(createHash("sha256").update("welcome\n").digest("hex"));
  });

  test("never create over what is there, a dangling symlink included", async () => {
    const files = make();
    await files.create("/a", text("1"), { mode: 0o600 });
    files.makeSymlink("/b", "/link", {});
    expect(await codeOf(() => files.create("/a", text("2"), { mode: 0o600 }))).toBe("EEXIST");
    expect(await codeOf(() => files.create("/link", text("2"), { mode: 0o600 }))).toBe("EEXIST");
    expect(files.stat("/b")).toBeUndefined();
  });

  test("append to a file, made with 0600 when it is missing", async () => {
    const files = make();
    await files.append("/journal", text("one\n"));
    await files.append("/journal", text("two\n"));
    expect((await files.read("/journal")).toString()).toBe("one\ntwo\n");
    expect(files.stat("/journal")?.mode).toBe(0o600);
  });

  test("jot down what replaces what was jotted before, in the same file", async () => {
    const files = make();
    files.jot("/note", text("a long note\n"));
    const before = files.stat("/note");
    files.jot("/note", text("short\n"));
    expect((await files.read("/note")).toString()).toBe("short\n");
    expect(files.stat("/note")).toMatchObject({ mode: 0o600, stamp: { ino: before?.stamp.ino } });
    files.makeSymlink("/note", "/to-note", {});
    expect(await codeOf(() => files.jot("/to-note", text("y")))).toBe("ELOOP");
    files.makeDirectory("/folder", {});
    expect(await codeOf(() => files.jot("/folder", text("y")))).toBe("EISDIR");
    expect(await codeOf(() => files.jot("/none/note", text("y")))).toBe("ENOENT");
  });

  test("see nothing where nothing is, below a file and behind a dangling symlink", async () => {
    const files = make();
    await files.create("/file", text(""), { mode: 0o600 });
    files.makeSymlink("nowhere", "/dangling", {});
    const paths = ["/none", "/none/a", "/file/a", "/dangling/a"];
    expect(paths.map((path) => files.stat(path))).toEqual([undefined, undefined, undefined, undefined]);
    expect(files.stats([...paths, "/file"]).map((stat) => stat?.type)).toEqual([
      ...paths.map(() => undefined),
      "regular",
    ]);
  });

  test("answer for many paths as for each, in their order", async () => {
    const files = make();
    files.makeDirectory("/b", { mode: 0o750 });
    files.makeSymlink("/b", "/c", {});
    await files.create("/b/1", text("x"), { mode: 0o600 });
    const paths = ["/b/1", "/", "/c", "/c/1", "/b", "/b/2"];
    expect(files.stats(paths)).toEqual(paths.map((path) => files.stat(path)));
    expect(files.stats(paths).map((stat) => stat?.type)).toEqual([
      "regular",
      "directory",
      "symlink",
      "regular",
      "directory",
      undefined,
    ]);
  });

  test.each(["/../etc/passwd", "/a/../b", "etc/passwd", "", "/a//b", "/a/", "/./a", "/a\0b"])(
    "refuse the path %j in every call",
    async (path) => {
      const files = make();
      const calls: (() => unknown)[] = [
        () => files.stat(path),
        () => files.stats([path]),
        () => files.read(path),
        () => files.digest(path),
        () => files.readLink(path),
        () => files.list(path),
        () => files.space(path),
        () => files.create(path, text(""), { mode: 0o600 }),
        () => files.append(path, text("")),
        () => files.jot(path, text("")),
        () => files.copyAttributes(path, path),
        () => files.makeDirectory(path, {}),
        () => files.removeDirectory(path),
        () => files.makeSymlink("x", path, {}),
        () => files.link(path, "/x"),
        () => files.link("/x", path),
        () => files.rename(path, "/x"),
        () => files.unlink(path),
        () => files.setPermissions(path, { mode: 0 }),
        () => files.syncDirectory(path),
      ];
      const codes = await Promise.all(calls.map((call) => codeOf(call)));
      expect(new Set(codes)).toEqual(new Set(["ELEAVESROOT"]));
    },
  );

  test("follow symlinks on the way as chroot would", async () => {
    const files = make();
    files.makeDirectory("/srv", {});
    files.makeDirectory("/srv/deep", {});
    await files.create("/srv/note", text("inside"), { mode: 0o644 });
    files.makeSymlink("/srv", "/absolute", {});
    files.makeSymlink("srv/deep/..", "/relative", {});
    files.makeSymlink("../../../../srv", "/climbing", {});
    files.makeSymlink("/", "/srv/deep/home", {});
    for (const way of ["/absolute", "/relative", "/climbing", "/srv/deep/home/absolute/deep/home/srv"]) {
      expect((await files.read(`${way}/note`)).toString()).toBe("inside");
    }
  });

  test("do not follow the last part", async () => {
    const files = make();
    await files.create("/file", text("x"), { mode: 0o600 });
    files.makeDirectory("/dir", {});
    files.makeSymlink("/file", "/to-file", {});
    files.makeSymlink("/dir", "/to-dir", {});
    expect(files.stat("/to-file")?.type).toBe("symlink");
    expect(files.readLink("/to-file")).toBe("/file");
    expect(await codeOf(() => files.read("/to-file"))).toBe("ELOOP");
    expect(await codeOf(() => files.digest("/to-file"))).toBe("ELOOP");
    expect(await codeOf(() => files.append("/to-file", text("y")))).toBe("ELOOP");
    expect(await codeOf(() => files.list("/to-dir"))).toBe("ENOTDIR");
    files.setPermissions("/to-file", { mode: 0o777 });
    expect(files.stat("/file")?.mode).toBe(0o600);
    files.link("/to-file", "/second");
    expect(files.stat("/second")?.type).toBe("symlink");
    files.unlink("/to-file");
    expect(files.stat("/file")?.type).toBe("regular");
  });

  test("end a circle of symlinks", async () => {
    const files = make();
    files.makeSymlink("/b", "/a", {});
    files.makeSymlink("/a", "/b", {});
    expect(await codeOf(() => files.stat("/a/x"))).toBe("ELOOP");
    expect(await codeOf(() => files.create("/a/x", text(""), { mode: 0o600 }))).toBe("ELOOP");
  });

  test("read no more than the limit", async () => {
    const files = make();
    await files.create("/five", text("12345"), { mode: 0o600 });
    expect((await files.read("/five", 5)).length).toBe(5);
    expect(await codeOf(() => files.read("/five", 4))).toBe("ETOOBIG");
  });

  test("give the same inode a second name, and count both", async () => {
    const files = make();
    await files.create("/a", text("x"), { mode: 0o600 });
    files.link("/a", "/b");
    expect(files.stat("/b")).toEqual(files.stat("/a"));
    expect(files.stat("/a")?.nlink).toBe(2);
    expect(await codeOf(() => files.link("/a", "/b"))).toBe("EEXIST");
    files.unlink("/a");
    expect(files.stat("/b")?.nlink).toBe(1);
  });

  test("replace in one step, and change the stamp by it", async () => {
    const files = make();
    await files.create("/a", text("old"), { mode: 0o600 });
    const before = files.stat("/a")?.stamp;
    await files.create("/a.new", text("new"), { mode: 0o600 });
    files.rename("/a.new", "/a");
    await files.syncDirectory("/");
    expect((await files.read("/a")).toString()).toBe("new");
    expect(files.list("/")).toEqual(["a"]);
    expect(files.stat("/a")?.stamp.ino).not.toBe(before?.ino);
  });

  test("keep the stamp while nothing happens", async () => {
    const files = make();
    await files.create("/a", text("x"), { mode: 0o600 });
    const before = files.stat("/a");
    await files.read("/a");
    expect(files.stat("/a")).toEqual(before);
  });

  test("fail as Linux does", async () => {
    const files = make();
    files.makeDirectory("/dir", {});
    await files.create("/dir/file", text(""), { mode: 0o600 });
    await files.create("/file", text(""), { mode: 0o600 });
    const long = `/${"n".repeat(256)}`;
    const codes: Record<string, string> = {};
    const tries: Record<string, () => unknown> = {
      "unlink a directory": () => files.unlink("/dir"),
      "remove a full directory": () => files.removeDirectory("/dir"),
      "remove a file as a directory": () => files.removeDirectory("/dir/file"),
      "make a directory twice": () => files.makeDirectory("/dir", {}),
      "read a directory": () => files.read("/dir"),
      "list a file": () => files.list("/dir/file"),
      "read a link that is none": () => files.readLink("/dir/file"),
      "rename a file onto a directory": () => files.rename("/file", "/dir"),
      "rename a file onto its own directory": () => files.rename("/dir/file", "/dir"),
      "rename a directory into itself": () => files.rename("/dir", "/dir/below"),
      "rename what is missing": () => files.rename("/none", "/other"),
      "link a directory": () => files.link("/dir", "/other"),
      "create below a file": () => files.create("/dir/file/x", text(""), { mode: 0o600 }),
      "create below nothing": () => files.create("/none/x", text(""), { mode: 0o600 }),
      "sync nothing": () => files.syncDirectory("/none"),
      "set permissions of nothing": () => files.setPermissions("/none", { mode: 0 }),
      "look at a long name": () => files.stat(long),
      "create a long name": () => files.create(long, text(""), { mode: 0o600 }),
    };
    for (const [title, act] of Object.entries(tries)) codes[title] = await codeOf(act);
    expect(codes).toEqual({
      "unlink a directory": "EISDIR",
      "remove a full directory": "ENOTEMPTY",
      "remove a file as a directory": "ENOTDIR",
      "make a directory twice": "EEXIST",
      "read a directory": "EISDIR",
      "list a file": "ENOTDIR",
      "read a link that is none": "EINVAL",
      "rename a file onto a directory": "EISDIR",
      "rename a file onto its own directory": "ENOTEMPTY",
      "rename a directory into itself": "EINVAL",
      "rename what is missing": "ENOENT",
      "link a directory": "EPERM",
      "create below a file": "ENOTDIR",
      "create below nothing": "ENOENT",
      "sync nothing": "ENOENT",
      "set permissions of nothing": "ENOENT",
      "look at a long name": "ENAMETOOLONG",
      "create a long name": "ENAMETOOLONG",
    });
  });

  test("take names of 255 bytes", async () => {
    const files = make();
    const name = `/${"é".repeat(127)}x`;
    await files.create(name, text("x"), { mode: 0o600 });
    expect(files.list("/")).toEqual([name.slice(1)]);
  });

  test("name the operation and the caller's own path in an error", () => {
    const files = make();
    expect(() => files.rename("/none", "/other")).toThrow("rename /none: ENOENT");
    expect(() => files.makeDirectory("/none/below", {})).toThrow("make directory /none/below: ENOENT");
    expect(() => files.rename("/none", "/../x")).toThrow(FileError);
  });

  test("know the space at the nearest parent that exists", () => {
    const files = make();
    const space = files.space("/not/there/yet");
    expect(space).toEqual(expect.objectContaining({ readOnly: false, device: files.stat("/")?.dev }));
    expect(space.bytes).toBeGreaterThan(0);
    expect(space.inodes).toBeGreaterThan(0);
  });
});

const PATHS = ["/a", "/b", "/d", "/d/a", "/d/b", "/e", "/e/d", "/l", "/l/a"];
const path = fc.constantFrom(...PATHS);
const act = fc.oneof(
  fc.record({ call: fc.constantFrom("create", "append", "mkdir", "rmdir", "unlink", "chmod", "list", "read"), path }),
  fc.record({ call: fc.constantFrom("rename", "link"), path, to: path }),
  fc.record({ call: fc.constant("symlink"), path, target: fc.constantFrom("/d", "e", "../../d", "/l", "a", "/") }),
);

const OWNER = { uid: process.geteuid?.() ?? 0, gid: process.getegid?.() ?? 0 };
/** With a bit that the kernel takes away again when another than root writes. */
const ODD_MODE = OWNER.uid === 0 ? 0o4751 : 0o751;

test("real files and files in memory come out the same after any history", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(act, { maxLength: 25 }), async (acts) => {
      const [real, memory] = [realFiles(true), new MemoryFiles(new MemoryDisk(OWNER))];
      for (const each of acts) expect(await perform(memory, each)).toEqual(await perform(real, each));
      expect(await treeOf(memory)).toEqual(await treeOf(real));
    }),
    { numRuns: 100 },
  );
});

type Act = typeof act extends fc.Arbitrary<infer T> ? T : never;

/** The code, and what was answered. */
async function perform(files: Files, each: Act): Promise<string> {
  let answer = "";
  const code = await codeOf(async () => {
    if ("to" in each && each.call === "link") files.link(each.path, each.to);
    if ("to" in each && each.call === "rename") files.rename(each.path, each.to);
    if ("target" in each) files.makeSymlink(each.target, each.path, {});
    if (each.call === "create") await files.create(each.path, text(each.path), { mode: 0o640 });
    if (each.call === "append") await files.append(each.path, text("more"));
    if (each.call === "mkdir") files.makeDirectory(each.path, { mode: 0o700 });
    if (each.call === "rmdir") files.removeDirectory(each.path);
    if (each.call === "unlink") files.unlink(each.path);
    if (each.call === "chmod") files.setPermissions(each.path, { mode: ODD_MODE });
    if (each.call === "list") answer = files.list(each.path).sort().join();
    if (each.call === "read") answer = (await files.read(each.path)).toString();
  });
  return `${JSON.stringify(each)} ${code} ${answer}`;
}
