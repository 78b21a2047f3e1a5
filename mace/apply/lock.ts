// One mace at a time below one destination: a lock that dies with its process, and with a reboot.
import { readFileSync } from "node:fs";
import { type Result, refuse, succeed } from "../../common/problem.ts";
import type { Destination } from "./destination.ts";
import { codeOf, createFile, makeDirectories, removeFile } from "./files.ts";
import { MEMORY, placeOf } from "./memory.ts";

/** Takes the lock; the value gives it back. */
export function takeLock(destination: Destination): Result<() => void> {
  const { file, missing } = placeOf(destination, "lock");
  makeDirectories(missing, 0o755);
  const release = (): void => removeFile(file);
  if (create(file)) return succeed(release);
  const holder = readHolder(file);
  if (holder === undefined) {
    removeFile(file);
    if (create(file)) return succeed(release);
  }
  const what = `another mace (process ${holder ?? "unknown"}) is at work here`;
  return refuse({ code: "locked", where: { file: `${MEMORY}/lock` }, what, hint: "wait until it is done" });
}

function create(file: string): boolean {
  try {
    createFile(file, Buffer.from(`${process.pid} ${bootId()}\n`), 0o600);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

/** The process that holds the lock; undefined when it is gone. */
function readHolder(file: string): number | undefined {
  const [pid, boot] = readText(file).trim().split(" ");
  if (pid === undefined || boot !== bootId() || !/^[1-9][0-9]*$/.test(pid)) return undefined;
  try {
    process.kill(Number(pid), 0);
    return Number(pid);
  } catch (error) {
    return codeOf(error) === "EPERM" ? Number(pid) : undefined;
  }
}

function bootId(): string {
  return readText("/proc/sys/kernel/random/boot_id").trim();
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
