// What dnf and zypper have to do alike, told once: each test in a root of its own, with base, hello 1.0 and libhello 1.0.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import type { Problem, Result } from "../../../common/problem.ts";
import { openMachine } from "../../../reconciler/machine/real.ts";
import type { Machine } from "../../../reconciler/machine/machine.ts";
import type { PackageAction, PackageManager, PackageWish } from "../../../reconciler/resources/managers/manager.ts";
import { isRoot, isUnhindered, missingPrograms, mounts } from "../../support/needs.ts";
import { buildRepository, serve, type Served } from "./rpm-repository.ts";

export interface Place {
  readonly manager: PackageManager;
  /** Where the manager looks for repositories, and what it calls a file that holds its lock. */
  readonly repositories: string;
  readonly pidFile: string;
  readonly program: string;
  /** Kills the manager that works in a scriptlet of this process. */
  readonly killed: (pid: number, parent: number) => readonly number[];
}

const options = { signal: new AbortController().signal, timeoutMs: 60_000 };
const HELLO_2: readonly PackageAction[] = [
  { name: "hello", from: "1.0-1", to: "2.0-1" },
  { name: "libhello", from: "1.0-1", to: "2.0-1" },
];
const HELLO_1 = HELLO_2.map(({ name, from, to }) => ({ name, from: to, to: from })) as readonly PackageAction[];

export function tellStory({ manager, repositories, pidFile, program, killed }: Place): void {
  const missing = missingPrograms(program, "rpm", "rpmbuild", "createrepo_c", "modifyrepo_c");
  const can = (): boolean => isUnhindered(missing) && isRoot();
  const folder = mkdtempSync(`${tmpdir()}/managers-${manager.name}-`);
  let served: Served | undefined;
  let repository = "";
  let count = 0;

  beforeAll(async () => {
    if (missing !== undefined || process.geteuid?.() !== 0) return;
    repository = buildRepository(folder);
    served = await serve(repository);
    const machine = newRoot(`${folder}/first`);
    expect(await manager.refresh(machine, options)).toEqual([]);
    const wishes = [wish("base"), wish("hello", "1.0-1"), wish("libhello", "1.0-1")];
    const actions = valueOf(await manager.simulate(machine, wishes));
    expect(await manager.perform(machine, await fetched(machine, actions), [], options)).toEqual([]);
  }, 60_000);

  afterAll(async () => {
    await served?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("installs with what is needed, after a simulation that changes nothing", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    const before = treeOf(machine);
    const actions = valueOf(await manager.simulate(machine, [wish("hello", "2.0-1"), wish("stuck"), gone("base")]));
    expect(sorted(actions)).toEqual([{ name: "base", from: "1.0-1" }, ...HELLO_2, { name: "stuck", to: "2.0-1" }]);
    expect(treeOf(machine)).toEqual(before);
    expect(await manager.perform(machine, await fetched(machine, actions), [], options)).toEqual([]);
    expect(await versionsIn(machine)).toEqual({ hello: "2.0-1", libhello: "2.0-1", stuck: "2.0-1" });
    expect(await manager.simulate(machine, [wish("hello", "2.0-1"), wish("stuck"), gone("base")])).toEqual(success([]));
    expect(await manager.broken(machine)).toEqual(success([]));
  }, 60_000);

  test("upgrades without the network once it was fetched, and keeps edited configuration", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    expect(sorted(valueOf(await manager.upgrades(machine)))).toEqual([
      { name: "hello", from: "1.0-1", to: "2.0-1", security: false },
      { name: "libhello", from: "1.0-1", to: "2.0-1", security: true },
    ]);
    for (const name of ["hello.conf", "hello.rc"]) writeFileSync(machine.hostPath(`/etc/${name}`), "ours\n");
    const actions = valueOf(await manager.simulate(machine, [minimum("hello", "1.5")]));
    expect(sorted(actions)).toEqual(HELLO_2);
    await fetched(machine, actions);
    await offline(() => manager.perform(machine, actions, [], options));
    expect(await versionsIn(machine)).toEqual({ base: "1.0-1", hello: "2.0-1", libhello: "2.0-1" });
    const hints = await manager.conffileHints(machine, ["hello", "libhello"]);
    expect([...hints].sort((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
      { package: "hello", path: "/etc/hello.conf", other: "/etc/hello.conf.rpmnew" },
      { package: "hello", path: "/etc/hello.rc", other: "/etc/hello.rc.rpmnew" },
    ]);
    for (const name of ["hello.conf", "hello.rc"]) {
      expect(textOf(machine, `/etc/${name}`)).toBe("ours\n");
      expect(textOf(machine, `/etc/${name}.rpmnew`)).toBe("2.0\n");
    }
  }, 60_000);

  test("goes back to the version before from its archive, without the network", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    const store = machine.store.hostPath("/archives");
    mkdirSync(store);
    const files = [];
    for (const { name, from = "" } of HELLO_2) {
      files.push(await manager.secure(machine, { name, version: from }, store, options));
    }
    expect(files).toEqual(["hello-1.0-1.noarch.rpm", "libhello-1.0-1.noarch.rpm"]);
    const none = await manager.secure(machine, { name: "hello", version: "0.5-1" }, store, options);
    expect(none).toBeUndefined();
    expect(await manager.perform(machine, await fetched(machine, HELLO_2), [], options)).toEqual([]);
    const archives = files.map((file) => `${store}/${String(file)}`);
    await offline(() => manager.perform(machine, HELLO_1, archives, options));
    expect(await versionsIn(machine)).toEqual({ base: "1.0-1", hello: "1.0-1", libhello: "1.0-1" });
    expect(textOf(machine, "/usr/share/hello/version")).toBe("1.0\n");
  }, 60_000);

  test("holds a package, and lets go of it", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    expect(await manager.hold(machine, ["libhello"], true, options)).toEqual([]);
    expect(valueOf(await manager.installed(machine)).get("libhello")).toEqual({ version: "1.0-1", held: true });
    expect(codesOf(await manager.simulate(machine, [wish("libhello", "2.0-1")]))).toEqual(["held-back"]);
    expect(codesOf(await manager.simulate(machine, [wish("hello", "2.0-1")]))).toEqual(["held-back"]);
    expect(codesOf(await manager.simulate(machine, [gone("libhello")]))).toEqual(["held-back"]);
    expect(codes(await manager.perform(machine, HELLO_2, [], options))).toEqual(["held-back"]);
    expect(await manager.hold(machine, ["libhello"], false, options)).toEqual([]);
    expect(valueOf(await manager.installed(machine, ["libhello"])).get("libhello")?.held).toBe(false);
    expect(sorted(valueOf(await manager.simulate(machine, [wish("hello", "2.0-1")])))).toEqual(HELLO_2);
  }, 60_000);

  test("removes a package with what cannot be without it", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    const actions = valueOf(await manager.simulate(machine, [gone("libhello")]));
    expect(sorted(actions)).toEqual([
      { name: "hello", from: "1.0-1" },
      { name: "libhello", from: "1.0-1" },
    ]);
    await offline(() => manager.perform(machine, actions, [], options));
    expect(await versionsIn(machine)).toEqual({ base: "1.0-1" });
    expect(existsSync(machine.hostPath("/usr/share/hello"))).toBe(false);
  }, 60_000);

  test("tells what comes because another one needs it", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    await done(machine, valueOf(await manager.simulate(machine, [gone("libhello")])));
    const actions = valueOf(await manager.simulate(machine, [wish("hello")]));
    expect(sorted(actions)).toEqual([
      { name: "hello", to: "2.0-1" },
      { name: "libhello", to: "2.0-1", pulledIn: true },
    ]);
    await done(machine, actions);
    expect(await versionsIn(machine)).toEqual({ base: "1.0-1", hello: "2.0-1", libhello: "2.0-1" });
  }, 60_000);

  test("makes the planned transaction or none", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    const before = treeOf(machine);
    const [hello] = HELLO_2;
    expect(codes(await manager.perform(machine, hello === undefined ? [] : [hello], [], options))).toEqual([
      "surprise",
    ]);
    const dependent = [{ name: "libhello", from: "1.0-1" }];
    expect(codes(await manager.perform(machine, dependent, [], options))).toEqual(["surprise"]);
    const moved = [{ name: "hello", from: "0.9-1", to: "2.0-1" }];
    expect(codes(await manager.perform(machine, moved, [], options))).toEqual(["surprise"]);
    expect(treeOf(machine)).toEqual(before);
  }, 60_000);

  test("tells what cannot be had", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    const unknown = await manager.simulate(machine, [wish("nobody-has-this"), wish("hello", "9.0"), wish("stuck")]);
    expect(codesOf(unknown)).toEqual(["unknown-package", "no-such-version"]);
    const lonely = await manager.simulate(machine, [wish("lonely")]);
    expect(codesOf(lonely)).toEqual(["broken-dependencies"]);
    expect(problemsOf(lonely)[0]?.what).toContain("something-nobody-has");
    const named = await manager.simulate(machine, [wish("--root=/"), wish("hello", "$(reboot)")]);
    expect(codesOf(named)).toEqual(["package-name", "package-version"]);
  }, 60_000);

  test("an upgrade that was killed in the middle is found and ended", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    await done(machine, [{ name: "stuck", to: "1.0-1" }]);
    const upgrade = [{ name: "stuck", from: "1.0-1", to: "2.0-1" }];
    await fetched(machine, upgrade);
    await killedIn(machine, upgrade);
    expect(await manager.broken(machine)).toEqual(success(["stuck"]));
    expect(await manager.repair(machine, options)).toEqual([]);
    expect(await manager.broken(machine)).toEqual(success([]));
    expect((await versionsIn(machine))["stuck"]).toBe("2.0-1");
    expect(textOf(machine, "/usr/share/stuck/version")).toBe("2.0\n");
  }, 60_000);

  test("a removal that was killed in the middle is found and ended", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    await done(machine, [{ name: "stuck", to: "1.0-1" }]);
    await killedIn(machine, [{ name: "stuck", from: "1.0-1" }]);
    expect(await manager.broken(machine)).toEqual(success(["stuck"]));
    expect(await manager.repair(machine, options)).toEqual([]);
    expect(await manager.broken(machine)).toEqual(success([]));
    expect(await versionsIn(machine)).toEqual({ base: "1.0-1", hello: "1.0-1", libhello: "1.0-1" });
  }, 60_000);

  test("files that a killed transaction lost are written again", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    writeFileSync(machine.store.hostPath("/rpm-unfinished.json"), JSON.stringify(HELLO_2));
    rmSync(machine.hostPath("/usr/share/hello/version"));
    expect(sorted(valueOf(await manager.broken(machine)))).toEqual(["hello", "libhello"]);
    expect(await manager.repair(machine, options)).toEqual([]);
    expect(textOf(machine, "/usr/share/hello/version")).toBe("1.0\n");
    expect(await manager.broken(machine)).toEqual(success([]));
  }, 60_000);

  test("says who holds the lock, and waits for nobody", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    expect(await manager.lockHolder(machine)).toBeUndefined();
    mkdirSync(machine.hostPath(pidFile.replace(/\/[^/]+$/u, "")), { recursive: true });
    writeFileSync(machine.hostPath(pidFile), `${process.pid}`);
    expect(await manager.lockHolder(machine)).toContain(`(process ${process.pid})`);
    const problems = await manager.perform(machine, HELLO_2, [], options);
    expect(codes(problems)).toEqual(["manager-locked"]);
    expect(problems[0]?.what).toContain(String(process.pid));
    expect(codes(await manager.repair(machine, options))).toEqual(["manager-locked"]);
    expect(await versionsIn(machine)).toMatchObject({ hello: "1.0-1" });
  }, 60_000);

  test("a full disk is told, and nothing is left half done", async () => {
    if (!can()) return;
    const root = `${folder}/small`;
    mkdirSync(root);
    if (!mounts(root, "-t", "tmpfs", "-o", "size=24m", "tmpfs")) return;
    try {
      execFileSync("cp", ["-a", `${folder}/first/root/.`, root]);
      mkdirSync(`${folder}/small-state`);
      const machine = openMachine({ root, state: `${folder}/small-state` });
      const actions = [{ name: "huge", to: "1.0-1" }];
      await fetched(machine, actions);
      expect(codes(await manager.perform(machine, actions, [], options))).toEqual(["no-space"]);
      expect(await manager.broken(machine)).toEqual(success([]));
      expect(await versionsIn(machine)).toEqual({ base: "1.0-1", hello: "1.0-1", libhello: "1.0-1" });
    } finally {
      execFileSync("umount", [root]);
    }
  }, 60_000);

  test("a repository that does not answer is named, and the others are asked", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    writeRepository(machine, "nowhere", "http://127.0.0.1:9/");
    const problems = await manager.refresh(machine, options);
    expect(codes(problems)).toEqual(["repository-unreachable"]);
    expect(problems[0]?.what).toContain("nowhere");
    expect(sorted(valueOf(await manager.simulate(machine, [wish("hello", "2.0-1")])))).toEqual(HELLO_2);
    rmSync(machine.hostPath(`${repositories}/nowhere.repo`));
    await offline(async () => {
      expect(codes(await manager.download(machine, HELLO_2, options))).toEqual(["repository-unreachable"]);
      return [];
    });
  }, 60_000);

  test("a damaged database is found and built again", async () => {
    if (!can()) return;
    const machine = copiedRoot();
    expect(valueOf(await manager.installed(machine)).size).toBe(3);
    const scramble = "update Packages set blob=x'00112233' where hnum=(select max(hnum) from Packages)";
    const script = `import sqlite3,sys; c=sqlite3.connect(sys.argv[1]); c.execute("${scramble}"); c.commit()`;
    execFileSync("python3", ["-c", script, machine.hostPath("/.rpmdb/rpmdb.sqlite")]);
    expect(codesOf(await manager.installed(machine))).toEqual(["rpm-database"]);
    expect(await manager.broken(machine)).toEqual(success(["the database of rpm"]));
    expect(await manager.repair(machine, options)).toEqual([]);
    expect(await manager.broken(machine)).toEqual(success([]));
    expect(valueOf(await manager.installed(machine)).size).toBe(2);
  }, 60_000);

  function newRoot(place: string): Machine {
    mkdirSync(`${place}/root${repositories}`, { recursive: true });
    mkdirSync(`${place}/state`);
    const machine = openMachine({ root: `${place}/root`, state: `${place}/state` });
    writeRepository(machine, "local", served?.url ?? "");
    return machine;
  }

  function copiedRoot(): Machine {
    const place = `${folder}/${++count}`;
    execFileSync("cp", ["-a", `${folder}/first`, place]);
    return openMachine({ root: `${place}/root`, state: `${place}/state` });
  }

  function writeRepository(machine: Machine, name: string, address: string): void {
    const text = `[${name}]\nname=${name}\nenabled=1\nautorefresh=1\nbaseurl=${address}\ngpgcheck=0\n`;
    writeFileSync(machine.hostPath(`${repositories}/${name}.repo`), text);
  }

  async function fetched(machine: Machine, actions: readonly PackageAction[]): Promise<readonly PackageAction[]> {
    expect(await manager.download(machine, actions, options)).toEqual([]);
    return actions;
  }

  async function done(machine: Machine, actions: readonly PackageAction[]): Promise<void> {
    expect(await manager.perform(machine, await fetched(machine, actions), [], options)).toEqual([]);
  }

  /** Begins the actions, and kills the manager once it is inside a scriptlet of them. */
  async function killedIn(machine: Machine, actions: readonly PackageAction[]): Promise<void> {
    writeFileSync(machine.hostPath("/wait-here"), "");
    const ending = manager.perform(machine, actions, [], options);
    const [pid = 0, parent = 0] = await processesIn(machine, ending);
    expect(await manager.lockHolder(machine)).toMatch(/\(process \d+\)/u);
    for (const each of killed(pid, parent)) process.kill(each, "SIGKILL");
    expect(await ending).not.toEqual([]);
    rmSync(machine.hostPath("/wait-here"));
  }

  async function processesIn(machine: Machine, ending: Promise<unknown>): Promise<readonly number[]> {
    const state = { over: false };
    void ending.then(() => (state.over = true));
    while (!state.over) {
      const path = machine.hostPath("/waiting");
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      if (text.endsWith(".")) return text.split(" ").slice(0, 2).map(Number);
      await delay(10);
    }
    throw new Error("the transaction ended before it came to the place where it waits");
  }

  /** While nobody answers for the repository; what it resolves to has to be without problems. */
  async function offline(act: () => Promise<readonly Problem[]>): Promise<void> {
    const port = Number(new URL(served?.url ?? "").port);
    await served?.close();
    try {
      expect(await act()).toEqual([]);
    } finally {
      served = await serve(repository, port);
    }
  }

  async function versionsIn(machine: Machine): Promise<Record<string, string>> {
    const entries = [...valueOf(await manager.installed(machine))];
    return Object.fromEntries(entries.map(([name, { version }]) => [name, version]));
  }
}

/** Everything but what a manager may write while it only looks: its caches, its log, and what SQLite keeps in order. */
function treeOf(machine: Machine): string {
  const skip = [
    "./var/cache",
    "./var/log",
    "./run",
    "./.rpmdb/*-shm",
    "./.rpmdb/*-wal",
    "./.rpmdb/.rpm.lock",
    "./var/lib/dnf/history.sqlite",
  ];
  const find = ["-type", "f", ...skip.flatMap((path) => ["-not", "-path", `${path}*`]), "-printf", "%p %s %T@\\n"];
  const told = execFileSync("find", [".", ...find], { cwd: machine.hostPath("/"), encoding: "utf8" });
  return told.split("\n").sort().join("\n");
}

function wish(name: string, version?: string): PackageWish {
  return { name, type: "installed", ...(version === undefined ? {} : { version }) };
}

function minimum(name: string, least: string): PackageWish {
  return { name, type: "installed", minimum: least };
}

function gone(name: string): PackageWish {
  return { name, type: "absent" };
}

function success<T>(value: T): Result<T> {
  return { ok: true, value };
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problems.map(({ code, what }) => `${code}: ${what}`).join("\n"));
  return result.value;
}

function problemsOf(result: Result<unknown>): readonly Problem[] {
  return result.ok ? [] : result.problems;
}

function codesOf(result: Result<unknown>): readonly string[] {
  return codes(problemsOf(result));
}

function codes(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code }) => code);
}

function sorted<T extends string | { readonly name: string }>(list: readonly T[]): readonly T[] {
  const key = (item: T): string => (typeof item === "string" ? item : item.name);
  return [...list].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function textOf(machine: Machine, path: string): string {
  return readFileSync(machine.hostPath(path), "utf8");
}
