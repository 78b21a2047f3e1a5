import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "@jest/globals";
import { bundleMace, type Program, writeTree } from "./program.ts";

let mace: Program;
let dst: string;
let number = 0;

beforeAll(async () => {
  mace = await bundleMace();
});

afterAll(() => mace.remove());

beforeEach(() => {
  dst = join(mace.folder, `server-${++number}`);
  mkdirSync(dst);
  rmSync(join(mace.folder, "school"), { recursive: true, force: true });
  writeTree(mace.folder, {
    "school.env": `SCHOOL_NAME='Escuela 210'\nSRC_ROOT=school\nDST_ROOT=${dst}\n`,
    "upstream/0100.base/files.d/etc/motd/10.conf": "Welcome to @SCHOOL_NAME@\n",
    "upstream/0100.base/sysctl.d/10.conf": "kernel.panic = 30\n",
    "upstream/0100.base/cron.d/10.conf": "0 3 * * * root /usr/bin/true\n",
    "school/0100.base/files.d/etc/motd/20.conf": "Ask the office for help\n",
  });
});

const SOURCES = ["--include", "./upstream", "--family", "debian"];

test("apply makes the files, and a second apply says unchanged and touches nothing", () => {
  const first = mace.run("apply", "school.env", ...SOURCES);
  expect(first).toMatchObject({ code: 0, out: expect.stringContaining("create /etc/motd\n") });
  expect(readFileSync(join(dst, "etc/motd"), "utf8")).toBe("Welcome to Escuela 210\nAsk the office for help\n");
  const stamps = stampsBelow(dst);
  expect(mace.run("apply", "school.env", ...SOURCES)).toMatchObject({ code: 0, out: "unchanged: 3 files\n", err: "" });
  expect(stampsBelow(dst)).toEqual(stamps);
});

test("plan shows a difference and touches nothing", () => {
  mace.run("apply", "school.env", ...SOURCES);
  writeTree(mace.folder, { "school/0100.base/files.d/etc/motd/20.conf": "Ask the teacher for help\n" });
  const stamps = stampsBelow(dst);
  const { code, out } = mace.run("plan", "school.env", ...SOURCES);
  expect(code).toBe(0);
  expect(out).toContain("replace /etc/motd\n--- /etc/motd\n+++ /etc/motd\n");
  expect(out).toContain(" Welcome to Escuela 210\n-Ask the office for help\n+Ask the teacher for help\n");
  expect(out).toContain("1 to change, 2 unchanged\n");
  expect(stampsBelow(dst)).toEqual(stamps);
});

test("plan answers in JSON of a documented shape", () => {
  const plan: unknown = JSON.parse(mace.run("plan", "school.env", "--json", ...SOURCES).out);
  expect(plan).toMatchObject({
    version: 1,
    kind: "mace-plan",
    ok: true,
    destination: dst,
    family: "debian",
    changes: [
      { path: "/etc/cron.d/school" },
      { path: "/etc/motd", action: "create", mode: "0644", changedByHand: false },
      {},
    ],
    unchanged: [],
  });
});

test("explain names the source of each line, and what was overridden", () => {
  writeTree(mace.folder, { "school/0100.base/cron.d/10.conf": "0 4 * * * root /usr/bin/true\n" });
  const motd = mace.run("explain", "/etc/motd", "school.env", ...SOURCES).out.split("\n");
  expect(motd[0]).toMatch(
    /^\.\/upstream\/0100\.base\/files\.d\/etc\/motd\/10\.conf:1 +Welcome to Escuela 210 {3}\(SCHOOL_NAME\)$/,
  );
  expect(motd[1]).toContain("school/0100.base/files.d/etc/motd/20.conf:1");
  const cron = mace.run("explain", "/etc/cron.d/school", "school.env", ...SOURCES).out;
  expect(cron).toContain("overridden: ./upstream/0100.base/cron.d/10.conf by ");
});

test("explain says which file was probably meant", () => {
  const { code, err } = mace.run("explain", "/etc/modt", "school.env", ...SOURCES);
  expect(code).toBe(1);
  expect(err).toContain("did you mean /etc/motd?");
});

test("config prints the variables in use with the place where each was set", () => {
  writeTree(mace.folder, {
    "upstream/defaults.env": "SCHOOL_NAME=nobody\nPANIC_S=15\nUNUSED=1\n",
    "upstream/0100.base/sysctl.d/20.conf": "kernel.panic = @PANIC_S@\n",
  });
  const { out } = mace.run("config", "school.env", ...SOURCES);
  expect(out).toBe("# ./upstream/defaults.env:2\nPANIC_S=15\n# school.env:1\nSCHOOL_NAME='Escuela 210'\n");
  rmSync(join(mace.folder, "upstream/defaults.env"));
  rmSync(join(mace.folder, "upstream/0100.base/sysctl.d/20.conf"));
});

test("a broken piece is refused with every problem, before anything is touched", () => {
  writeTree(mace.folder, {
    "school/0100.base/files.d/etc/motd/20.conf": "Ask @OFFICE@\n",
    "school/sysclt.d/10.conf": "a = 1\n",
  });
  const { code, err } = mace.run("apply", "school.env", ...SOURCES);
  expect(code).toBe(1);
  expect(err).toContain("school/0100.base/files.d/etc/motd/20.conf:1:5\n  @OFFICE@ is not defined\n");
  expect(err).toContain("did you mean sysctl.d?");
  expect(err).toContain("2 problems\n");
  expect(readdirSync(dst)).toEqual([]);
});

test("a file that was changed by hand is replaced, said aloud and kept", () => {
  mace.run("apply", "school.env", ...SOURCES);
  writeFileSync(join(dst, "etc/motd"), "by hand\n");
  const { code, err } = mace.run("apply", "school.env", ...SOURCES);
  expect(code).toBe(0);
  expect(err).toContain("note: /etc/motd\n");
  const kept = join(dst, "var/lib/mace/kept");
  const [date = ""] = readdirSync(kept);
  expect(readFileSync(join(kept, date, "etc/motd"), "utf8")).toBe("by hand\n");
  expect(mace.run("apply", "school.env", ...SOURCES).out).toBe("unchanged: 3 files\n");
});

test("a link that leads out of the destination is never followed", () => {
  const outside = join(mace.folder, `outside-${number}`);
  mkdirSync(outside);
  symlinkSync(outside, join(dst, "etc"));
  const { code, err } = mace.run("apply", "school.env", ...SOURCES);
  expect(code).toBe(1);
  expect(err).toContain("leads out of the destination");
  expect(readdirSync(outside)).toEqual([]);
});

test("a file that is no longer made stays and is told", () => {
  mace.run("apply", "school.env", ...SOURCES);
  writeTree(mace.folder, { "school/0100.base/cron.d": "" });
  const { code, err } = mace.run("apply", "school.env", ...SOURCES);
  expect(code).toBe(0);
  expect(err).toContain("note: /etc/cron.d/school\n  was written by an earlier run and is no longer in the sources");
  expect(readFileSync(join(dst, "etc/cron.d/school"), "utf8")).toContain("0 3 * * *");
});

test("apply wants to be told where the files belong", () => {
  const { code, err } = mace.run("apply", "--src", "upstream", "--family", "debian");
  expect(code).toBe(1);
  expect(err).toContain("write --dst / for this server");
});

test("options win over the environment file, and its INCLUDE may name templates", () => {
  writeTree(mace.folder, { "names.env": `INCLUDE=0100.base:0200.names\nSCHOOL_NAME=one\nDST_ROOT=/nowhere\n` });
  const { code, out } = mace.run("plan", "names.env", "--dst", dst, "--family", "redhat");
  expect(code).toBe(0);
  expect(out).toContain("create /etc/chrony.conf\n");
  expect(out).toContain("+This is the school server of one.\n");
  expect(out).toContain("+host-record=schoolserver.school.lan,schoolserver,172.18.96.1\n");
});

test("a deployment hides and overrides templates by the names of their layers", () => {
  writeTree(mace.folder, {
    "own/0300.proxy": "",
    "own/0100.base/sysctl.d/10-base.conf": "kernel.panic = 5\n",
    "own.env": `INCLUDE=0100.base:0300.proxy\nSRC_ROOT=own\nDST_ROOT=${dst}\n`,
  });
  const { out } = mace.run("plan", "own.env", "--family", "debian");
  expect(out).toContain("/own/0100.base/sysctl.d/10-base.conf\n+\n+kernel.panic = 5\n");
  expect(out).not.toContain("squid");
});

test("the examples of the templates can be checked as they are", () => {
  for (const name of ["gateway", "appliance"]) {
    const { code, err, out } = mace.run("check", `templates/examples/${name}.env`, "--family", "debian");
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    expect(out).toContain("files rendered");
  }
});

test("problems are told in JSON as well", () => {
  const { code, out } = mace.run("check", "--json", "--src", "no-such-folder", "--family", "debain");
  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    version: 1,
    kind: "mace-check",
    ok: false,
    problems: [{ code: "unknown-family", hint: "did you mean debian?" }, { code: "no-such-root" }],
  });
});

/** Every file and directory with the moment of its last change. */
function stampsBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name !== "var/lib/mace");
  return names.sort().map((name) => `${name} ${statSync(join(folder, name)).ctimeMs}`);
}
