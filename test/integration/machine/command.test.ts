// Real processes: what they answer, and that none of them outlives its deadline.
import { afterEach, expect, test } from "@jest/globals";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommand } from "../../../reconciler/machine/command.ts";

const TIMEOUT = { timeoutMs: 20_000 };
const left: number[] = [];
const directories: string[] = [];

afterEach(() => {
  for (const pid of left.splice(0)) if (lives(pid)) process.kill(pid, "SIGKILL");
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true });
});

/** A process that has ended but that nobody has collected yet does not live. */
function lives(pid: number): boolean {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

test("the answer is its output, its errors and its exit code", async () => {
  const result = await runCommand(["sh", "-c", "echo out; echo err >&2; exit 3"], TIMEOUT);
  expect({ ...result, stdout: result.stdout.toString() }).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
});

test("words reach the program as they are, never a shell", async () => {
  const words = ["$(id)", "a b", ";", "*", "", "`id`", "'", "\n"];
  const result = await runCommand(["printf", "%s|", ...words], TIMEOUT);
  expect(result.stdout.toString()).toBe(words.map((word) => `${word}|`).join(""));
});

test("it is told nothing of our environment but the path and a fixed locale", async () => {
  process.env["OUR_SECRET"] = "secret";
  const { stdout } = await runCommand(["env"], { ...TIMEOUT, env: { GIVEN: "yes" } });
  delete process.env["OUR_SECRET"];
  const names = stdout
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.split("=")[0])
    .sort();
  expect(names).toEqual(["GIVEN", "HOME", "LANG", "PATH"]);
  expect(stdout.toString()).toContain("LANG=C.UTF-8\nHOME=/\n");
});

test("it reads what it is given, or nothing", async () => {
  const given = await runCommand(["cat"], { ...TIMEOUT, stdin: Buffer.from("words") });
  const nothing = await runCommand(["cat"], TIMEOUT);
  expect([given.stdout.toString(), nothing.stdout.toString(), nothing.code]).toEqual(["words", "", 0]);
});

test("a program that does not read what it is given is no trouble", async () => {
  const result = await runCommand(["true"], { ...TIMEOUT, stdin: Buffer.alloc(1_000_000) });
  expect(result.code).toBe(0);
});

test("a program that is not there is not found, one that may not run is not permitted", async () => {
  const directory = mkdtempSync(join(tmpdir(), "command-"));
  directories.push(directory);
  writeFileSync(join(directory, "plain"), "text", { mode: 0o644 });
  const ended = async (...argv: string[]): Promise<string | undefined> => (await runCommand(argv, TIMEOUT)).ended;
  expect(await ended("no-such-program")).toBe("not-found");
  expect(await ended(join(directory, "none"))).toBe("not-found");
  expect(await ended("./relative")).toBe("not-found");
  expect(await ended()).toBe("not-found");
  expect(await ended(join(directory, "plain"))).toBe("not-permitted");
  expect(await ended("echo", "a\0b")).toBe("not-permitted");
});

test("the name of the signal that ended it is told", async () => {
  expect(await runCommand(["sh", "-c", "kill -SEGV $$"], TIMEOUT)).toMatchObject({ code: undefined, ended: "SIGSEGV" });
});

test("the deadline ends the program and what it started", async () => {
  const start = performance.now();
  const result = await runCommand(["sh", "-c", "sleep 300 & echo $!; wait"], { timeoutMs: 300 });
  const grandchild = Number(result.stdout.toString());
  left.push(grandchild);
  expect(result).toMatchObject({ code: undefined, ended: "timeout" });
  expect(lives(grandchild)).toBe(false);
  expect(performance.now() - start).toBeLessThan(4000);
});

test("a grandchild that ignores SIGTERM is ended two seconds later, though its parent obeyed", async () => {
  const deaf = `trap "" TERM; while :; do sleep 1; done`;
  const result = await runCommand(["sh", "-c", `sh -c '${deaf}' & echo $!; wait`], { timeoutMs: 300 });
  const grandchild = Number(result.stdout.toString());
  left.push(grandchild);
  expect(result.ended).toBe("timeout");
  expect(lives(grandchild)).toBe(false);
});

test("a program that prints too much is ended, and what fits is kept", async () => {
  const result = await runCommand(["yes"], { ...TIMEOUT, outputLimit: 1000 });
  expect([result.code, result.ended, result.stdout.length]).toEqual([undefined, "output-limit", 1000]);
});

test("exactly as much as allowed is not too much", async () => {
  const result = await runCommand(["head", "-c", "1000", "/dev/zero"], { ...TIMEOUT, outputLimit: 1000 });
  expect([result.code, result.stdout.length]).toEqual([0, 1000]);
});

test("a daemon that a program leaves behind is neither waited for nor ended", async () => {
  const start = performance.now();
  const result = await runCommand(["sh", "-c", "sleep 300 & echo $!"], TIMEOUT);
  const daemon = Number(result.stdout.toString());
  left.push(daemon);
  expect(result.code).toBe(0);
  expect(lives(daemon)).toBe(true);
  expect(performance.now() - start).toBeLessThan(5000);
});
