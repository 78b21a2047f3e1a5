// Something to do with the account files in; it is done while no other program changes them. useradd and its like keep
// one another out with /etc/passwd.lock and so on, and with a lock of the kernel on /etc/.pwd.lock. A program in Node can
// take the first and only look for the second, so whoever writes a file looks once more, just before, whether it moved.
import { setTimeout as pause } from "node:timers/promises";
import { FileError, type Machine } from "../../machine/machine.ts";
import type { Problem } from "../../../common/problem.ts";
import { ACCOUNT_FILES } from "./database.ts";

/** As long as lckpwdf(3) waits. */
const WAIT_MS = 15_000;
const PAUSE_MS = 100;
const TIMEOUT_MS = 10_000;
const OWN_NAME = "/etc/.reconciler-accounts.lock~";
/** C programs read a number that ends there; it tells us a lock that we left when the power went. */
const OWN_MARK = "\0reconciler";
const LOCKS = ACCOUNT_FILES.map((file) => `${file}.lock`);

export async function withAccountsLocked(
  machine: Machine,
  act: () => Promise<readonly Problem[]>,
  signal?: AbortSignal,
): Promise<readonly Problem[]> {
  const giveUpAt = machine.clock.monotonicMs() + WAIT_MS;
  for (;;) {
    try {
      const holder = await takeLocks(machine);
      if (holder === undefined) return await act();
      if (signal?.aborted === true || machine.clock.monotonicMs() >= giveUpAt) return [lockedBy(holder)];
    } finally {
      await dropOwnLocks(machine);
    }
    await pause(PAUSE_MS);
  }
}

/** Whoever has one of them; undefined once all are ours. */
async function takeLocks(machine: Machine): Promise<string | undefined> {
  await dropOwnLocks(machine);
  await machine.files.create(OWN_NAME, Buffer.from(`${process.pid}${OWN_MARK}`), { mode: 0o600 });
  for (const lock of LOCKS) {
    const holder = await takeLock(machine, lock);
    if (holder !== undefined) return holder;
  }
  return kernelLockHolder(machine);
}

/** Ours, or left by a run of ours that was interrupted: only one can be under way, and it is this one. */
export async function dropOwnLocks(machine: Machine): Promise<void> {
  for (const lock of LOCKS) {
    if ((await textOf(machine, lock))?.endsWith(OWN_MARK) === true) machine.files.unlink(lock);
  }
  if (machine.files.stat(OWN_NAME) !== undefined) machine.files.unlink(OWN_NAME);
}

async function takeLock(machine: Machine, lock: string): Promise<string | undefined> {
  const { files } = machine;
  for (;;) {
    try {
      files.link(OWN_NAME, lock);
      return undefined;
    } catch (error) {
      if (!(error instanceof FileError && error.code === "EEXIST")) throw error;
    }
    const holder = await holderOf(machine, lock);
    if (holder !== undefined) return holder;
    if (files.stat(lock) !== undefined) files.unlink(lock);
  }
}

/** Undefined when nobody lives that could have it. */
async function holderOf(machine: Machine, lock: string): Promise<string | undefined> {
  const text = await textOf(machine, lock);
  if (text === undefined) return undefined;
  const pid = /^(\d{1,10})\0?\s*$/u.exec(text)?.[1];
  if (pid === undefined) return `${lock}, which names no process`;
  const { code } = await machine.query(["test", "-e", `/proc/${pid}`], { timeoutMs: TIMEOUT_MS });
  return code === 1 ? undefined : `process ${pid}`;
}

async function textOf({ files }: Machine, lock: string): Promise<string | undefined> {
  try {
    return (await files.read(lock, 4096)).toString("latin1");
  } catch (error) {
    if (error instanceof FileError && ["ENOENT", "ENOTDIR"].includes(error.code)) return undefined;
    throw error;
  }
}

/** Of lckpwdf(3). Where the kernel tells nothing of its locks, nobody has one. */
async function kernelLockHolder(machine: Machine): Promise<string | undefined> {
  const stat = machine.files.stat("/etc/.pwd.lock");
  if (stat === undefined) return undefined;
  const { stdout } = await machine.query(["cat", "/proc/locks"], { timeoutMs: TIMEOUT_MS });
  const place = `${hex(majorOf(stat.dev))}:${hex(minorOf(stat.dev))}:${stat.stamp.ino}`;
  const line = stdout
    .toString()
    .split("\n")
    .map((each) => each.split(/\s+/u))
    .find((words) => words[5] === place && words[3] === "WRITE" && words[1] !== "->");
  return line === undefined ? undefined : `process ${line[4] ?? "unknown"}`;
}

function hex(number: number): string {
  return number.toString(16).padStart(2, "0");
}

/** As in sys/sysmacros.h, for numbers that fit into 32 bits. */
function majorOf(dev: number): number {
  return (dev >>> 8) & 0xfff;
}

function minorOf(dev: number): number {
  return (dev & 0xff) | ((dev >>> 12) & 0xfff00);
}

function lockedBy(holder: string): Problem {
  return {
    code: "accounts-locked",
    where: { file: "/etc/passwd" },
    what: `somebody else is changing users or groups (${holder})`,
    hint: "the next run tries again; if nobody is, remove /etc/passwd.lock, group.lock, shadow.lock and gshadow.lock",
  };
}
