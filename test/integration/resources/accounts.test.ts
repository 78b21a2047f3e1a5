// Users and groups in real account files, beside the real programs that change and check them.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync, spawn, spawnSync, type ChildProcess } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Machine } from "../../../reconciler/machine/machine.ts";
import { openMachine } from "../../../reconciler/machine/real.ts";
import { ETC, group, NONE, perform, release, service, stepsOf, undo, user } from "../../support/accounts.ts";
import { PowerCut } from "../../support/memory-files.ts";
import { hasPrograms, isRoot, isUnhindered, missingPrograms } from "../../support/needs.ts";
import { PowerSupply } from "../../support/power.ts";
import { treeOf } from "../../support/tree-of.ts";

const STEPS = stepsOf();
/** Accounts without the lines that nobody can read: the checking programs have an opinion on those. */
const KIWIX = [
  group("kiwix", NONE, 300),
  user("kiwix", NONE, service(310, "kiwix", { groups: ["adm"], home: "/var/lib/kiwix" })),
];

let folder: string;
let root: string;
let machine: Machine;
let children: ChildProcess[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "accounts-"));
  root = join(folder, "root");
  mkdirSync(join(folder, "state"));
  layOut(ETC);
  machine = openMachine({ root, state: join(folder, "state") });
  children = [];
});

afterEach(async () => {
  for (const child of children) await ended(child);
  rmSync(folder, { recursive: true });
});

function layOut(files: Readonly<Record<string, string>>): void {
  rmSync(root, { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(root + path), { recursive: true });
    writeFileSync(root + path, text, "latin1");
    chmodSync(root + path, path.includes("shadow") ? 0o640 : 0o644);
  }
}

/** Only what pwck and grpck have nothing against. */
function layOutClean(): void {
  const clean = (text: string): string =>
    text
      .split("\n")
      .filter((line) => !/^$|^#|^broken|^\+/u.test(line))
      .join("\n") + "\n";
  layOut(Object.fromEntries(Object.entries(ETC).map(([path, text]) => [path, clean(text)])));
}

function textOf(path: string): string {
  return readFileSync(root + path, "latin1");
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await gone;
}

/** A program of the test's own that lives until the test ends it. */
function living(program: string, ...args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  return child;
}

/** Time flies, so that nobody waits for a lock in a test. */
function impatient(real: Machine): Machine {
  let nowMs = 0;
  return { ...real, clock: { ...real.clock, monotonicMs: () => (nowMs += 60_000) } };
}

test("a run and its way back leave every byte, mode and owner as it was", async () => {
  const before = await treeOf(machine.files);
  expect(await perform(machine, STEPS)).toEqual([]);
  expect(textOf("/etc/passwd")).toContain("kiwix:x:310:300::/var/lib/kiwix:/usr/sbin/nologin\n");
  expect(await undo(machine, STEPS)).toEqual([]);
  expect(await release(machine, STEPS)).toEqual([]);
  expect(await treeOf(machine.files)).toEqual(before);
});

test("for every step n of a run: the power goes there, and walking back gives exactly what was there", async () => {
  const before = await treeOf(machine.files);
  let cuts = 0;
  for (let n = 1; !(await cutAt(n, () => perform(machine, STEPS))); n++) {
    cuts++;
    expect(await undo(machine, STEPS)).toEqual([]);
    await release(machine, STEPS);
    expect(await treeOf(machine.files)).toEqual(before);
  }
  expect(cuts).toBeGreaterThan(30);
});

test("for every step n of a way back: the power goes there, and the next one ends it", async () => {
  const before = await treeOf(machine.files);
  let cuts = 0;
  for (let n = 1, isOver = false; !isOver; n++) {
    expect(await perform(machine, STEPS)).toEqual([]);
    isOver = await cutAt(n, walkBack);
    cuts++;
    await walkBack();
    expect(await treeOf(machine.files)).toEqual(before);
  }
  expect(cuts).toBeGreaterThan(20);
});

async function walkBack(): Promise<void> {
  expect(await undo(machine, STEPS)).toEqual([]);
  expect(await release(machine, STEPS)).toEqual([]);
}

/** True when it ended before the n-th change of a file. */
async function cutAt(n: number, act: () => Promise<unknown>): Promise<boolean> {
  const whole = machine;
  const power = new PowerSupply();
  power.cutAt(n);
  machine = { ...whole, files: power.plug(whole.files) };
  await act().catch((error: unknown) => {
    if (!(error instanceof PowerCut)) throw error;
  });
  machine = whole;
  return power.isOn;
}

describe("beside the programs of the system", () => {
  /** As if the account files were those of this machine; nobody else sees them. */
  function inside(...argv: readonly string[]): string {
    const script = 'mount --bind "$0" /etc && exec "$@"';
    const { stdout } = spawnSync("unshare", ["--mount", "sh", "-c", script, join(root, "etc"), ...argv], {
      encoding: "utf8",
    });
    return stdout.trim();
  }

  const obstacle = missingPrograms("unshare", "mount", "getent", "id", "pwck", "grpck");

  test("the system itself knows the new user, its groups, and that no password opens it", async () => {
    if (!isUnhindered(obstacle) || !isRoot()) return;
    layOutClean();
    expect(await perform(machine, stepsOf(KIWIX))).toEqual([]);
    expect(inside("id", "kiwix")).toBe("uid=310(kiwix) gid=300(kiwix) groups=300(kiwix),4(adm)");
    expect(inside("getent", "shadow", "kiwix")).toBe("kiwix:!*:::::::");
    expect(inside("getent", "passwd", "310")).toBe("kiwix:x:310:300::/var/lib/kiwix:/usr/sbin/nologin");
  });

  test("pwck and grpck find nothing new to complain of but homes, which are not made on purpose", async () => {
    if (!isUnhindered(obstacle) || !isRoot()) return;
    layOutClean();
    const complaints = (): readonly string[] => [inside("pwck", "-r"), inside("grpck", "-r")].join("\n").split("\n");
    const before = new Set(complaints());
    expect(before.size).toBeGreaterThan(1);
    expect(await perform(machine, STEPS)).toEqual([]);
    const news = complaints().filter((line) => !before.has(line));
    expect(news.filter((line) => !/^user '.+': directory '.+' does not exist$/u.test(line))).toEqual([]);
  });

  test("an account that useradd made meanwhile stays when the run is taken back", async () => {
    if (!hasPrograms("useradd", "userdel")) return;
    layOutClean();
    expect(await perform(machine, stepsOf(KIWIX))).toEqual([]);
    execFileSync("useradd", ["--prefix", root, "--system", "--no-create-home", "--uid", "400", "moodle"]);
    expect(await undo(machine, stepsOf(KIWIX))).toEqual([]);
    await release(machine, stepsOf(KIWIX));
    expect(textOf("/etc/passwd")).toMatch(/^moodle:x:400:/mu);
    expect(textOf("/etc/passwd") + textOf("/etc/group") + textOf("/etc/shadow")).not.toContain("kiwix");
    execFileSync("userdel", ["--prefix", root, "moodle"]);
    expect(readdirSync(join(root, "etc")).filter((name) => name.startsWith(".reconciler"))).toEqual([]);
  });

  test("useradd waits outside while we change the files, and adds to what we made", async () => {
    if (!hasPrograms("useradd")) return;
    layOutClean();
    const create = machine.files.create.bind(machine.files);
    let useradd: Promise<unknown> = Promise.resolve("not begun");
    const files: Machine["files"] = {
      ...machine.files,
      create: async (path, bytes, permissions) => {
        await create(path, bytes, permissions);
        if (!path.endsWith(".passwd.new~")) return;
        const tries = triesToLock();
        const child = living("useradd", "--prefix", root, "--system", "--uid", "400", "moodle");
        useradd = new Promise((resolve) => child.once("exit", resolve));
        await Promise.race([tries, useradd]);
        expect(child.exitCode).toBeNull();
      },
    };
    expect(await perform({ ...machine, files }, stepsOf(KIWIX))).toEqual([]);
    expect(await useradd).toBe(0);
    expect(textOf("/etc/passwd")).toMatch(/^kiwix:x:310:[^]*^moodle:x:400:/mu);
  });

  /** A program that wants a lock puts its number into a file of its own first, such as passwd.1234. */
  function triesToLock(): Promise<void> {
    return new Promise((resolve) => {
      const watcher = watch(join(root, "etc"), (_, name) => {
        if (name === null || !/^passwd\.\d+$/u.test(name)) return;
        watcher.close();
        resolve();
      });
    });
  }
});

describe("a lock of somebody else", () => {
  test("with a living process is respected, and named", async () => {
    const holder = living("cat");
    writeFileSync(join(root, "etc/group.lock"), `${holder.pid}\0`);
    const before = await treeOf(machine.files);
    const [problem] = await perform(impatient(machine), STEPS);
    expect(problem).toMatchObject({
      code: "accounts-locked",
      what: `somebody else is changing users or groups (process ${holder.pid})`,
    });
    expect(await treeOf(machine.files)).toEqual(before);
  });

  test("is waited for, and taken over once its process is gone", async () => {
    const holder = living("cat");
    writeFileSync(join(root, "etc/passwd.lock"), `${holder.pid}\0`);
    let looks = 0;
    const query: Machine["query"] = async (argv, options) => {
      if (argv[0] === "test" && ++looks === 2) await ended(holder);
      return machine.query(argv, options);
    };
    expect(await perform({ ...machine, query }, STEPS)).toEqual([]);
    expect(looks).toBe(2);
    expect(readdirSync(join(root, "etc"))).not.toContain("passwd.lock");
  });

  test("of lckpwdf(3), which only the kernel knows of, is respected", async () => {
    if (!hasPrograms("perl")) return;
    const lock = join(root, "etc/.pwd.lock");
    writeFileSync(lock, "");
    const script =
      'open(F, "+<", $ARGV[0]); my $lock = pack("s s x4 q q l x4", 1, 0, 0, 0, 0); fcntl(F, 6, $lock) or die; syswrite(STDOUT, "held\n"); <STDIN>';
    const holder = living("perl", "-e", script, lock);
    await new Promise((resolve) => holder.stdout?.once("data", resolve));
    const [problem] = await perform(impatient(machine), STEPS);
    expect(problem?.what).toBe(`somebody else is changing users or groups (process ${holder.pid})`);
    await ended(holder);
    expect(await perform(machine, STEPS)).toEqual([]);
  });
});

test("a link in the place of an account file is not followed", async () => {
  writeFileSync(join(folder, "outside"), "root:x:0:0::/root:/bin/sh\n");
  rmSync(join(root, "etc/passwd"));
  symlinkSync(join(folder, "outside"), join(root, "etc/passwd"));
  expect(await perform(machine, STEPS)).toMatchObject([{ code: "file-eloop", where: { file: "/etc/passwd" } }]);
  expect(readFileSync(join(folder, "outside"), "utf8")).toBe("root:x:0:0::/root:/bin/sh\n");
});
