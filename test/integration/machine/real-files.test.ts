// What only real files can show: races, other file systems, access lists, big files, and how long it takes.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { execFileSync, spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { within } from "../../../reconciler/machine/held.ts";
import { FileError } from "../../../reconciler/machine/machine.ts";
import { openFiles } from "../../../reconciler/machine/real-files.ts";
import { hasPrograms, isRoot, mounts } from "../../support/needs.ts";
import type { Files } from "../../../reconciler/machine/machine.ts";

let top: string;
let base: string;
let outside: string;
let files: Files;
const undo: (() => void)[] = [];

beforeEach(() => {
  top = fs.mkdtempSync(join(tmpdir(), "real-files-"));
  [base, outside] = [join(top, "base"), join(top, "outside")];
  fs.mkdirSync(base);
  fs.mkdirSync(outside);
  fs.writeFileSync(join(outside, "secret"), "secret");
  files = openFiles(base);
});

afterEach(() => {
  for (const act of undo.splice(0).reverse()) act();
  fs.rmSync(top, { recursive: true, force: true });
});

async function codeOf(act: () => unknown): Promise<string> {
  try {
    await act();
    return "fine";
  } catch (error) {
    return error instanceof FileError ? error.code : String(error);
  }
}

function mountAt(name: string, ...args: readonly string[]): boolean {
  const directory = join(base, name);
  fs.mkdirSync(directory);
  const mounted = mounts(directory, ...args);
  if (mounted) undo.push(() => void execFileSync("umount", [directory]));
  return mounted;
}

test.each(["absolute", "relative", "through a second link", "of a directory on the way"])(
  "a symlink to the outside leads nowhere: %s",
  async (sort) => {
    const links: Record<string, () => void> = {
      absolute: () => fs.symlinkSync(outside, join(base, "d")),
      relative: () => fs.symlinkSync("../outside", join(base, "d")),
      "through a second link": () => {
        fs.symlinkSync("/e", join(base, "d"));
        fs.symlinkSync("../../../../../../../../../../" + outside, join(base, "e"));
      },
      "of a directory on the way": () => {
        fs.symlinkSync(top, join(base, "up"));
        fs.symlinkSync("up/outside", join(base, "d"));
      },
    };
    links[sort]?.();
    expect(files.stat("/d/secret")).toBeUndefined();
    expect(files.stats(["/d/secret"])).toEqual([undefined]);
    expect(await codeOf(() => files.read("/d/secret"))).toBe("ENOENT");
    expect(await codeOf(() => files.create("/d/new", Buffer.from("x"), { mode: 0o600 }))).toBe("ENOENT");
    expect(await codeOf(() => files.unlink("/d/secret"))).toBe("ENOENT");
    expect(fs.readdirSync(outside)).toEqual(["secret"]);
  },
);

test("a symlink that an ordinary user made leads nobody to what only root may write", async () => {
  if (!isRoot()) return;
  fs.mkdirSync(join(base, "private"), { mode: 0o700 });
  fs.mkdirSync(join(base, "shared"), { mode: 0o1777 });
  fs.symlinkSync("/private", join(base, "shared/theirs"));
  fs.lchownSync(join(base, "shared/theirs"), 65_534, 65_534);
  const key = "/shared/theirs/authorized_keys";
  expect(await codeOf(() => files.create(key, Buffer.from("x"), { mode: 0o600 }))).toBe("EUNTRUSTED");
  expect(await codeOf(() => files.stat(key))).toBe("EUNTRUSTED");
  expect(files.readLink("/shared/theirs")).toBe("/private");
  fs.symlinkSync("/private", join(base, "shared/ours"));
  expect(await codeOf(() => files.create("/shared/ours/file", Buffer.from("x"), { mode: 0o600 }))).toBe("fine");
});

test("the links of /proc that lead anywhere are only text", async () => {
  fs.symlinkSync(`/proc/${process.pid}/root`, join(base, "root"));
  expect(files.stat(`/root${outside}/secret`)).toBeUndefined();
  const whole = openFiles("/");
  // Followed as the kernel does, this would be the directory that is held open at that moment.
  expect(whole.stat("/proc/self/cwd/package.json")?.type).toBe("regular");
});

test("a directory that is swapped for a symlink in the middle of a step is still the one that was checked", () => {
  fs.mkdirSync(join(base, "d"));
  within({ path: base, descriptors: true }, "/d/file", "create", (place) => {
    fs.renameSync(join(base, "d"), join(base, "moved"));
    fs.symlinkSync(outside, join(base, "d"));
    fs.writeFileSync(place, "x");
  });
  expect(fs.readdirSync(join(base, "moved"))).toEqual(["file"]);
  expect(fs.readdirSync(outside)).toEqual(["secret"]);
});

test("nothing gets out while somebody swaps a directory for a symlink all the time", async () => {
  fs.mkdirSync(join(base, "d"));
  const swap = `const fs = require("fs"); process.chdir(${JSON.stringify(base)}); console.log("on");
    for (;;) { fs.renameSync("d", "e"); fs.symlinkSync("../outside", "d"); fs.unlinkSync("d"); fs.renameSync("e", "d"); }`;
  const swapper = spawn(process.execPath, ["-e", swap], { stdio: ["ignore", "pipe", "ignore"] });
  undo.push(() => void swapper.kill("SIGKILL"));
  await new Promise((resolve) => swapper.stdout.once("data", resolve));
  const seen = new Set<string>();
  // On a busy machine it may take a while until the directory is there at the right moment.
  for (let n = 0; n < 500 || (n < 100_000 && !seen.has("fine")); n++) {
    if (n % 100 === 99) await new Promise((resolve) => setTimeout(resolve, 1));
    seen.add(await codeOf(() => files.makeDirectory(`/d/${n}`, { mode: 0o700 })));
    seen.add(await codeOf(() => files.read("/d/secret")));
    expect(files.stat("/d/secret")).toBeUndefined();
  }
  const ended = new Promise((resolve) => swapper.once("exit", resolve));
  swapper.kill("SIGKILL");
  await ended;
  expect(seen).toContain("fine");
  expect([...seen].filter((code) => !["fine", "ENOENT", "ENOTDIR"].includes(code))).toEqual([]);
  expect(fs.readdirSync(outside)).toEqual(["secret"]);
});

test("a pipe or device is neither read, appended to nor changed, and nobody waits for it", async () => {
  execFileSync("mkfifo", [join(base, "pipe")]);
  expect(files.stat("/pipe")?.type).toBe("special");
  expect(await codeOf(() => files.read("/pipe"))).toBe("ESPECIAL");
  expect(await codeOf(() => files.digest("/pipe"))).toBe("ESPECIAL");
  expect(["ESPECIAL", "ENXIO"]).toContain(await codeOf(() => files.append("/pipe", Buffer.from("x"))));
  expect(await codeOf(() => files.setPermissions("/pipe", { mode: 0o777 }))).toBe("ESPECIAL");
});

test.each([0, 1, 65_536, 262_144, 1_000_003])("the digest of %d bytes is their SHA-256", async (size) => {
  const bytes = randomBytes(size);
  fs.writeFileSync(join(base, "file"), bytes);
  expect(await files.digest("/file")).toBe(createHash("sha256").update(bytes).digest("hex"));
  expect((await files.read("/file")).equals(bytes)).toBe(true);
});

test("a full disk leaves no half-made file and no half record", async () => {
  if (!mountAt("tiny", "-t", "tmpfs", "-o", "size=64k,mode=755", "none")) return;
  await files.append("/tiny/journal", Buffer.from("first\n"));
  expect(await codeOf(() => files.create("/tiny/big", Buffer.alloc(100_000), { mode: 0o644 }))).toBe("ENOSPC");
  expect(await codeOf(() => files.append("/tiny/journal", Buffer.alloc(100_000)))).toBe("ENOSPC");
  expect(files.list("/tiny")).toEqual(["journal"]);
  expect((await files.read("/tiny/journal")).toString()).toBe("first\n");
  expect(files.space("/tiny/not/yet").bytes).toBeLessThanOrEqual(64 * 1024);
  expect(files.space("/tiny").device).not.toBe(files.space("/").device);
});

test("a read-only mount says so, beforehand and when it is tried", async () => {
  fs.writeFileSync(join(outside, "file"), "x");
  if (!mountAt("ro", "--bind", outside)) return;
  execFileSync("mount", ["-o", "remount,ro,bind", join(base, "ro")]);
  expect(files.space("/ro").readOnly).toBe(true);
  expect(files.space("/").readOnly).toBe(false);
  expect(await codeOf(() => files.create("/ro/new", Buffer.from("x"), { mode: 0o644 }))).toBe("EROFS");
  expect(await codeOf(() => files.setPermissions("/ro/file", { mode: 0o600 }))).toBe("EROFS");
  expect(await codeOf(() => files.rename("/ro/file", "/ro/other"))).toBe("EROFS");
});

test("names on two mounts of one file system are on different file systems", async () => {
  if (!mountAt("other", "-t", "tmpfs", "-o", "size=64k", "none")) return;
  fs.writeFileSync(join(base, "file"), "x");
  expect(await codeOf(() => files.rename("/file", "/other/file"))).toBe("EXDEV");
});

test("owners are set, by root, before the mode, so that set-user-id stays", async () => {
  const me = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 };
  const wanted = me.uid === 0 ? { uid: 12345, gid: 54321 } : me;
  await files.create("/tool", Buffer.from("x"), { mode: 0o4755, ...wanted });
  expect(files.stat("/tool")).toMatchObject({ mode: 0o4755, ...wanted });
  files.makeDirectory("/dir", { mode: 0o2750, ...wanted });
  expect(files.stat("/dir")).toMatchObject({ mode: 0o2750, ...wanted });
  files.makeSymlink("/tool", "/link", wanted);
  expect(files.stat("/link")).toMatchObject(wanted);
  files.setPermissions("/link", me);
  expect([files.stat("/link"), files.stat("/tool")]).toMatchObject([me, wanted]);
});

test("the mode does not depend on the umask", async () => {
  const before = process.umask(0o077);
  undo.push(() => void process.umask(before));
  await files.create("/file", Buffer.from("x"), { mode: 0o664 });
  files.makeDirectory("/dir", {});
  expect([files.stat("/file")?.mode, files.stat("/dir")?.mode]).toEqual([0o664, 0o755]);
});

test("extended attributes go along, many pairs in one go", async () => {
  if (!hasPrograms("setfattr", "getfattr")) return;
  const pairs = Array.from({ length: 60 }, (_, n): [string, string] => [`/old${n}`, `/new${n}`]);
  for (const [from, to] of pairs) {
    fs.writeFileSync(join(base, from), "old");
    fs.writeFileSync(join(base, to), "new");
  }
  execFileSync("setfattr", ["-n", "user.origin", "-v", "by hand", join(base, "old0"), join(base, "old59")]);
  const before = files.stat("/new0")?.stamp.mtimeMs;
  await files.copyAttributesOfMany(pairs);
  const shown = (name: string): string =>
    execFileSync("getfattr", ["--absolute-names", "-d", join(base, name)], { encoding: "utf8" });
  expect([shown("new0"), shown("new59")].every((each) => each.includes('user.origin="by hand"'))).toBe(true);
  expect(shown("new1")).not.toContain("user.origin");
  expect(fs.readFileSync(join(base, "new0"), "utf8")).toBe("new");
  expect(files.stat("/new0")?.stamp.mtimeMs).toBe(before);
});

test("an access list is kept when the mode is set afterwards", async () => {
  if (!hasPrograms("setfacl", "getfacl")) return;
  await files.create("/old", Buffer.from("old"), { mode: 0o640 });
  execFileSync("setfacl", ["-m", "u:12345:rw", join(base, "old")]);
  await files.create("/new", Buffer.from("new"), { mode: 0o600 });
  await files.copyAttributes("/old", "/new");
  files.setPermissions("/new", { mode: files.stat("/old")?.mode ?? 0 });
  const shown = (name: string): string => execFileSync("getfacl", ["-cnp", join(base, name)], { encoding: "utf8" });
  expect(shown("new")).toContain("user:12345:rw-");
  expect(shown("new")).toBe(shown("old"));
});

test("attributes are not copied through a symlink, and symlinks have none", async () => {
  fs.writeFileSync(join(base, "from"), "x", { mode: 0o700 });
  fs.chmodSync(join(base, "from"), 0o701);
  fs.symlinkSync("../outside/secret", join(base, "link"));
  const before = fs.statSync(join(outside, "secret"));
  await files.copyAttributes("/from", "/link");
  await files.copyAttributes("/link", "/from");
  expect(fs.statSync(join(outside, "secret")).mode).toBe(before.mode);
  expect(await codeOf(() => files.copyAttributes("/none", "/from"))).toBe("ENOENT");
});

test("no descriptor stays open, whatever goes wrong", async () => {
  fs.symlinkSync("/loop", join(base, "loop"));
  const open = (): number => fs.readdirSync("/proc/self/fd").length;
  const round = async (): Promise<void> => {
    await codeOf(() => files.stat("/loop/x"));
    await codeOf(() => files.read("/none/x"));
    await codeOf(() => files.create("/a", Buffer.from("x"), { mode: 0o600 }));
    await codeOf(() => files.rename("/a", "/none/b"));
    await codeOf(() => files.list("/a"));
    await codeOf(() => files.copyAttributes("/a", "/none"));
    files.stats(["/a", "/loop", "/b/c"]);
    files.space("/none/x");
    await files.syncDirectory("/");
  };
  await round();
  const before = open();
  for (let n = 0; n < 20; n++) await round();
  expect(open()).toBe(before);
});
