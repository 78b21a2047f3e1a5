// A run whose time is over, and a real process that is still at it: who is ended, who is left alone, who gets more time.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { lockOverdue } from "../../../reconciler/deadman/overdue.ts";
import type { Ground } from "../../../reconciler/ground.ts";
import type { Lock } from "../../../reconciler/machine/lock.ts";
import { processAt } from "../../../reconciler/machine/processes.ts";
import { openFiles } from "../../../reconciler/machine/real-files.ts";
import { frame } from "../../../reconciler/state/frame.ts";
import type { Result } from "../../../common/problem.ts";

const RUN = "20261123T163522123Z-1a2b";
/** Nobody waits that long here. */
const LONG_MS = 3_600_000;

let shared: string;
let program: string;
let folder: string;
let told: string[];
let children: ChildProcess[];
/** Numbers of the programs that they started. */
let workers: number[];

beforeAll(() => {
  shared = mkdtempSync(join(tmpdir(), "overdue-"));
  program = join(shared, "holder.mjs");
  const source = join(shared, "holder.ts");
  writeFileSync(
    source,
    `import { spawn } from "node:child_process";
    import { takeLock } from ${JSON.stringify(resolve("reconciler/machine/lock.ts"))};
    const [, , path = "", waitMs = "0"] = process.argv;
    process.on("SIGTERM", () => undefined);
    if (waitMs !== "0") console.log("waits");
    await takeLock(path, { waitMs: Number(waitMs) });
    const worker = spawn("sleep", ["infinity"], { detached: true, stdio: "ignore" });
    console.log(worker.pid);
    setInterval(() => undefined, 1000);`,
  );
  const options = ["--bundle", "--platform=node", "--format=esm", "--log-level=error", `--outfile=${program}`];
  execFileSync(resolve("node_modules/.bin/esbuild"), [source, ...options]);
});

afterAll(() => rmSync(shared, { recursive: true }));

beforeEach(() => {
  folder = mkdtempSync(join(shared, "state-"));
  [told, children, workers] = [[], [], []];
});

afterEach(async () => {
  for (const child of children) child.kill("SIGKILL");
  await Promise.all(children.map(async (child) => child.stdout?.closed === true || once(child, "close")));
  for (const worker of workers) if (processAt(worker)?.group === worker) process.kill(worker, "SIGKILL");
});

/** A process that holds the lock, or waits for it, with a program that it has started. */
async function holder(waitMs = 0): Promise<{ child: ChildProcess; worker: number }> {
  const child = spawn(process.execPath, [program, join(folder, "lock"), String(waitMs)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  let first: string | undefined;
  createInterface(child.stdout).on("line", (line) => {
    first ??= line;
    if (line !== "waits") workers.push(Number(line));
  });
  await until(() => first !== undefined);
  return { child, worker: Number(first) };
}

/** A journal with this step in it, and these records behind it. */
function journal(run: string, id: string, ...records: readonly unknown[]): void {
  const intent = { type: "intent", run, steps: [{ n: 0, change: { id } }] };
  writeFileSync(join(folder, "journal.log"), Buffer.concat([intent, ...records].map((record) => frame(record))));
}

function overdue(cycleMs = LONG_MS): Promise<Result<Lock | undefined>> {
  const ground = { state: openFiles(folder), config: { state: folder, deadlines: { cycleMs } } };
  return lockOverdue(ground as unknown as Ground, RUN, (words) => told.push(words));
}

function isGone(pid: number | undefined): boolean {
  return [undefined, "Z"].includes(processAt(pid ?? 0)?.state);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(10);
}

function release(result: Result<Lock | undefined>): void {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  expect(result.value).toBeDefined();
  result.value?.release();
}

const BEGUN = { type: "begun", steps: [0] };

test("nothing is open: there is nothing to take", async () => {
  const { child } = await holder();
  expect(await overdue()).toEqual({ ok: true, value: undefined });
  expect([isGone(child.pid), told]).toEqual([false, []]);
});

test("another run is open: whoever is at it is left alone", async () => {
  journal("20261124T000000000Z-ffff", "file:/etc/motd", BEGUN);
  const { child } = await holder();
  expect(await overdue()).toEqual({ ok: true, value: undefined });
  expect([isGone(child.pid), told]).toEqual([false, []]);
});

test("its process has died: the lock is taken", async () => {
  journal(RUN, "file:/etc/motd", BEGUN);
  release(await overdue());
});

test.each(["SIGCONT", "SIGSTOP"] as const)(
  "a process that does not go on (%s) is ended, with its programs",
  async (as) => {
    journal(RUN, "file:/etc/motd", BEGUN);
    const { child, worker } = await holder();
    child.kill(as);
    release(await overdue());
    expect(told).toEqual([`process ${child.pid} has been at the run ${RUN} for too long: it is ended`]);
    expect(isGone(child.pid)).toBe(true);
    await until(() => isGone(worker));
  },
);

test("whoever only waits for the lock is left alone, also when the file names it", async () => {
  journal(RUN, "file:/etc/motd", BEGUN);
  const { child: first } = await holder();
  const { child: second } = await holder(LONG_MS);
  writeFileSync(join(folder, "lock"), `pid ${second.pid}\n`);
  const taken = overdue();
  await until(() => isGone(first.pid));
  expect(isGone(second.pid)).toBe(false);
  // It may have been quicker than we; then it brings the run to its end.
  renameSync(join(folder, "journal.log"), join(folder, "journal.last.log"));
  const result = await taken;
  if (result.ok) result.value?.release();
  expect([result.ok, isGone(second.pid)]).toEqual([true, false]);
});

test.each([
  ["walks back", [BEGUN, { type: "back" }], "file:/etc/motd"],
  ["is kept", [BEGUN, { type: "verdict", keep: true }], "file:/etc/motd"],
  ["is at work on packages", [BEGUN], "package:nginx"],
])("a run that %s comes to its end by itself", async (_, records, id) => {
  journal(RUN, id, ...records);
  const { child } = await holder();
  const taken = overdue();
  await until(() => told.length > 0);
  renameSync(join(folder, "journal.log"), join(folder, "journal.last.log"));
  expect(await taken).toEqual({ ok: true, value: undefined });
  expect(told).toEqual([`waiting for process ${child.pid}, which may bring the run ${RUN} to its end`]);
  expect(isGone(child.pid)).toBe(false);
});

test("and is ended when it does not", async () => {
  journal(RUN, "package:nginx", BEGUN);
  const { child } = await holder();
  release(await overdue(100));
  expect([isGone(child.pid), told.at(-1)]).toEqual([true, expect.stringContaining("it is ended")]);
});

test("a stopped one is waited for only as long as the package manager that it started is at work", async () => {
  journal(RUN, "package:nginx", BEGUN);
  const { child, worker } = await holder();
  child.kill("SIGSTOP");
  await until(() => processAt(child.pid ?? 0)?.state === "T");
  const taken = overdue();
  await until(() => told.length > 0);
  expect(isGone(child.pid)).toBe(false);
  process.kill(worker, "SIGKILL");
  release(await taken);
  expect([isGone(child.pid), told.length]).toEqual([true, 2]);
});

test("a lock that cannot be had at all is told", async () => {
  journal(RUN, "file:/etc/motd", BEGUN);
  rmSync(join(folder, "lock"), { force: true });
  execFileSync("ln", ["-s", "/etc/passwd", join(folder, "lock")]);
  expect(await overdue()).toMatchObject({ ok: false, problems: [{ code: "file-eloop" }] });
});
