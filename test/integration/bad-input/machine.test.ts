// The machine itself is in the way: full or read-only disks, links that lead elsewhere, rights, damaged state. Each is a
// problem that names the place, and the server stays as it was.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Content } from "../../support/git-forge.ts";
import { mounts } from "../../support/needs.ts";
import { School, treeLines, type Ran } from "../../support/school.ts";

let school: School;
let mounted: string[] = [];

beforeEach(async () => {
  school = await School.open();
});

afterEach(async () => {
  for (const place of mounted) execFileSync("umount", ["-l", place]);
  mounted = [];
  // What a test closed is opened again: others than root could not remove it.
  execFileSync("chmod", ["-R", "u+rwX", school.forge.directory]);
  await school.close();
});

function fleet(text: string, more: Readonly<Record<string, unknown>> = {}): Record<string, Content> {
  const files = { "/etc/motd": { copy: "files/text" }, "/etc/second": { copy: "files/text" }, ...more };
  return { "fleet.yaml": JSON.stringify({ files }), "files/text": text };
}

/** What the program told, and that it told nothing of its insides. */
function expectRefused({ code, stdout, stderr }: Ran, ...words: readonly string[]): void {
  expect(code).toBe(1);
  expect(stderr).toBe("");
  for (const word of words) expect(stdout).toContain(word);
  expect(stdout).not.toContain("fault of the program");
  expect(stdout).not.toMatch(/^ +at .*:\d+\)?$/mu);
}

async function good(text = "good\n"): Promise<void> {
  await school.commit(fleet(text));
  expect(await school.cycle()).toMatchObject({ result: "changed", settled: true });
}

function mount(place: string, ...args: readonly string[]): boolean {
  const done = mounts(place, ...args);
  if (done) mounted.push(place);
  return done;
}

describe("a disk", () => {
  test("that is full: nothing is begun, and removing still works", async () => {
    if (!mount(school.root, "-t", "tmpfs", "-o", "size=12m", "tmpfs")) return;
    await good();
    school.put("/srv/video", Buffer.alloc(6 * 2 ** 20));
    const before = school.snapshot();
    await school.commit(fleet("next\n"));
    expectRefused(await school.now(), "/etc/motd", "its file system has", "free some space");
    expect(school.snapshot()).toEqual(before);

    await school.commit({
      "fleet.yaml": JSON.stringify({ files: { "/etc/motd": { copy: "files/text" } } }),
      "files/text": "good\n",
    });
    expect(await school.now()).toMatchObject({ code: 0 });
    expect(existsSync(school.at("/etc/second"))).toBe(false);
  });

  test("that is mounted read-only", async () => {
    if (!mount(school.root, "-t", "tmpfs", "tmpfs")) return;
    await good();
    await school.commit(fleet("next\n"));
    const before = school.snapshot();
    execFileSync("mount", ["-o", "remount,ro", school.root]);
    expectRefused(await school.now(), "/etc/motd", "mounted read-only", "mount it read-write");
    expect(school.snapshot()).toEqual(before);
    execFileSync("mount", ["-o", "remount,rw", school.root]);
    expect(await school.now()).toMatchObject({ code: 0 });
  });

  test("of the state directory that is full: the server stays as it was", async () => {
    mkdirSync(school.state);
    if (!mount(school.state, "-t", "tmpfs", "-o", "size=2m", "tmpfs")) return;
    await good();
    const before = school.snapshot();
    await school.commit(fleet("next\n"));
    await school.cycle(undefined, {}, (event) => {
      // After the fetch, before the journal.
      if (event.type === "planned") fill(school.state);
    });
    expect(school.snapshot()).toEqual(before);
    expectRefused(await school.now(), "full");
    expect(school.snapshot()).toEqual(before);
    rmSync(join(school.state, "filler"));
    expect(await school.now()).toMatchObject({ code: 0 });
  });

  test("of the state directory that is read-only", async () => {
    mkdirSync(school.state);
    if (!mount(school.state, "-t", "tmpfs", "tmpfs")) return;
    await good();
    const before = school.snapshot();
    await school.commit(fleet("next\n"));
    execFileSync("mount", ["-o", "remount,ro", school.state]);
    const { code, stderr, stdout } = await school.now();
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("mounted read-only");
    expect(stdout + stderr).toContain(school.state);
    expect(school.snapshot()).toEqual(before);
  });
});

describe("on the way to a file", () => {
  test("a link that leads out of the root is not followed, and what is out there is not touched", async () => {
    const outside = join(school.forge.directory, "outside");
    mkdirSync(outside);
    writeFileSync(join(outside, "motd"), "outside\n");
    symlinkSync(outside, school.at("/etc"));
    await school.commit(fleet("good\n"));
    const before = school.snapshot();
    expectRefused(await school.now(), "/etc", "a symlink stands where a directory should be", "move it away");
    expect(school.snapshot()).toEqual(before);
    expect(readdirSync(outside)).toEqual(["motd"]);
    expect(readFileSync(join(outside, "motd"), "utf8")).toBe("outside\n");
  });

  test("a link that climbs ends at the root, as in a chroot", async () => {
    symlinkSync("../../../../../../usr/etc", school.at("/etc"));
    mkdirSync(school.at("/usr/etc"), { recursive: true });
    await school.commit(fleet("good\n"));
    expect(await school.now()).toMatchObject({ code: 0 });
    expect(readFileSync(school.at("/usr/etc/motd"), "utf8")).toBe("good\n");
  });

  test("a file stands where a directory should be", async () => {
    school.put("/srv/library", "of somebody\n");
    await school.commit(fleet("good\n", { "/srv/library/index": { copy: "files/text" } }));
    const before = school.snapshot();
    expectRefused(await school.now(), "/srv/library", "a file stands where a directory should be", "move it away");
    expect(school.snapshot()).toEqual(before);
  });

  test("a pipe stands where a file should be", async () => {
    mkdirSync(school.at("/etc"));
    execFileSync("mkfifo", [school.at("/etc/motd")]);
    await school.commit(fleet("good\n"));
    const before = school.snapshot();
    expectRefused(await school.now(), "/etc/motd", "a socket, pipe or device stands here");
    expect(school.snapshot()).toEqual(before);
  });
});

describe("for somebody who is not root", () => {
  /** nobody, on every Linux. */
  const NOBODY = { uid: 65534, gid: 65534 };
  const isRoot = process.getuid?.() === 0;

  function handOver(): void {
    execFileSync("chown", ["-R", `${NOBODY.uid}:${NOBODY.gid}`, school.forge.directory]);
  }

  async function nowAsNobody(): Promise<Ran> {
    return isRoot ? school.run(["--now", "--config", school.configFile], NOBODY) : school.now();
  }

  test("a file that may not be read is a problem of that path", async () => {
    await good();
    await school.commit(fleet("next\n"));
    if (isRoot) handOver();
    chmodSync(school.at("/etc/second"), 0);
    const before = treeLines(school.snapshot());
    expectRefused(await nowAsNobody(), "/etc/second", "cannot read: permission was denied", "run this as root");
    expect(treeLines(school.snapshot())).toEqual(before);
  });

  test("a folder that may not be written", async () => {
    await good();
    await school.commit(fleet("next\n"));
    if (isRoot) handOver();
    chmodSync(school.at("/etc"), 0o555);
    const before = treeLines(school.snapshot());
    expectRefused(await nowAsNobody(), "/etc", "permission was denied", "run this as root");
    expect(treeLines(school.snapshot())).toEqual(before);
  });

  test("a state directory that may not be written", async () => {
    await good();
    await school.commit(fleet("next\n"));
    if (isRoot) handOver();
    chmodSync(school.state, 0o555);
    const before = treeLines(school.snapshot());
    const { code, stdout, stderr } = await nowAsNobody();
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(school.state);
    expect(stdout + stderr).toContain("permission was denied");
    expect(treeLines(school.snapshot())).toEqual(before);
  });

  test("a state directory that may not be written although its lock may", async () => {
    await good();
    await school.commit(fleet("next\n"));
    writeFileSync(join(school.state, "lock"), "");
    if (isRoot) handOver();
    chmodSync(school.state, 0o555);
    const before = treeLines(school.snapshot());
    expectRefused(await nowAsNobody(), school.state, "permission was denied");
    expect(treeLines(school.snapshot())).toEqual(before);
  });

  test("a file of signers in a folder that may not be entered", async () => {
    await good();
    const closed = close();
    school.configure({ trust: { allowed_signers: join(closed, "signers") } });
    await school.commit(fleet("next\n"));
    if (isRoot) handOver();
    const before = treeLines(school.snapshot());
    expectRefused(await nowAsNobody(), "cannot be looked at: permission was denied", "run this as root");
    expect(treeLines(school.snapshot())).toEqual(before);
  });

  test("a folder of PATH that may not be entered holds nothing, and what is not elsewhere is missing", async () => {
    const path = process.env["PATH"];
    const closed = close();
    await school.commit(fleet("good\n", { "/etc/third": { copy: "files/text", check: ["test", "-s", "{file}"] } }));
    if (isRoot) handOver();
    try {
      process.env["PATH"] = `${closed}:${path}`;
      expect(await nowAsNobody()).toMatchObject({ code: 0 });
      process.env["PATH"] = `${closed}:${folderWith("setsid", "flock")}`;
      expectRefused(await nowAsNobody(), "git cannot be started", "install git");
      process.env["PATH"] = `${closed}:${folderWith("setsid", "git")}`;
      const { code, stderr, stdout } = await nowAsNobody();
      expect([code, stderr + stdout]).toEqual([1, expect.stringContaining("install the package util-linux")]);
    } finally {
      process.env["PATH"] = path;
    }
  });

  /** A folder that only root may look into. */
  function close(): string {
    const closed = join(school.forge.directory, "closed");
    mkdirSync(closed, { mode: 0 });
    return closed;
  }

  /** A folder with nothing but these of the machine's programs. */
  function folderWith(...programs: readonly string[]): string {
    const folder = mkdtempSync(join(school.forge.directory, "bin-"));
    chmodSync(folder, 0o755);
    for (const program of programs) {
      const real = execFileSync("sh", ["-c", 'command -v "$1"', "sh", program], { encoding: "utf8" }).trim();
      symlinkSync(real, join(folder, program));
    }
    return folder;
  }

  test("a state directory that cannot even be made", async () => {
    school.configure({ state: join(school.forge.directory, "closed", "state") });
    mkdirSync(join(school.forge.directory, "closed"));
    if (isRoot) handOver();
    chmodSync(join(school.forge.directory, "closed"), 0o555);
    const { code, stderr } = await nowAsNobody();
    expect(code).toBe(1);
    expect(stderr).toContain("cannot be made (EACCES)");
    expect(stderr).toContain("run it as root, or name a directory that you may write");
  });
});

describe("a branch", () => {
  test("that was set back is not followed, and drift of what stands is still put right", async () => {
    const first = await school.commit(fleet("first\n"));
    await school.cycle();
    await good("second\n");
    const before = treeLines(school.snapshot());
    await school.fleet.move("main", first);
    school.put("/etc/motd", "by hand\n");
    expectRefused(await school.now(), "which is older than", "push");
    expect(treeLines(school.snapshot())).toEqual(before);
  });

  test("with another history is not followed", async () => {
    await good();
    const before = school.snapshot();
    await school.commit(fleet("forced\n"), { parents: [] });
    expectRefused(await school.now(), "does not contain", "forced history is never followed");
    expect(school.snapshot()).toEqual(before);
  });

  test("with a commit that nobody of the signers signed is not followed", async () => {
    const [admin, stranger] = [await school.forge.key("admin"), await school.forge.key("stranger")];
    const signers = join(school.forge.directory, "allowed_signers");
    writeFileSync(signers, `admin@school.example ${admin.publicLine}\n`);
    school.configure({ trust: { allowed_signers: signers } });
    await school.commit(fleet("signed\n"), { signingKey: admin.file });
    expect(await school.now()).toMatchObject({ code: 0 });
    const before = school.snapshot();
    await school.commit(fleet("unsigned\n"));
    expectRefused(await school.now(), "sign");
    await school.commit(fleet("by a stranger\n"), { signingKey: stranger.file });
    expectRefused(await school.now(), "sign");
    expect(school.snapshot()).toEqual(before);
    await school.commit(fleet("signed again\n"), { signingKey: admin.file });
    expect(await school.now()).toMatchObject({ code: 0 });
  });
});

describe("damage on disk", () => {
  test("of one copy of Memory or ledger is told, and the other serves", async () => {
    await good("one\n");
    await good("two\n");
    for (const name of ["memory", "ledger"]) {
      const newest = newestSlot(name);
      flip(newest);
      const { code, stdout } = await school.now();
      expect(code).toBe(0);
      expect(stdout).toContain(`${name}.`);
      expect(stdout).toMatch(/its second copy is used|came back from its second copy/u);
    }
    expect(await school.now()).toMatchObject({ code: 0, stdout: expect.stringContaining("unchanged") });
  });

  test("of both copies of Memory is told, and it comes back from the copy of the state", async () => {
    await good("one\n");
    await good("two\n");
    for (const slot of ["memory.a", "memory.b"]) flip(join(school.state, slot));
    const { code, stdout } = await school.now();
    expect(code).toBe(0);
    expect(stdout).toMatch(/memory \(memory\.a and memory\.b damaged\) had been lost .* came back/u);
    await school.commit({
      "fleet.yaml": JSON.stringify({ files: { "/etc/motd": { copy: "files/text" } } }),
      "files/text": "two\n",
    });
    expect(await school.now()).toMatchObject({ code: 0 });
    // It is known to be ours, so it goes.
    expect(existsSync(school.at("/etc/second"))).toBe(false);
  });

  test("of every copy of Memory is told, nothing is removed, and nothing counts as ours any more", async () => {
    await good("one\n");
    await good("two\n");
    const before = school.snapshot();
    for (const slot of ["memory.a", "memory.b"]) flip(join(school.state, slot));
    flip(join(`${school.state}-copy`, "memory"));
    const { code, stdout } = await school.now();
    expect(code).toBe(0);
    expect(stdout).toContain("both copies are lost");
    expect(school.snapshot()).toEqual(before);
    await school.commit({
      "fleet.yaml": JSON.stringify({ files: { "/etc/motd": { copy: "files/text" } } }),
      "files/text": "two\n",
    });
    expect(await school.now()).toMatchObject({ code: 0 });
    expect(school.snapshot()).toEqual(before);
  });

  test("of an open journal is told, and the tree is as git wants it", async () => {
    await good("one\n");
    writeFileSync(join(school.state, "journal.log"), readFileSync(join(school.state, "journal.last.log")));
    flip(join(school.state, "journal.log"));
    const before = school.snapshot();
    const { code, stdout } = await school.now();
    expect(code).toBe(0);
    expect(stdout).toContain("the journal of the last run was damaged on disk");
    expect(school.snapshot()).toEqual(before);
  });

  test("of the mirror is healed from the remote", async () => {
    await good("one\n");
    rmSync(join(school.state, "mirror.git", "HEAD"));
    const { code, stdout } = await school.now();
    expect(code).toBe(0);
    expect(stdout).toContain("set aside");
  });
});

/** As good as a byte that the disk lost. */
function flip(path: string): void {
  const bytes = readFileSync(path);
  const at = Math.min(40, bytes.length - 2);
  bytes[at] = (bytes[at] ?? 0) ^ 0x04;
  writeFileSync(path, bytes);
}

function newestSlot(name: string): string {
  const slots = ["a", "b"].map((letter) => join(school.state, `${name}.${letter}`)).filter((path) => existsSync(path));
  const sequence = (path: string): number => Number(/"sequence":(\d+)/u.exec(readFileSync(path, "utf8"))?.[1]);
  return slots.sort((one, other) => sequence(other) - sequence(one))[0] ?? "";
}

/** To the last byte. */
function fill(folder: string): void {
  const piece = Buffer.alloc(4096);
  for (let length = 2 ** 21; length > 0; length = Math.floor(length / 2)) {
    try {
      writeFileSync(join(folder, "filler"), Buffer.alloc(length), { flag: "a" });
    } catch {
      continue;
    }
  }
  expect(() => writeFileSync(join(folder, "filler"), piece, { flag: "a" })).toThrow("ENOSPC");
}
