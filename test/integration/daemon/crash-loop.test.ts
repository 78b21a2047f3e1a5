// A daemon that is killed again and again in the same place comes up all the same, changes nothing, and says why.
import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { gitEnvironment } from "../../support/git-forge.ts";
import { School } from "../../support/school.ts";
import { misfits } from "../cli/ask.ts";

let school: School;
let daemon: Daemon | undefined;
/** Nobody waits for anything any more. */
let isOver = false;

beforeEach(async () => {
  isOver = false;
  school = await School.open({ settings: { http: { listen: "127.0.0.1:0" }, watch: false, interval_s: 3600 } });
});

afterEach(async () => {
  isOver = true;
  await daemon?.kill();
  await school.close();
});

const PROGRAM = join(import.meta.dirname, "../../../dist/reconcile.js");

interface Daemon {
  /** All that it said so far. */
  text(): string;
  kill(): Promise<void>;
}

/** `reconcile daemon` as a process of its own. */
function start(): Daemon {
  const env = { ...gitEnvironment(), NO_COLOR: "1" };
  const words = [PROGRAM, "daemon", "--config", school.configFile];
  const child = spawn(process.execPath, words, { env, stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.on("data", (bytes: Buffer) => void (text += String(bytes)));
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  return { text: () => text, kill: () => killed(child, ended) };
}

async function killed(child: ChildProcess, ended: Promise<void>): Promise<void> {
  child.kill("SIGKILL");
  await ended;
}

/** A check that never answers while /etc/motd says goodbye; where it hangs, it says who it is. */
function hangs(motd: string): Readonly<Record<string, string>> {
  const script = `! grep -qs goodbye ${school.at("/etc/motd")} || { echo $$ >${hung()}.new; mv ${hung()}.new ${hung()}; exec sleep 600; }`;
  const health = { greeted: { exec: ["/bin/sh", "-c", script], timeout_s: 300, grace_s: 0 } };
  const files = { "/etc/motd": { copy: "files/motd" } };
  return { "fleet.yaml": JSON.stringify({ files, health }), "files/motd": motd };
}

function hung(): string {
  return join(school.forge.directory, "hung.pid");
}

/** Starts a daemon, waits until it hangs in the check, and kills it and the check. */
async function dieInCheck(): Promise<void> {
  daemon = start();
  await waitFor(() => existsSync(hung()));
  await daemon.kill();
  process.kill(Number(readFileSync(hung(), "utf8")), "SIGKILL");
  rmSync(hung());
}

async function waitFor(isSo: () => boolean): Promise<void> {
  while (!isSo() && !isOver) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** Once its first run has ended, with this word. */
async function comesUp(result: string): Promise<string> {
  const up = start();
  daemon = up;
  await waitFor(() => new RegExp(`^\\S+ {2}${result} {2}`, "mu").test(up.text()));
  return /http:\S+/u.exec(up.text())?.[0] ?? "";
}

async function get(address: string, path: string): Promise<string> {
  return (await fetch(address + path)).text();
}

function motd(): string {
  return readFileSync(school.at("/etc/motd"), "utf8");
}

test("three times before a change: it only reports, answers, and goes on with the next commit", async () => {
  await school.commit(hangs("hello\n"));
  expect(await school.cycle()).toMatchObject({ settled: true });
  // Drift of what stands would be put right, were it not for the brake.
  school.put("/etc/motd", "goodbye by hand\n");
  const before = school.snapshot();
  for (let n = 0; n < 3; n++) await dieInCheck();
  const address = await comesUp("deferred");

  const log = daemon?.text() ?? "";
  expect(log).toMatch(
    /the program died in run \S+ while it was checking the health of this server, for \w+ \(3 times now\)/u,
  );
  expect(log).toContain("this server only reports and changes nothing, because the program died 3 times");
  expect(log).toContain("this server only reports; nothing was touched");
  expect(school.snapshot()).toEqual(before);

  const metrics = await get(address, "/metrics");
  expect(metrics).toContain("\nreconciler_report_only 1\n");
  expect(metrics).toContain('\nreconciler_deaths_total{step="check"} 3\n');
  expect(metrics).toContain("\nreconciler_quarantined_revisions 1\n");
  expect(await get(address, "/healthz")).toBe("ok\n");
  const status = JSON.parse(await get(address, "/status")) as { reasons: unknown };
  expect(misfits("status", status)).toEqual([]);
  expect(status).toMatchObject({
    settled: false,
    reasons: expect.arrayContaining([
      expect.objectContaining({ type: "report-only", reportOnly: expect.objectContaining({ step: "check" }) }),
    ]),
    quarantine: [{ count: 1, reason: expect.stringContaining("the program died 3 times") }],
    duty: { who: "author", what: expect.stringContaining("reconcile release") },
  });
  expect(await school.now()).toMatchObject({ code: 1, stdout: expect.stringContaining("the program died 3 times") });
  expect((await school.run(["status", "--config", school.configFile])).stdout).toContain("it only reports, since");

  const files = JSON.stringify({ files: { "/etc/motd": { copy: "files/motd" } } });
  await school.commit({ "fleet.yaml": files, "files/motd": "hello again\n" });
  const again = await school.now();
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining("changes are made again: git offers") });
  expect(motd()).toBe("hello again\n");
  expect(await get(address, "/metrics")).toContain("\nreconciler_report_only 0\n");
}, 60_000);

test("a person who knows better releases it", async () => {
  await school.commit({ ...hangs("hello\n"), "schools/escuela-31.yaml": "{}\n" });
  expect(await school.cycle()).toMatchObject({ settled: true });
  school.put("/etc/motd", "goodbye by hand\n");
  for (let n = 0; n < 3; n++) await dieInCheck();
  await comesUp("deferred");
  // The check hangs no more, so it was not the revision.
  school.put("/etc/motd", "hello by hand\n");
  expect(await school.now()).toMatchObject({ code: 1 });
  const released = await school.run(["release", "--json", "--config", school.configFile]);
  expect(released.code).toBe(0);
  const value = JSON.parse(released.stdout) as unknown;
  expect(misfits("released", value)).toEqual([]);
  expect(value).toMatchObject({ released: [{ count: 1 }], reportOnly: { step: "check" } });
  expect(await school.now()).toMatchObject({ code: 0 });
  expect(motd()).toBe("hello\n");
}, 60_000);

test("in a recovery: that is left to a person, and what stands in which state is told", async () => {
  await school.commit(hangs("hello\n"));
  expect(await school.cycle()).toMatchObject({ settled: true });
  await school.commit(hangs("goodbye\n"));
  // Once after everything was made, and then whenever the next process asks whether it may stay.
  for (let n = 0; n < 4; n++) await dieInCheck();
  const address = await comesUp("roll-back failed");
  expect(daemon?.text()).toContain("the program died 3 times while it was bringing an interrupted run to its end");
  expect(daemon?.text()).toContain("/etc/motd\n            is still as the new revision wants it");
  expect(motd()).toBe("goodbye\n");
  const status = JSON.parse(await get(address, "/status")) as unknown;
  expect(misfits("status", status)).toEqual([]);
  expect(status).toMatchObject({
    reasons: expect.arrayContaining([
      expect.objectContaining({
        type: "rollback-failed",
        left: [expect.objectContaining({ code: "left-as-new", where: { file: "/etc/motd" } })],
      }),
    ]),
    duty: { who: "server" },
  });
  expect(await school.now()).toMatchObject({ code: 4 });

  rmSync(school.at("/etc/motd"));
  school.put("/etc/motd", "hello by hand\n");
  expect(await school.run(["recover", "--config", school.configFile])).toMatchObject({ code: 0 });
  expect(await school.now()).toMatchObject({ stdout: expect.stringContaining("changes are made again") });
}, 60_000);
