// The embedded supervisor for real: children, their ends, restarts, logs, and the socket over which it is told.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Machine } from "../../../reconciler/machine/machine.ts";
import { openMachine } from "../../../reconciler/machine/real.ts";
import { detectSupervisor } from "../../../reconciler/resources/supervisors/detect.ts";
import { embedded } from "../../../reconciler/resources/supervisors/embedded.ts";
import type { ServiceAction } from "../../../reconciler/resources/supervisors/supervisor.ts";
import { startSupervision, type Supervision } from "../../../reconciler/supervise/supervise.ts";
import type { Problem } from "../../../common/problem.ts";

const PAUSES = { firstMs: 10, longestMs: 40, healthyMs: 60_000 };
/** Notes its start, and its reload, in a file of the root; ends when the file `end` appears. */
const NAPPER = `
const fs = require("node:fs");
const note = (word) => fs.appendFileSync("notes", word + " " + process.pid + "\\n");
process.on("SIGHUP", () => note("reloaded"));
note("started");
console.log("good night");
setInterval(() => { if (fs.existsSync("end")) { console.error("out of bed"); process.exit(7); } }, 10);
`;

let folder: string;
let machine: Machine;
let supervision: Supervision | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "supervise-"));
  for (const part of ["root/etc/reconciler/services", "state"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "root/napper.js"), NAPPER);
  machine = openMachine({ root: join(folder, "root"), state: join(folder, "state") });
});

afterEach(async () => {
  await supervision?.stop();
  supervision = undefined;
  rmSync(folder, { recursive: true });
});

test("a service is started, reloaded, restarted and stopped, as it is told over the socket", async () => {
  define("napper", "reload: SIGHUP");
  await open();
  expect(detectSupervisor(machine)?.name).toBe("embedded");
  expect(await look("napper")).toMatchObject({ known: true, running: false, enabled: false, reloadable: true });
  expect(await act("start", "napper")).toEqual([]);
  await until(() => notes().length === 1);
  expect(await look("napper")).toMatchObject({ running: true, failed: false, restarts: 0, detail: "running" });
  expect(await act("start", "napper")).toEqual([]);
  expect(await act("reload", "napper")).toEqual([]);
  await until(() => notes().length === 2);
  expect(await act("restart", "napper")).toEqual([]);
  await until(() => notes().length === 3);
  expect(notes().map((note) => note.split(" ")[0])).toEqual(["started", "reloaded", "started"]);
  const pid = pidOf(notes()[2]);
  expect(await act("stop", "napper")).toEqual([]);
  expect(isAlive(pid)).toBe(false);
  expect(await look("napper")).toMatchObject({ running: false, failed: false, detail: "stopped" });
});

test("what ends badly is started again, after pauses, and says why it ended", async () => {
  define("napper");
  writeFileSync(join(folder, "root/end"), "");
  await open();
  expect(await act("start", "napper")).toEqual([]);
  await until(async () => ((await look("napper"))?.restarts ?? 0) >= 3);
  expect(await embedded.lastWords(machine, "napper")).toContain("out of bed");
  rmSync(join(folder, "root/end"));
  await until(async () => (await look("napper"))?.running === true);
  expect(await act("restart", "napper")).toEqual([]);
  expect(await look("napper")).toMatchObject({ running: true, restarts: 0 });
});

test("between two restarts it has failed, and is about to start again; stopping it ends that", async () => {
  define("napper");
  writeFileSync(join(folder, "root/end"), "");
  await open({ firstMs: 3_600_000, longestMs: 3_600_000, healthyMs: 0 });
  await act("start", "napper");
  await until(async () => (await look("napper"))?.looping === true);
  expect(await look("napper")).toMatchObject({ running: false, failed: true, restarts: 1, detail: "waiting (exit 7)" });
  expect(await act("stop", "napper")).toEqual([]);
  expect(await look("napper")).toMatchObject({ running: false, failed: false, detail: "stopped" });
});

test("what is never to be restarted has failed when it ended badly, until that is forgotten", async () => {
  define("napper", "restart: never");
  writeFileSync(join(folder, "root/end"), "");
  await open();
  await act("start", "napper");
  await until(async () => (await look("napper"))?.failed === true);
  expect(await look("napper")).toMatchObject({ running: false, restarts: 0, detail: "over (exit 7)" });
  expect(await act("reset-failed", "napper")).toEqual([]);
  expect(await look("napper")).toMatchObject({ failed: false, detail: "stopped" });
});

test("what is enabled starts with the supervisor, unless it is masked", async () => {
  for (const name of ["napper", "hushed"]) define(name);
  await open();
  expect(await act("enable", "napper", "hushed")).toEqual([]);
  expect(await act("mask", "hushed")).toEqual([]);
  expect((await act("start", "hushed")).map(({ code }) => code)).toEqual(["supervisor-refused"]);
  expect(await look("napper")).toMatchObject({ running: false, enabled: true });
  await again();
  await until(() => notes().length === 1);
  expect(await look("napper")).toMatchObject({ running: true, enabled: true, masked: false });
  expect(await look("hushed")).toMatchObject({ running: false, enabled: true, masked: true });
  await act("disable", "napper");
  await act("unmask", "hushed");
  expect(await look("hushed")).toMatchObject({ masked: false });
  expect(await look("napper")).toMatchObject({ running: true, enabled: false });
});

test("a file with mistakes is told, all of them, with their places", async () => {
  write("napper", "run: sleep 5\nreload: HUP\nrestat: always\nenv: [A]\n");
  await open();
  const problems = await act("start", "napper");
  expect(problems.map(({ where }) => [where?.line, where?.key])).toEqual([
    [3, "restat"],
    [1, "run"],
    [4, "env"],
    [2, "reload"],
  ]);
  expect(problems[0]?.hint).toBe("did you mean restart?");
  expect(await look("napper")).toMatchObject({ known: true, failed: true, detail: "its file cannot be used" });
});

test("a program that is not there, and a service that is not there, are told", async () => {
  write("nobody", "run: [/nonexistent/program]\nrestart: never\n");
  await open();
  expect((await act("start", "nobody"))[0]?.what).toContain("cannot be run (not-found)");
  expect((await act("start", "unheard-of")).map(({ code }) => code)).toEqual(["service-unknown"]);
  expect((await act("enable", "unheard-of")).map(({ code }) => code)).toEqual(["service-unknown"]);
  expect((await act("start", "../../etc/passwd")).map(({ code }) => code)).toEqual(["service-name"]);
  expect(await look("../../etc/passwd")).toMatchObject({ known: false });
  expect(await look("__proto__")).toMatchObject({ known: false });
});

test("the environment is the one of its file, and nothing of ours", async () => {
  process.env["SECRET_OF_THE_SUPERVISOR"] = "1";
  write(
    "teller",
    `run: [${process.execPath}, -e, "console.log(JSON.stringify(process.env))"]\nenv: { BED: soft }\nrestart: never\n`,
  );
  await open();
  await act("start", "teller");
  await until(async () => (await look("teller"))?.detail === "over (exit 0)");
  await until(async () => (await embedded.lastWords(machine, "teller")) !== "");
  const told = JSON.parse(await embedded.lastWords(machine, "teller")) as Record<string, string>;
  delete process.env["SECRET_OF_THE_SUPERVISOR"];
  expect(told).toMatchObject({ BED: "soft", LANG: "C.UTF-8" });
  expect(Object.keys(told)).not.toContain("SECRET_OF_THE_SUPERVISOR");
  expect(await look("teller")).toMatchObject({ running: false, failed: false });
});

test("only one looks after a store; its socket is for its owner, and goes with it", async () => {
  await open();
  const socket = join(folder, "state/supervise/control.sock");
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  const second = await startSupervision(machine, { onPhase: () => undefined }, () => undefined);
  expect(second.ok).toBe(false);
  await supervision?.stop();
  supervision = undefined;
  expect(existsSync(socket)).toBe(false);
  expect(detectSupervisor(machine)).toMatchObject({ name: "embedded", offline: true });
  const looked = await embedded.look(machine, ["napper"]);
  expect(looked.ok ? [] : looked.problems.map(({ code }) => code)).toEqual(["supervisor-gone"]);
});

test("what is enabled while nobody looks after services is started by whoever does so next", async () => {
  define("napper");
  const options = { signal: new AbortController().signal, timeoutMs: 60_000 };
  expect(await detectSupervisor(machine)?.act(machine, "enable", ["napper"], options)).toEqual([]);
  await open();
  await until(() => notes().length === 1);
  expect(await look("napper")).toMatchObject({ enabled: true, running: true });
});

function define(name: string, ...lines: readonly string[]): void {
  write(name, [`run: [${process.execPath}, napper.js]`, ...lines, ""].join("\n"));
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, `root/etc/reconciler/services/${name}.yaml`), text);
}

async function open(pauses = PAUSES): Promise<void> {
  const started = await startSupervision(machine, { onPhase: () => undefined, pauses }, () => undefined);
  if (!started.ok) throw new Error(JSON.stringify(started.problems));
  supervision = started.value;
}

async function again(): Promise<void> {
  await supervision?.stop();
  await open();
}

async function look(name: string) {
  const looked = await embedded.look(machine, [name]);
  if (!looked.ok) throw new Error(JSON.stringify(looked.problems));
  return looked.value.get(name);
}

function act(action: ServiceAction, ...names: readonly string[]): Promise<readonly Problem[]> {
  return embedded.act(machine, action, names, { signal: new AbortController().signal, timeoutMs: 60_000 });
}

function notes(): readonly string[] {
  const file = join(folder, "root/notes");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
}

function pidOf(note: string | undefined): number {
  return Number(note?.split(" ")[1]);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
