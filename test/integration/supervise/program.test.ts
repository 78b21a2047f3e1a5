// `reconcile supervise` as a program: what it says, how it ends, and what its successor finds when it was killed.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openMachine } from "../../../reconciler/machine/real.ts";
import { embedded } from "../../../reconciler/resources/supervisors/embedded.ts";
import type { Machine } from "../../../reconciler/machine/machine.ts";
import { ask } from "../cli/ask.ts";

const PROGRAM = join(import.meta.dirname, "../../../dist/reconcile.js");
const NAPPER = `require("node:fs").appendFileSync("notes", process.pid + "\\n"); setInterval(() => undefined, 1000);`;

let folder: string;
let machine: Machine;
let running: ChildProcess | undefined;
let said: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "supervise-"));
  for (const part of ["root/etc/reconciler/services", "state"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "root/napper.js"), NAPPER);
  writeFileSync(join(folder, "root/etc/reconciler/services/napper.yaml"), `run: [${process.execPath}, napper.js]\n`);
  const settings = `{host: a, remotes: {a: {url: ${folder}/fleet.git}}, trust: none, root: ${folder}/root, state: ${folder}/state}`;
  writeFileSync(join(folder, "config.yaml"), `${settings}\n`);
  machine = openMachine({ root: join(folder, "root"), state: join(folder, "state") });
});

afterEach(async () => {
  if (running !== undefined) await end("SIGTERM");
  rmSync(folder, { recursive: true });
});

test("it says what it does, and stops every service when it is asked to stop", async () => {
  await start();
  await act("start");
  await until(() => notes().length === 1);
  expect(isAlive(notes()[0])).toBe(true);
  expect(await end("SIGTERM")).toEqual([0, null]);
  expect(isAlive(notes()[0])).toBe(false);
  expect(said).toMatch(/are looked after\nnapper runs \(process \d+\)\nnapper is stopped\n$/);
});

test("children of one that was killed are ended before its successor starts them anew", async () => {
  await start();
  await act("enable");
  await act("start");
  await until(() => notes().length === 1);
  expect(await end("SIGKILL")).toEqual([null, "SIGKILL"]);
  expect(isAlive(notes()[0])).toBe(true);
  // Somebody else's process, under a pid that a child had once.
  writeFileSync(join(folder, "state/supervise/pids/other"), `${process.pid} 1-of-another-boot\n`);
  await start();
  await until(() => notes().length === 2);
  expect(isAlive(notes()[0])).toBe(false);
  expect(existsSync(join(folder, "state/supervise/pids/other"))).toBe(false);
});

test("its help has an example", async () => {
  const { code, out } = await ask("supervise", "--help");
  expect(code).toBe(0);
  expect(out).toContain("$ reconcile supervise");
});

async function start(): Promise<void> {
  said = "";
  const child = spawn(process.execPath, [PROGRAM, "supervise", "--config", join(folder, "config.yaml")], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  running = child;
  await until(() => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}: ${said}`);
    return said.includes("are looked after");
  });
}

/** Its exit code and signal, once all that it said is here. */
function end(signal: NodeJS.Signals): Promise<unknown> {
  const child = running;
  running = undefined;
  return new Promise((resolve) => {
    child?.once("close", (...how) => resolve(how));
    child?.kill(signal);
  });
}

async function act(action: "start" | "enable"): Promise<void> {
  const options = { signal: new AbortController().signal, timeoutMs: 60_000 };
  expect(await embedded.act(machine, action, ["napper"], options)).toEqual([]);
}

function notes(): readonly string[] {
  const file = join(folder, "root/notes");
  return existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
}

/** What nobody has waited for yet is dead all the same. */
function isAlive(pid: string | undefined): boolean {
  try {
    const stat = readFileSync(`/proc/${pid ?? ""}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
