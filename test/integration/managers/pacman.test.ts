// pacman itself, on roots of the test's own, from repositories that the test made.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Problem, Result } from "../../../common/problem.ts";
import type { Machine } from "../../../reconciler/machine/machine.ts";
import { openMachine } from "../../../reconciler/machine/real.ts";
import { detectManager } from "../../../reconciler/resources/managers/detect.ts";
import type { PackageAction, PackageWish } from "../../../reconciler/resources/managers/manager.ts";
import { pacman } from "../../../reconciler/resources/managers/pacman/pacman.ts";
import { isRoot, isUnhindered, missingPrograms, mounts } from "../../support/needs.ts";
import { treeOf } from "../../support/tree-of.ts";
import { buildRepositories, layOutRoot, settings, TOOLS } from "./pacman-repository.ts";

const options = { signal: new AbortController().signal, timeoutMs: 60_000 };
const HELLO_2: readonly PackageAction[] = [
  { name: "hello", from: "1.0-1", to: "2.0-1" },
  { name: "libhello", from: "1.0-1", to: "2.0-1" },
];
const HELLO_1 = HELLO_2.map(({ name, from, to }) => ({ name, from: to, to: from })) as readonly PackageAction[];
const NOWHERE = "http://127.0.0.1:9/nothing";
const LOCK = "/var/lib/pacman/db.lck";

const obstacle = missingPrograms(...TOOLS);
const folder = mkdtempSync(join(tmpdir(), "pacman-"));
let repositories: readonly string[] = [];
let count = 0;

/** A root with hello, libhello and solo in version 1.0; the lists at hand are those of 2.0. */
beforeAll(async () => {
  if (obstacle !== undefined || process.geteuid?.() !== 0) return;
  repositories = await buildRepositories(folder);
  const machine = opened("first");
  layOutRoot(machine.hostPath("/"), repositories[0] ?? "");
  expect(await pacman.refresh(machine, options)).toEqual([]);
  await makeAll(machine, [wish("hello"), wish("solo"), wish("stuck")]);
  await follow(machine, `file://${repositories[1] ?? ""}`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function can(): boolean {
  return isUnhindered(obstacle) && isRoot();
}

function opened(name: string): Machine {
  mkdirSync(join(folder, name, "state"), { recursive: true });
  return openMachine({ root: join(folder, name, "root"), state: join(folder, name, "state") });
}

function copied(): Machine {
  const name = `copy-${count++}`;
  mkdirSync(join(folder, name));
  execFileSync("cp", ["-a", join(folder, "first/root"), join(folder, name, "root")]);
  return opened(name);
}

async function follow(machine: Machine, server: string): Promise<void> {
  writeFileSync(machine.hostPath("/etc/pacman.conf"), settings(server));
  if (server !== NOWHERE) expect(await pacman.refresh(machine, options)).toEqual([]);
}

function wish(name: string, version?: string): PackageWish {
  return { name, type: "installed", ...(version === undefined ? {} : { version }) };
}

function gone(name: string): PackageWish {
  return { name, type: "absent" };
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

function sorted(actions: readonly PackageAction[]): readonly PackageAction[] {
  return [...actions].sort((one, other) => (one.name < other.name ? -1 : 1));
}

async function simulated(machine: Machine, ...wishes: readonly PackageWish[]): Promise<readonly PackageAction[]> {
  return sorted(valueOf(await pacman.simulate(machine, wishes)));
}

async function makeAll(machine: Machine, wishes: readonly PackageWish[]): Promise<void> {
  const actions = await simulated(machine, ...wishes);
  expect(await pacman.download(machine, actions, options)).toEqual([]);
  expect(await pacman.perform(machine, actions, [], options)).toEqual([]);
}

async function versionsIn(machine: Machine): Promise<Record<string, string>> {
  const found = valueOf(await pacman.installed(machine));
  return Object.fromEntries([...found].map(([name, { version }]) => [name, version]));
}

function codesOf(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code }) => code);
}

async function refusal(machine: Machine, ...wishes: readonly PackageWish[]): Promise<readonly Problem[]> {
  const simulation = await pacman.simulate(machine, wishes);
  return simulation.ok ? [] : simulation.problems;
}

test("is the manager of such a root", () => {
  if (!can()) return;
  expect(detectManager(opened("first"))).toBe(pacman);
});

test("installs with what is needed, after a simulation that changes nothing, and is calm then", async () => {
  if (!can()) return;
  const machine = copied();
  const before = await treeOf(machine.files);
  const wishes = [wish("hello", "2.0-1"), wish("big"), gone("solo"), gone("nobody")];
  const actions = await simulated(machine, ...wishes);
  expect(actions).toEqual([{ name: "big", to: "2.0-1" }, ...HELLO_2, { name: "solo", from: "1.0-1" }]);
  expect(await treeOf(machine.files)).toEqual(before);
  expect(await pacman.download(machine, actions, options)).toEqual([]);
  expect(await pacman.perform(machine, actions, [], options)).toEqual([]);
  expect(await versionsIn(machine)).toEqual({ big: "2.0-1", hello: "2.0-1", libhello: "2.0-1", stuck: "1.0-1" });
  expect(await simulated(machine, ...wishes)).toEqual([]);
  expect(valueOf(await pacman.broken(machine))).toEqual([]);
});

test("what only came along is noted as such: when it comes, when it is upgraded, and when it comes back", async () => {
  if (!can()) return;
  const machine = copied();
  expect(cameAlong(machine)).toEqual(["libhello"]);
  const archives = [];
  for (const name of ["hello", "libhello"]) archives.push(await secured(machine, name, "1.0-1"));
  await makeAll(machine, [wish("hello", "2.0-1")]);
  expect(cameAlong(machine)).toEqual(["libhello"]);
  await makeAll(machine, [gone("libhello")]);
  const back = [
    { name: "hello", to: "1.0-1" },
    { name: "libhello", to: "1.0-1", pulledIn: true },
  ];
  expect(await pacman.perform(machine, back, archives, options)).toEqual([]);
  expect(cameAlong(machine)).toEqual(["libhello"]);
});

/** As pacman itself tells it. */
function cameAlong(machine: Machine): readonly string[] {
  const at = machine.hostPath("/var/lib/pacman");
  return execFileSync("pacman", ["-Qqd", "--dbpath", at]).toString().trim().split("\n");
}

test("upgrades without the network once it was fetched; an edited file stays, and the maintainer's is a hint", async () => {
  if (!can()) return;
  const machine = copied();
  expect(valueOf(await pacman.upgrades(machine)).map(({ name, from, to }) => `${name} ${from} ${to}`)).toEqual(
    expect.arrayContaining(["hello 1.0-1 2.0-1", "libhello 1.0-1 2.0-1", "solo 1.0-1 2.0-1"]),
  );
  writeFileSync(machine.hostPath("/etc/hello.conf"), "ours\n");
  const actions = await simulated(machine, { name: "hello", type: "installed", minimum: "1.5" });
  expect(actions).toEqual(HELLO_2);
  expect(await pacman.download(machine, actions, options)).toEqual([]);
  await follow(machine, NOWHERE);
  expect(await pacman.perform(machine, actions, [], options)).toEqual([]);
  expect(readFileSync(machine.hostPath("/etc/hello.conf"), "utf8")).toBe("ours\n");
  expect(await pacman.conffileHints(machine, ["hello", "solo", "nobody"])).toEqual([
    { package: "hello", path: "/etc/hello.conf", other: "/etc/hello.conf.pacnew" },
  ]);
  expect(await pacman.isAtLeast(machine, "2.0-1", "1.5")).toBe(true);
  expect(await pacman.isAtLeast(machine, "2.0-1", "1:1.0")).toBe(false);
});

test("a hold stands in a file of ours, keeps the version, and goes without a trace", async () => {
  if (!can()) return;
  const machine = copied();
  const before = await treeOf(machine.files);
  expect(await pacman.hold(machine, ["hello", "solo"], true, options)).toEqual([]);
  expect(valueOf(await pacman.installed(machine, ["hello", "libhello"]))).toEqual(
    new Map([
      ["hello", { version: "1.0-1", held: true }],
      ["libhello", { version: "1.0-1", held: false }],
    ]),
  );
  expect(valueOf(await pacman.upgrades(machine)).map(({ name }) => name)).not.toContain("hello");
  expect(codesOf(await refusal(machine, wish("hello", "2.0-1")))).toEqual(["held-back"]);
  expect(await pacman.hold(machine, ["solo"], false, options)).toEqual([]);
  expect(valueOf(await pacman.installed(machine, ["solo"])).get("solo")?.held).toBe(false);
  expect(await pacman.hold(machine, ["hello"], false, options)).toEqual([]);
  expect(await treeOf(machine.files)).toEqual(before);
});

test("a hold of somebody else is seen, and said to be theirs", async () => {
  if (!can()) return;
  const machine = copied();
  const text = settings(`file://${repositories[1] ?? ""}`).replace("CheckSpace", "CheckSpace\nIgnorePkg = lib* nano");
  writeFileSync(machine.hostPath("/etc/pacman.conf"), text);
  expect(valueOf(await pacman.installed(machine, ["libhello"])).get("libhello")?.held).toBe(true);
  expect(await pacman.hold(machine, ["libhello"], false, options)).toMatchObject([{ code: "held-elsewhere" }]);
  expect(readFileSync(machine.hostPath("/etc/pacman.conf"), "utf8")).toBe(text);
});

test("a removal tells what else goes, and takes away just that", async () => {
  if (!can()) return;
  const machine = copied();
  const actions = await simulated(machine, gone("libhello"));
  expect(actions).toEqual(["hello", "libhello", "stuck"].map((name) => ({ name, from: "1.0-1" })));
  const [problem] = await pacman.perform(machine, actions.slice(1, 2), [], options);
  expect(problem).toMatchObject({ code: "broken-dependencies" });
  expect(problem?.what).toContain("removing libhello breaks dependency 'libhello>=1.0' required by hello");
  expect(await pacman.perform(machine, actions, [], options)).toEqual([]);
  expect(await versionsIn(machine)).toEqual({ solo: "1.0-1" });
});

test("the way back needs the archives and no network, and brings back edited configuration", async () => {
  if (!can()) return;
  const machine = copied();
  writeFileSync(machine.hostPath("/etc/hello.conf"), "ours\n");
  const before = (await treeOf(machine.files)).filter(
    (line) => line.startsWith("/usr") || line.startsWith("/etc/hello"),
  );
  const archives = [];
  for (const name of ["hello", "libhello", "stuck"]) archives.push(await secured(machine, name, "1.0-1"));
  await makeAll(machine, [wish("hello", "2.0-1"), gone("stuck")]);
  await follow(machine, NOWHERE);
  emptyCache(machine);
  const back = [...HELLO_1, { name: "stuck", to: "1.0-1" }];
  expect(await pacman.perform(machine, back, archives, options)).toEqual([]);
  const after = (await treeOf(machine.files)).filter(
    (line) => line.startsWith("/usr") || line.startsWith("/etc/hello"),
  );
  expect(after).toEqual(before);

  await makeAll(machine, [gone("stuck"), gone("hello")]);
  expect(existsSync(machine.hostPath("/etc/hello.conf.pacsave"))).toBe(true);
  const again = ["hello", "stuck"].map((name) => ({ name, to: "1.0-1" }));
  expect(await pacman.perform(machine, again, archives, options)).toEqual([]);
  expect(readFileSync(machine.hostPath("/etc/hello.conf"), "utf8")).toBe("ours\n");
});

async function secured(machine: Machine, name: string, version: string): Promise<string> {
  const store = join(machine.store.hostPath("/"), `archive-${name}`);
  mkdirSync(store);
  const file = await pacman.secure(machine, { name, version }, store, options);
  expect(readdirSync(store)).toEqual([file]);
  return join(store, file ?? "");
}

function emptyCache(machine: Machine): void {
  const cache = machine.hostPath("/var/cache/pacman/pkg");
  for (const file of readdirSync(cache)) rmSync(join(cache, file));
}

test("a version of which no archive can be had is packed again from what is installed", async () => {
  if (!can()) return;
  const machine = copied();
  emptyCache(machine);
  writeFileSync(machine.hostPath("/etc/hello.conf"), "ours\n");
  const archives = [await secured(machine, "hello", "1.0-1"), await secured(machine, "libhello", "1.0-1")];
  await makeAll(machine, [wish("hello", "2.0-1")]);
  expect(await pacman.perform(machine, HELLO_1, archives, options)).toEqual([]);
  expect(await versionsIn(machine)).toMatchObject({ hello: "1.0-1", libhello: "1.0-1" });
  expect(readFileSync(machine.hostPath("/usr/share/hello/version"), "utf8")).toBe("1.0\n");
  expect(readFileSync(machine.hostPath("/etc/hello.conf"), "utf8")).toBe("ours\n");
  rmSync(machine.hostPath("/usr/share/solo/version"));
  const store = join(machine.store.hostPath("/"), "none");
  mkdirSync(store);
  expect(await pacman.secure(machine, { name: "solo", version: "1.0-1" }, store, options)).toBeUndefined();
  expect(readdirSync(store)).toEqual([]);
});

test("what cannot stay beside something new is shown beforehand, and goes with the same transaction", async () => {
  if (!can()) return;
  const machine = copied();
  const actions = await simulated(machine, wish("rival"));
  expect(actions).toEqual([
    { name: "rival", to: "2.0-1" },
    { name: "solo", from: "1.0-1" },
  ]);
  expect(await pacman.download(machine, actions, options)).toEqual([]);
  expect(codesOf(await pacman.perform(machine, actions.slice(0, 1), [], options))).toEqual(["surprise"]);
  expect(await versionsIn(machine)).toMatchObject({ solo: "1.0-1" });
  expect(await pacman.perform(machine, actions, [], options)).toEqual([]);
  expect(Object.keys(await versionsIn(machine)).sort()).toEqual(["hello", "libhello", "rival", "stuck"]);
});

test("what does not fit, or is not there, is said in a word, and nothing is done", async () => {
  if (!can()) return;
  const machine = copied();
  const before = await treeOf(machine.files);
  expect(await refusal(machine, wish("lonely"))).toMatchObject([
    {
      code: "broken-dependencies",
      what: "the packages do not fit together: unable to satisfy dependency 'nobody-has-this' required by lonely",
    },
  ]);
  expect(codesOf(await refusal(machine, wish("rival"), wish("solo", "2.0-1")))).toEqual(["wishes-clash"]);
  expect(await refusal(machine, wish("nosuch"))).toMatchObject([{ code: "unknown-package", where: { key: "nosuch" } }]);
  expect(await refusal(machine, wish("hello", "3.0-1"))).toMatchObject([{ code: "no-such-version" }]);
  expect(codesOf(await refusal(machine, wish("--sysroot=/")))).toEqual(["package-name"]);
  expect(codesOf(await refusal(machine, wish("hello", "-dd")))).toEqual(["package-version"]);
  expect(codesOf(await pacman.perform(machine, [{ name: "solo", from: "0.9-1" }], [], options))).toEqual(["surprise"]);
  expect(codesOf(await pacman.perform(machine, HELLO_2, [], options))).toEqual(["not-fetched"]);
  expect(await treeOf(machine.files)).toEqual(before);
});

test("killed in the middle: its lock names it while it lives; then what is half done is told, and repaired", async () => {
  if (!can()) return;
  const machine = copied();
  execFileSync("mkfifo", [machine.hostPath("/gate")]);
  const actions = await simulated(machine, wish("hello", "2.0-1"), wish("stuck", "2.0-1"));
  expect(await pacman.download(machine, actions, options)).toEqual([]);
  const reached = appears(machine.hostPath("/"), "reached");
  const performing = pacman.perform(machine, actions, [], options);
  await reached;
  const holder = await pacman.lockHolder(machine);
  const pid = Number(/^pacman \(process (\d+)\)$/u.exec(holder ?? "")?.[1]);
  expect(pid).toBeGreaterThan(1);
  expect(valueOf(await pacman.broken(machine))).toEqual([]);
  expect(await pacman.perform(machine, [{ name: "solo", from: "1.0-1" }], [], options)).toMatchObject([
    { code: "manager-locked", what: `${holder ?? ""} is at work on the packages of this server` },
  ]);
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8")
    .split(" ")
    .filter((each) => each !== "");
  process.kill(pid, "SIGKILL");
  for (const child of children) process.kill(Number(child), "SIGKILL");
  expect(codesOf(await performing)).toEqual(["manager-failed"]);

  rmSync(machine.hostPath("/gate"));
  expect(await versionsIn(machine)).toMatchObject({ hello: "2.0-1", stuck: "1.0-1" });
  expect(await pacman.lockHolder(machine)).toBeUndefined();
  expect(valueOf(await pacman.broken(machine))).toEqual(["stuck", LOCK]);
  await follow(machine, NOWHERE);
  expect(await pacman.repair(machine, options)).toEqual([]);
  expect(await versionsIn(machine)).toMatchObject({ hello: "2.0-1", libhello: "2.0-1", stuck: "2.0-1" });
  expect(valueOf(await pacman.broken(machine))).toEqual([]);
});

function appears(directory: string, name: string): Promise<void> {
  return new Promise((resolve) => {
    const watcher = watch(directory, () => {
      if (!existsSync(join(directory, name))) return;
      watcher.close();
      resolve();
    });
  });
}

test("an entry that lost a part is told and made whole, from its archive or from the repository", async () => {
  if (!can()) return;
  for (const withoutArchives of [false, true]) {
    const machine = copied();
    if (withoutArchives) emptyCache(machine);
    rmSync(machine.hostPath("/var/lib/pacman/local/solo-1.0-1/desc"));
    rmSync(machine.hostPath("/usr/share/solo/version"));
    expect(valueOf(await pacman.broken(machine))).toEqual(["solo"]);
    expect(await pacman.repair(machine, options)).toEqual([]);
    expect(valueOf(await pacman.broken(machine))).toEqual([]);
    const version = withoutArchives ? "2.0" : "1.0";
    expect(await versionsIn(machine)).toMatchObject({ solo: `${version}-1` });
    expect(readFileSync(machine.hostPath("/usr/share/solo/version"), "utf8")).toBe(`${version}\n`);
  }
});

test("a repository that does not answer is named", async () => {
  if (!can()) return;
  const machine = copied();
  await follow(machine, NOWHERE);
  const [problem, ...more] = await pacman.refresh(machine, options);
  expect(more).toEqual([]);
  expect(problem?.code).toBe("repository-unreachable");
  expect(problem?.what).toContain("lab.db from 127.0.0.1:9");
  expect(codesOf(await pacman.download(machine, HELLO_2, options))).toContain("repository-unreachable");
  expect(existsSync(machine.hostPath(LOCK))).toBe(false);
});

test("a disk without room is said to be full, and nothing is done", async () => {
  if (!can()) return;
  const name = `copy-${count++}`;
  const root = join(folder, name, "root");
  mkdirSync(root, { recursive: true });
  if (!mounts(root, "-t", "tmpfs", "-o", "size=7m", "none")) return;
  try {
    execFileSync("cp", ["-a", `${join(folder, "first/root")}/.`, root]);
    const machine = opened(name);
    const actions = await simulated(machine, wish("big"));
    expect(await pacman.download(machine, actions, options)).toEqual([]);
    expect(codesOf(await pacman.perform(machine, actions, [], options))).toContain("no-space");
    expect(await versionsIn(machine)).not.toHaveProperty("big");
    expect(valueOf(await pacman.broken(machine))).toEqual([]);
  } finally {
    execFileSync("umount", [root]);
  }
});

test("a run without time begins nothing", async () => {
  if (!can()) return;
  const machine = copied();
  const late = { ...options, signal: AbortSignal.abort() };
  expect(codesOf(await pacman.refresh(machine, late))).toEqual(["manager-aborted"]);
  expect(codesOf(await pacman.perform(machine, HELLO_2, [], late))).toEqual(["manager-aborted"]);
});
