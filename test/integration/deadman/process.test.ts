// A server without timers: a small process waits, real and in a session of its own, until it is told to go or goes off.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { armProcess, disarmProcess } from "../../../reconciler/deadman/process.ts";
import { FileError, type Files } from "../../../reconciler/machine/machine.ts";
import { processAt } from "../../../reconciler/machine/processes.ts";
import { openFiles } from "../../../reconciler/machine/real-files.ts";

const LONG_MS = 3_600_000;

let folder: string;
let state: Files;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "deadman-"));
  state = openFiles(folder);
});

afterEach(async () => {
  await disarmProcess(state);
  rmSync(folder, { recursive: true });
});

const note = (): string => join(folder, "deadman");
const noted = (): number => Number(readFileSync(note(), "latin1").split(" ")[0]);
const rings = ["/usr/bin/touch", "--"];

function isGone(pid: number): boolean {
  return [undefined, "Z"].includes(processAt(pid)?.state);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(10);
}

test("it waits in a session of its own, and is gone with its sleep when it is disarmed", async () => {
  expect(await armProcess(state, LONG_MS, [...rings, join(folder, "bell")])).toEqual([]);
  const pid = noted();
  expect(processAt(pid)).toMatchObject({ session: pid, group: pid });
  await disarmProcess(state);
  await until(() => isGone(pid));
  expect([existsSync(note()), existsSync(join(folder, "bell"))]).toEqual([false, false]);
});

test("it goes off when its time is over", async () => {
  const bell = join(folder, "a bell; with $words");
  await armProcess(state, 1, [...rings, bell]);
  await until(() => existsSync(bell));
});

test("armed anew, the one before is gone and the next one waits", async () => {
  await armProcess(state, LONG_MS, [...rings, join(folder, "bell")]);
  const first = noted();
  await armProcess(state, LONG_MS, [...rings, join(folder, "bell")]);
  await until(() => isGone(first));
  expect(noted()).not.toBe(first);
  expect(processAt(noted())?.session).toBe(noted());
});

test("a process that has the number by now is left alone", async () => {
  await armProcess(state, LONG_MS, [...rings, join(folder, "bell")]);
  const [pid, text] = [noted(), readFileSync(note(), "latin1")];
  writeFileSync(note(), `${pid} 1-another-boot\n`);
  await disarmProcess(state);
  expect(isGone(pid)).toBe(false);
  writeFileSync(note(), text);
});

test("nonsense in the note ends nobody", async () => {
  for (const text of ["", "0 1\n", "-1 x\n", `${process.pid}\n`, "1 \n"]) {
    writeFileSync(note(), text);
    await disarmProcess(state);
  }
});

test("where it cannot be written down, nobody waits, and that is told", async () => {
  const jot = (): never => {
    throw new FileError("ENOSPC", "jot", "/deadman");
  };
  const bell = join(folder, "bell");
  expect(await armProcess({ ...state, jot }, LONG_MS, [...rings, bell])).toMatchObject([{ code: "deadman-not-armed" }]);
  expect(existsSync(note())).toBe(false);
});
