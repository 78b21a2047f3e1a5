// Locks between real processes: a second program is built from the same source and holds the lock until it is killed.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { takeLock } from "../../../reconciler/machine/lock.ts";
import type { ChildProcess } from "node:child_process";
import type { Holder, Lock } from "../../../reconciler/machine/lock.ts";
import type { Result } from "../../../common/problem.ts";

let directory: string;
let holderProgram: string;
let count = 0;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "lock-"));
  holderProgram = join(directory, "holder.mjs");
  const source = join(directory, "holder.ts");
  writeFileSync(
    source,
    `import { takeLock } from ${JSON.stringify(resolve("reconciler/machine/lock.ts"))};
    const taken = await takeLock(process.argv[2] ?? "", { waitMs: 0 });
    console.log(taken.ok ? "held" : "refused");
    setInterval(() => undefined, 1000);`,
  );
  const options = ["--bundle", "--platform=node", "--format=esm", "--log-level=error", `--outfile=${holderProgram}`];
  execFileSync(resolve("node_modules/.bin/esbuild"), [source, ...options]);
});

afterAll(() => rmSync(directory, { recursive: true }));

function newPath(): string {
  return join(directory, `lock${count++}`);
}

async function holder(path: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [holderProgram, path], { stdio: ["ignore", "pipe", "inherit"] });
  const said = await new Promise<Buffer>((tell) => child.stdout.once("data", tell));
  expect(said.toString().trim()).toBe("held");
  return child;
}

function locked(result: Result<Lock>): Lock {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

test("a free lock is taken at once, and its file says by whom", async () => {
  const path = newPath();
  const lock = locked(await takeLock(path, { waitMs: 0 }));
  const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  expect(readFileSync(path, "utf8")).toMatch(new RegExp(`^pid ${process.pid}\nboot ${boot}\nstarted 2\\S+Z\n$`));
  expect(statSync(path).mode & 0o777).toBe(0o600);
  lock.release();
  lock.release();
  expect(readFileSync(path, "utf8")).toBe("");
});

test("a held lock is refused to the same process too, and free again when released", async () => {
  const path = newPath();
  const lock = locked(await takeLock(path, { waitMs: 0 }));
  const second = await takeLock(path, { waitMs: 0 });
  expect(second).toMatchObject({ ok: false, problems: [{ code: "lock-held", where: { file: path } }] });
  expect(JSON.stringify(second)).toContain(`process ${process.pid} is at work here since `);
  lock.release();
  locked(await takeLock(path, { waitMs: 0 })).release();
});

test("who waits is told once who has it, and gets it when that one is killed", async () => {
  const path = newPath();
  const child = await holder(path);
  const told: Holder[] = [];
  const waiting = takeLock(path, {
    waitMs: 20_000,
    onWait: (who) => {
      told.push(who);
      // Long enough for some more tries, so that "once" means something.
      setTimeout(() => child.kill("SIGKILL"), 300);
    },
  });
  locked(await waiting).release();
  expect(told).toEqual([{ pid: child.pid, bootId: expect.any(String), startedAt: expect.any(String) }]);
});

test("waiting ends when its time is over", async () => {
  const path = newPath();
  const child = await holder(path);
  const start = performance.now();
  const refused = await takeLock(path, { waitMs: 200 });
  expect(refused.ok).toBe(false);
  expect(performance.now() - start).toBeGreaterThanOrEqual(200);
  child.kill("SIGKILL");
});

test("what else this process starts does not keep the lock alive", async () => {
  const path = newPath();
  const lock = locked(await takeLock(path, { waitMs: 0 }));
  const child = spawn("sleep", ["60"], { stdio: "ignore" });
  lock.release();
  locked(await takeLock(path, { waitMs: 0 })).release();
  child.kill("SIGKILL");
});

test("a symlink in the place of the lock, or no directory for it, is a problem in words", async () => {
  const path = newPath();
  symlinkSync("/etc/passwd", path);
  expect(await takeLock(path, { waitMs: 0 })).toMatchObject({ ok: false, problems: [{ code: "file-eloop" }] });
  const nowhere = join(directory, "none", "lock");
  expect(await takeLock(nowhere, { waitMs: 0 })).toMatchObject({ ok: false, problems: [{ code: "file-enoent" }] });
});

test("a missing flock, or one that may not be run, is told with the package that has it", async () => {
  const before = process.env["PATH"];
  writeFileSync(join(directory, "flock"), "");
  process.env["PATH"] = directory;
  expect(await takeLock(newPath(), { waitMs: 0 })).toMatchObject({ ok: false, problems: [{ code: "flock-missing" }] });
  rmSync(join(directory, "flock"));
  process.env["PATH"] = directory;
  const refused = await takeLock(newPath(), { waitMs: 0 });
  process.env["PATH"] = before;
  expect(refused).toMatchObject({ ok: false, problems: [{ code: "flock-missing" }] });
  expect(JSON.stringify(refused)).toContain("util-linux");
});

test("nonsense in the file of the lock is not repeated to anybody", async () => {
  const path = newPath();
  writeFileSync(path, "pid -1\nboot \u001b[31m\nstarted now and then\n");
  const child = spawn("flock", ["-F", path, "sh", "-c", "echo held; exec sleep 60"], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await new Promise((tell) => child.stdout.once("data", tell));
  const refused = await takeLock(path, { waitMs: 0 });
  expect(refused).toMatchObject({ problems: [{ what: "another process is at work here" }] });
  child.kill("SIGKILL");
});
