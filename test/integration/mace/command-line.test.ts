import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
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

const LAYER = `SCHOOL_NAME:
  type: text
  required: true
  about: The school's name, as people read it.
  example: Escuela 12
LOGINS:
  type: boolean
  default: no
  about: Whether people may log in with a password.
`;

test("config prints every option with its sentence, its value and the place where it was set, layer by layer", () => {
  writeTree(mace.folder, {
    "school/0100.base/layer.yaml": LAYER,
    "school/defaults.env": "PANIC_S=15\nUNUSED=1\n",
    "school/0200.own/sysctl.d/20.conf": "kernel.panic = @PANIC_S@\n",
  });
  const { out } = mace.run("config", "school.env", ...SOURCES);
  expect(out).toBe(`[0100.base]

# The school's name, as people read it.
# school.env:1
SCHOOL_NAME = Escuela 210

# Whether people may log in with a password.
# ${join(mace.folder, "school/0100.base/layer.yaml")}:6:1
LOGINS = no

[other]

# ${join(mace.folder, "school/defaults.env")}:1
PANIC_S = 15
`);
});

test("config shows what has still to be set, and says so", () => {
  writeTree(mace.folder, { "school/0100.base/layer.yaml": LAYER, "other.env": "SRC_ROOT=school\n" });
  const { code, out, err } = mace.run("config", "other.env", "--family", "debian");
  expect(code).toBe(1);
  expect(out).toContain("# The school's name, as people read it.\n# not set\nSCHOOL_NAME =\n");
  expect(err).toContain("school/0100.base/layer.yaml:1:1 SCHOOL_NAME\n  @SCHOOL_NAME@ has to be set");
});

test("config NAME answers with its exit code whether an option is on", () => {
  writeTree(mace.folder, { "school/0100.base/layer.yaml": LAYER });
  const ask = (name: string) => mace.run("config", name, "school.env", ...SOURCES);
  expect(ask("SCHOOL_NAME")).toEqual({ code: 0, out: "", err: "" });
  expect(ask("LOGINS")).toEqual({ code: 1, out: "", err: "" });
  expect(ask("LOGIN")).toMatchObject({ code: 2, err: expect.stringContaining("did you mean LOGINS?") });
});

test("a value of another type stops everything before anything is touched", () => {
  writeTree(mace.folder, {
    "school/0100.base/layer.yaml": LAYER,
    "wrong.env": `SCHOOL_NAME=x\nLOGINS=sometimes\nSRC_ROOT=school\nDST_ROOT=${dst}\n`,
  });
  const { code, err } = mace.run("apply", "wrong.env", "--family", "debian");
  expect(code).toBe(1);
  expect(err).toContain('wrong.env:2\n  LOGINS is "sometimes", which is not yes or no\n');
  expect(err).toContain("school/0100.base/layer.yaml:6:1 declares it: Whether people may log in with a password.\n");
  expect(readdirSync(dst)).toEqual([]);
});

const RADIO = `service: radio
about: the school's radio
confiles: { "": { paths: { debian: /etc/radio.conf }, comment: "#" } }
packages: {}
affects: []
replaces: {}
removes: { debian: [/etc/radio-default.conf] }
`;

test("PROVIDERS brings services that mace does not know, and takes away what they do not bear", () => {
  writeTree(mace.folder, {
    "services/radio.yaml": RADIO,
    "school/radio.d/10.conf": "volume 7\n",
    "radio.env": `SRC_ROOT=school\nDST_ROOT=${dst}\nPROVIDERS=services\n`,
  });
  writeTree(dst, { "etc/radio-default.conf": "volume 11\n" });
  const sources = ["--family", "debian"];
  expect(mace.run("plan", "radio.env", ...sources).out).toContain(
    "remove /etc/radio-default.conf: radio does not bear it\n3 to change",
  );
  const { code, out } = mace.run("apply", "radio.env", ...sources);
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("remove /etc/radio-default.conf") });
  expect(readFileSync(join(dst, "etc/radio.conf"), "utf8")).toContain("volume 7\n");
  expect(keptFile("etc/radio-default.conf")).toBe("volume 11\n");
  expect(mace.run("apply", "radio.env", ...sources)).toMatchObject({ code: 0, out: "unchanged: 2 files\n" });
  expect(mace.run("explain", "/etc/radio.conf", "radio.env", ...sources).out).toContain("radio.d/10.conf:1");
});

test("--providers wins over PROVIDERS, and a wrong file stops everything with its line", () => {
  writeTree(mace.folder, {
    "services/radio.yaml": RADIO,
    "wrong/radio.yaml": RADIO.replace("packages", "packges"),
    "radio.env": `SRC_ROOT=school\nDST_ROOT=${dst}\nPROVIDERS=services\n`,
  });
  const { code, err } = mace.run("apply", "radio.env", "--family", "debian", "--providers", "wrong");
  expect(code).toBe(1);
  expect(err).toContain(
    'wrong/radio.yaml:4:1 packges\n  "packges" is not a key that is known here\n  did you mean packages?\n',
  );
  expect(readdirSync(dst)).toEqual([]);
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

test("a file whose sources are gone goes as well, and its bytes are kept", () => {
  mace.run("apply", "school.env", ...SOURCES);
  writeTree(mace.folder, { "school/0100.base/cron.d": "" });
  const plan = mace.run("plan", "school.env", ...SOURCES).out;
  expect(plan).toContain("remove /etc/cron.d/school: its sources are gone\n1 to change, 2 unchanged\n");
  const { code, out } = mace.run("apply", "school.env", ...SOURCES);
  expect({ code, out }).toEqual({
    code: 0,
    out: "remove /etc/cron.d/school: its sources are gone\n1 changed, 2 unchanged\n",
  });
  expect(existsSync(join(dst, "etc/cron.d/school"))).toBe(false);
  expect(keptFile("etc/cron.d/school")).toContain("0 3 * * *");
  expect(mace.run("apply", "school.env", ...SOURCES).out).toBe("unchanged: 2 files\n");
});

test("a file whose sources are gone and that somebody changed since stays and is told", () => {
  mace.run("apply", "school.env", ...SOURCES);
  writeFileSync(join(dst, "etc/cron.d/school"), "by hand\n");
  writeTree(mace.folder, { "school/0100.base/cron.d": "" });
  const { code, err } = mace.run("apply", "school.env", ...SOURCES);
  expect(code).toBe(0);
  expect(err).toContain("note: /etc/cron.d/school\n  is no longer in the sources, but was changed since mace wrote it");
  expect(readFileSync(join(dst, "etc/cron.d/school"), "utf8")).toBe("by hand\n");
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

function keptFile(path: string): string {
  const kept = join(dst, "var/lib/mace/kept");
  const [date = ""] = readdirSync(kept);
  return readFileSync(join(kept, date, path), "utf8");
}

/** Every file and directory with the moment of its last change. */
function stampsBelow(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name !== "var/lib/mace");
  return names.sort().map((name) => `${name} ${statSync(join(folder, name)).ctimeMs}`);
}
