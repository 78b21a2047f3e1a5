// apt and dpkg for real: packages made here, repositories made here, a root of its own a test.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, linkSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Problem, Result } from "../../../common/problem.ts";
import { apt } from "../../../reconciler/resources/managers/apt/apt.ts";
import type { PackageAction, PackageWish } from "../../../reconciler/resources/managers/manager.ts";
import { isRoot, isUnhindered, missingPrograms, mounts } from "../../support/needs.ts";
import { pack, PROGRAMS, School, type PackageText } from "./apt-repository.ts";

const obstacle = missingPrograms(...PROGRAMS);
const OPTIONS = { signal: new AbortController().signal, timeoutMs: 60_000 };
const archives = new Map<string, string>();
const schools: School[] = [];
let pool: string;

/** Kills dpkg and apt-get as well, once. */
const DEADLY = 'if [ ! -e "$DPKG_ROOT/etc/deadly" ]; then : >"$DPKG_ROOT/etc/deadly"; kill -9 0; fi';
const PATIENT = ': >"$DPKG_ROOT/etc/begun"; until [ -e "$DPKG_ROOT/etc/go" ]; do sleep 0.05; done';

const PACKAGES: readonly PackageText[] = [
  ...["1.0", "2.0"].map((version) => ({
    name: "hello",
    version,
    files: { "/usr/share/hello/version": version },
    conffiles: { "/etc/hello.conf": `greeting = ${version}\n` },
  })),
  ...["1.0", "2.0"].map((version) => ({ name: "libgreet", version, files: { "/usr/share/libgreet": version } })),
  ...["1.0", "2.0"].map((version) => ({ name: "greet", version, control: [`Depends: libgreet (>= ${version})`] })),
  { name: "rival", version: "1.0", control: ["Conflicts: hello"] },
  { name: "orphan", version: "1.0", control: ["Depends: nowhere"] },
  { name: "poster", version: "1.0", control: ["Provides: letter-carrier"] },
  { name: "courier", version: "1.0", control: ["Provides: letter-carrier"] },
  { name: "brittle", version: "1.0" },
  { name: "brittle", version: "2.0", scripts: { postinst: "echo cannot work here >&2; exit 3" } },
  { name: "deadly-postinst", version: "1.0", scripts: { postinst: DEADLY } },
  { name: "deadly-preinst", version: "0.9" },
  { name: "deadly-preinst", version: "1.0", scripts: { preinst: DEADLY }, files: { "/usr/share/deadly": "alive" } },
  { name: "patient", version: "1.0", scripts: { postinst: PATIENT } },
  { name: "huge", version: "1.0", files: { "/usr/share/huge": "x".repeat(24 * 1024 * 1024) } },
];

beforeAll(() => {
  pool = mkdtempSync(join(tmpdir(), "apt-pool-"));
  chmodSync(pool, 0o755);
  if (obstacle !== undefined) return;
  for (const text of PACKAGES) archives.set(`${text.name} ${text.version}`, pack(pool, text));
});

afterEach(() => {
  for (const school of schools.splice(0)) school.close();
});

afterAll(() => rmSync(pool, { recursive: true }));

/** A root with a repository that offers these, `hello 1.0` and the like. */
async function schoolWith(...offered: readonly string[]): Promise<School> {
  const school = schoolOnly();
  await offer(school, ...offered);
  return school;
}

function schoolOnly(options?: ConstructorParameters<typeof School>[0]): School {
  const school = new School(options);
  schools.push(school);
  return school;
}

async function offer(school: School, ...offered: readonly string[]): Promise<void> {
  school.publish(offered.map(archiveOf));
  expect(await apt.refresh(school.machine, OPTIONS)).toEqual([]);
}

function archiveOf(one: string): string {
  return archives.get(one)!;
}

/** `hello`, `hello 1.0`, `hello >= 1.0`, `-hello`. */
function wish(words: string): PackageWish {
  const [name = "", middle, last] = words.split(" ");
  if (name.startsWith("-")) return { name: name.slice(1), type: "absent" };
  if (last !== undefined) return { name, type: "installed", minimum: last };
  return { name, type: "installed", ...(middle !== undefined && { version: middle }) };
}

function simulate(school: School, ...wishes: readonly string[]): Promise<Result<readonly PackageAction[]>> {
  return apt.simulate(school.machine, wishes.map(wish));
}

async function planned(school: School, ...wishes: readonly string[]): Promise<readonly PackageAction[]> {
  const result = await simulate(school, ...wishes);
  return must(result);
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}

/** Simulated and made, without trouble. */
async function make(school: School, ...wishes: readonly string[]): Promise<readonly PackageAction[]> {
  const actions = await planned(school, ...wishes);
  expect(await apt.perform(school.machine, actions, [], OPTIONS)).toEqual([]);
  return actions;
}

async function versions(school: School): Promise<Record<string, string>> {
  const found = must(await apt.installed(school.machine));
  return Object.fromEntries([...found].map(([name, { version }]) => [name, version]));
}

function codes(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code }) => code);
}

async function codesOf(result: Promise<Result<unknown>>): Promise<readonly string[]> {
  const told = await result;
  return told.ok ? [] : codes(told.problems);
}

async function broken(school: School): Promise<readonly string[]> {
  return must(await apt.broken(school.machine));
}

const back = (actions: readonly PackageAction[]): readonly PackageAction[] =>
  actions.map(({ name, from, to }) => ({ name, ...(to && { from: to }), ...(from && { to: from }) }));

describe("a root of one's own", () => {
  test("knows no packages before it has any", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = schoolOnly();
    expect([await versions(school), await broken(school), await apt.lockHolder(school.machine)]).toEqual([
      {},
      [],
      undefined,
    ]);
  });

  test("gets a package with what it needs, in one transaction, and the second time there is nothing to do", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0", "libgreet 1.0", "greet 1.0");
    const actions = await make(school, "hello", "greet");
    expect(new Set(actions)).toEqual(
      new Set([
        { name: "hello", to: "1.0" },
        { name: "greet", to: "1.0" },
        { name: "libgreet", to: "1.0", pulledIn: true },
      ]),
    );
    expect(await versions(school)).toEqual({ hello: "1.0", greet: "1.0", libgreet: "1.0" });
    expect(school.read("/usr/share/hello/version")).toBe("1.0");
    expect(await planned(school, "hello", "greet", "libgreet >= 1.0", "-rival")).toEqual([]);
  });

  test("what nobody asked for by name stays marked as such, also when it is upgraded", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("libgreet 1.0", "greet 1.0");
    await make(school, "greet");
    await offer(school, "libgreet 2.0", "greet 2.0");
    await make(school, "greet 2.0");
    expect(await versions(school)).toEqual({ greet: "2.0", libgreet: "2.0" });
    expect(school.read("/var/lib/apt/extended_states")).toMatch(
      /^Package: libgreet\nArchitecture: \w+\nAuto-Installed: 1\n*$/u,
    );
  });

  test("root keeps one as well", async () => {
    if (!isUnhindered(obstacle) || !isRoot()) return;
    const school = schoolOnly({ privileged: true });
    await offer(school, "hello 1.0");
    await make(school, "hello");
    expect(await versions(school)).toEqual({ hello: "1.0" });
  });
});

describe("versions", () => {
  test("a package is upgraded to a minimum, taken down to a version, and left alone when it will do", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0", "hello 2.0");
    await make(school, "hello 1.0");
    expect(await planned(school, "hello")).toEqual([]);
    expect(await make(school, "hello >= 1.5")).toEqual([{ name: "hello", from: "1.0", to: "2.0" }]);
    expect(await make(school, "hello 1.0")).toEqual([{ name: "hello", from: "2.0", to: "1.0" }]);
    expect(school.read("/usr/share/hello/version")).toBe("1.0");
  });

  test("are compared as dpkg does", async () => {
    if (!isUnhindered(obstacle)) return;
    const { machine } = schoolOnly();
    expect(await apt.isAtLeast(machine, "1.10", "1.9")).toBe(true);
    expect(await apt.isAtLeast(machine, "1.0~rc1", "1.0")).toBe(false);
    expect(await apt.isAtLeast(machine, "1:0.1", "9")).toBe(true);
    expect(await apt.isAtLeast(machine, "1.0", "--help")).toBe(false);
  });

  test("newer ones are told, with those that mend a hole", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0", "libgreet 1.0");
    await make(school, "hello", "libgreet");
    school.publish([archiveOf("hello 2.0")], { repository: "security", label: "Debian-Security" });
    await offer(school, "libgreet 2.0");
    const told = must(await apt.upgrades(school.machine));
    expect([...told].sort((one, other) => one.name.localeCompare(other.name))).toEqual([
      { name: "hello", from: "1.0", to: "2.0", security: true },
      { name: "libgreet", from: "1.0", to: "2.0", security: false },
    ]);
  });

  test("a package that is held stays, until it is not held any more", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0", "hello 2.0");
    await make(school, "hello 1.0");
    expect(await apt.hold(school.machine, ["hello"], true, OPTIONS)).toEqual([]);
    expect(must(await apt.installed(school.machine, ["hello"])).get("hello")).toEqual({ version: "1.0", held: true });
    expect(await codesOf(simulate(school, "hello 2.0"))).toEqual(["held-back"]);
    expect(must(await apt.upgrades(school.machine))).toEqual([]);
    expect(await apt.hold(school.machine, ["hello"], false, OPTIONS)).toEqual([]);
    await make(school, "hello 2.0");
    expect(await versions(school)).toEqual({ hello: "2.0" });
  });
});

describe("what cannot be fulfilled is told and nothing is done", () => {
  const CASES: readonly (readonly [wishes: readonly string[], codes: readonly string[]])[] = [
    [
      ["nosuch", "hello 9", "never"],
      ["unknown-package", "no-such-version", "unknown-package"],
    ],
    [["hello >= 9"], ["no-such-version"]],
    [["orphan"], ["broken-dependencies"]],
    [["letter-carrier"], ["unknown-package"]],
    [["hello", "rival"], ["broken-dependencies"]],
    [["greet", "-libgreet"], ["wishes-clash"]],
    [["bash-"], ["package-name"]],
    [
      ["-o=Dir=/", "hello 1;2", "hello/sid", "^hello"],
      ["package-name", "package-version", "package-name", "package-name"],
    ],
  ];

  test.each(CASES)("%j", async (wishes, expected) => {
    if (!isUnhindered(obstacle)) return;
    const offered = ["hello 1.0", "rival 1.0", "orphan 1.0", "poster 1.0", "courier 1.0", "libgreet 1.0", "greet 1.0"];
    const school = await schoolWith(...offered);
    if (wishes.includes("-libgreet")) await make(school, "greet");
    const told = await codesOf(simulate(school, ...wishes));
    expect([...told].sort()).toEqual([...expected].sort());
  });

  test("a removal that a wish brings with it is part of the transaction that is shown", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0", "rival 1.0");
    await make(school, "hello");
    expect(new Set(await planned(school, "rival"))).toEqual(
      new Set([
        { name: "rival", to: "1.0" },
        { name: "hello", from: "1.0" },
      ]),
    );
    expect(await codesOf(simulate(school, "rival", "hello"))).not.toEqual([]);
  });
});

describe("exactly what was agreed", () => {
  test("is refused when something else would happen by now", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0", "libgreet 1.0", "greet 1.0");
    const actions = await planned(school, "greet");
    const less = actions.filter(({ name }) => name === "greet");
    const [problem] = await apt.perform(school.machine, less, [], OPTIONS);
    expect(problem).toMatchObject({ code: "surprise", what: expect.stringContaining("install libgreet 1.0") });
    await make(school, "libgreet");
    expect(codes(await apt.perform(school.machine, actions, [], OPTIONS))).toEqual(["surprise"]);
    expect(await versions(school)).toEqual({ libgreet: "1.0" });
  });

  test("takes away what is not wanted, and keeps its settings", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0", "libgreet 1.0", "greet 1.0");
    await make(school, "hello", "greet");
    expect(await make(school, "-hello")).toEqual([{ name: "hello", from: "1.0" }]);
    await make(school, "-greet");
    expect(await versions(school)).toEqual({ libgreet: "1.0" });
    expect([school.read("/etc/hello.conf"), school.read("/usr/share/hello/version")]).toEqual([
      "greeting = 1.0\n",
      undefined,
    ]);
  });

  test("download fetches and changes nothing", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0");
    expect(await apt.download(school.machine, await planned(school, "hello"), OPTIONS)).toEqual([]);
    expect(await versions(school)).toEqual({});
  });

  test("a run that is out of time begins nothing", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0");
    const late = { ...OPTIONS, signal: AbortSignal.abort() };
    expect(codes(await apt.perform(school.machine, await planned(school, "hello"), [], late))).toEqual([
      "manager-aborted",
    ]);
    expect(await versions(school)).toEqual({});
  });
});

describe("a conffile that somebody changed", () => {
  test("stays as it is, and what the maintainer would have written is shown", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0", "hello 2.0");
    await make(school, "hello 1.0");
    school.put("/etc/hello.conf", "greeting = ours\n");
    expect(await apt.conffileHints(school.machine, ["hello"])).toEqual([]);
    await make(school, "hello 2.0");
    expect(school.read("/etc/hello.conf")).toBe("greeting = ours\n");
    const other = "/etc/hello.conf.dpkg-dist";
    expect(await apt.conffileHints(school.machine, ["hello"])).toEqual([
      { package: "hello", path: "/etc/hello.conf", other },
    ]);
    expect(school.read(other)).toBe("greeting = 2.0\n");
  });
});

describe("the way back", () => {
  test("to the version before leads over its archive when no repository has it any more", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("libgreet 1.0", "greet 1.0");
    await make(school, "greet");
    const before = await versions(school);
    const files: string[] = [];
    for (const [name, version] of Object.entries(before))
      files.push((await apt.secure(school.machine, { name, version }, school.store, OPTIONS))!);
    expect([...files].sort()).toEqual(["greet_1.0_all.deb", "libgreet_1.0_all.deb"]);
    await offer(school, "libgreet 2.0", "greet 2.0");
    const actions = await make(school, "greet 2.0");
    school.publish([]);
    const kept = files.map((file) => join(school.store, file));
    expect(await apt.perform(school.machine, back(actions), kept, OPTIONS)).toEqual([]);
    expect(await versions(school)).toEqual(before);
    expect(school.read("/usr/share/libgreet")).toBe("1.0");
  });

  test("from a new package whose script fails leads back to the one before", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("brittle 1.0", "brittle 2.0", "hello 1.0");
    await make(school, "brittle 1.0");
    await apt.secure(school.machine, { name: "brittle", version: "1.0" }, school.store, OPTIONS);
    const actions = await planned(school, "brittle 2.0", "hello");
    const [problem] = await apt.perform(school.machine, actions, [], OPTIONS);
    expect(problem).toMatchObject({ code: "package-failed", where: { key: "brittle" } });
    expect(await broken(school)).toContain("brittle");
    expect(codes(await apt.repair(school.machine, OPTIONS))).toContain("still-broken");
    const there = await versions(school);
    const undone = back(actions).filter(({ name }) => there[name] !== undefined);
    const kept = [join(school.store, "brittle_1.0_all.deb")];
    expect(await apt.perform(school.machine, undone, kept, OPTIONS)).toEqual([]);
    expect([await versions(school), await broken(school)]).toEqual([{ brittle: "1.0" }, []]);
  });

  test("an archive is taken from apt's cache when it lies there, and is whole", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0");
    await make(school, "hello");
    school.publish([]);
    await apt.refresh(school.machine, OPTIONS);
    school.put("/var/cache/apt/archives/hello_1.0_all.deb", "half of it");
    rmSync(join(school.root, "var/cache/apt/archives/hello_1.0_all.deb"));
    linkSync(archiveOf("hello 1.0"), join(school.root, "var/cache/apt/archives/hello_1.0_all.deb"));
    const file = await apt.secure(school.machine, { name: "hello", version: "1.0" }, school.store, OPTIONS);
    expect([file, school.stored()]).toEqual(["hello_1.0_all.deb", ["hello_1.0_all.deb"]]);
    expect(contentOf(join(school.store, "hello_1.0_all.deb"))).toEqual(contentOf(archiveOf("hello 1.0")));
  });

  test("it is packed again from what is installed when it cannot be had otherwise", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0");
    await make(school, "hello");
    school.put("/var/cache/apt/archives/hello_1.0_all.deb", "half of it");
    school.publish([]);
    expect(await apt.refresh(school.machine, OPTIONS)).toEqual([]);
    const wanted = { name: "hello", version: "1.0" };
    const file = await apt.secure(school.machine, wanted, school.store, OPTIONS);
    const archive = join(school.store, file!);
    expect(contentOf(archive)).toEqual(contentOf(archiveOf("hello 1.0")));
    await make(school, "-hello");
    rmSync(join(school.root, "etc/hello.conf"));
    expect(await apt.perform(school.machine, [{ name: "hello", to: "1.0" }], [archive], OPTIONS)).toEqual([]);
    expect(school.read("/usr/share/hello/version")).toBe("1.0");
  });

  test("packed again, an edited conffile is not taken for the maintainer's: the next upgrade leaves it alone", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0");
    await make(school, "hello");
    school.put("/etc/hello.conf", "greeting = ours\n");
    await offer(school, "hello 2.0");
    const file = await apt.secure(school.machine, { name: "hello", version: "1.0" }, school.store, OPTIONS);
    const upgrade = [{ name: "hello", from: "1.0", to: "2.0" }];
    expect(await apt.perform(school.machine, upgrade, [], OPTIONS)).toEqual([]);
    const back = [{ name: "hello", from: "2.0", to: "1.0" }];
    expect(await apt.perform(school.machine, back, [join(school.store, file!)], OPTIONS)).toEqual([]);
    expect(school.read("/etc/hello.conf")).toBe("greeting = ours\n");
    expect(await apt.perform(school.machine, upgrade, [], OPTIONS)).toEqual([]);
    expect(school.read("/etc/hello.conf")).toBe("greeting = ours\n");
    expect(school.read("/usr/share/hello/version")).toBe("2.0");
  });

  test("a version that is not installed cannot be made sure of", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0");
    expect(await apt.secure(school.machine, { name: "hello", version: "1.0" }, school.store, OPTIONS)).toBeUndefined();
    expect(
      await apt.secure(school.machine, { name: "../hello", version: "1.0" }, school.store, OPTIONS),
    ).toBeUndefined();
    expect(school.stored()).toEqual([]);
  });
});

function contentOf(archive: string): readonly string[] {
  const lines = execFileSync("dpkg-deb", ["--contents", archive], { encoding: "utf8" }).trim().split("\n");
  return lines.map((line) => line.replace(/ +\d+ \S+ \S+ /u, " ")).sort();
}

describe("left half done", () => {
  test.each(["deadly-postinst", "deadly-preinst"])("%s: killed in the middle, found and repaired", async (name) => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0", `${name} 1.0`);
    const actions = await planned(school, name, "hello");
    const [problem] = await apt.perform(school.machine, actions, [], OPTIONS);
    expect(problem).toMatchObject({ code: "manager-failed", what: expect.stringContaining("SIGKILL") });
    expect(await broken(school)).not.toEqual([]);
    expect(await apt.repair(school.machine, OPTIONS)).toEqual([]);
    expect(await broken(school)).toEqual([]);
    await make(school, name, "hello");
    expect(await versions(school)).toEqual({ hello: "1.0", [name]: "1.0" });
  });

  test("unpacked by half and nowhere to be had any more: the archive that was made sure of puts it right", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("deadly-preinst 0.9", "deadly-preinst 1.0");
    await make(school, "deadly-preinst 0.9");
    const file = await apt.secure(school.machine, { name: "deadly-preinst", version: "0.9" }, school.store, OPTIONS);
    await apt.perform(school.machine, await planned(school, "deadly-preinst 1.0"), [], OPTIONS);
    await offer(school);
    expect(codes(await apt.repair(school.machine, OPTIONS))).toEqual(["still-broken", "archive-missing"]);
    const again = [{ name: "deadly-preinst", from: "0.9", to: "0.9" }];
    expect(await apt.perform(school.machine, again, [join(school.store, file!)], OPTIONS)).toEqual([]);
    expect([await versions(school), await broken(school)]).toEqual([{ "deadly-preinst": "0.9" }, []]);
  });

  test("a missing dependency is fetched, or the repair refuses to take away what needs it", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("libgreet 1.0", "greet 1.0");
    await make(school, "greet");
    const force = ["--force-not-root", "--force-depends", "--log=/dev/null"];
    execFileSync("dpkg", [`--root=${school.root}`, ...force, "--remove", "libgreet"], { stdio: "ignore" });
    await offer(school, "greet 1.0");
    expect(await broken(school)).toEqual(["greet"]);
    const [refused] = await apt.repair(school.machine, OPTIONS);
    expect(refused).toMatchObject({ code: "repair-would-remove", what: expect.stringContaining("greet") });
    expect(await versions(school)).toEqual({ greet: "1.0" });
    await offer(school, "libgreet 1.0", "greet 1.0");
    expect(await apt.repair(school.machine, OPTIONS)).toEqual([]);
    expect([await versions(school), await broken(school)]).toEqual([{ greet: "1.0", libgreet: "1.0" }, []]);
  });

  test("a list of packages that cannot be read is told", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = schoolOnly();
    school.put("/var/lib/dpkg/status", "\0\0\0\0not a list\n");
    expect(await codesOf(apt.broken(school.machine))).toEqual(["manager-failed"]);
    expect(await codesOf(simulate(school, "hello"))).toEqual(["manager-failed"]);
  });
});

describe("others at work", () => {
  test("whoever holds the lock is named, and nothing is begun beside them", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("patient 1.0", "hello 1.0");
    const [patient, hello] = [await planned(school, "patient"), await planned(school, "hello")];
    let over = false;
    const working = apt.perform(school.machine, patient, [], OPTIONS).finally(() => (over = true));
    await until(() => over || existsSync(join(school.root, "etc/begun")));
    try {
      expect(await apt.lockHolder(school.machine)).toMatch(/^apt-get \(process \d+\)$/u);
      const [problem] = await apt.perform(school.machine, hello, [], OPTIONS);
      expect(problem).toMatchObject({
        code: "manager-locked",
        what: expect.stringMatching(/^apt-get \(process \d+\) is/u),
      });
      expect(codes(await apt.repair(school.machine, OPTIONS))).toEqual(["manager-locked"]);
    } finally {
      writeFileSync(join(school.root, "etc/go"), "");
      expect(await working).toEqual([]);
    }
    expect(await apt.lockHolder(school.machine)).toBeUndefined();
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}

describe("repositories", () => {
  test("that cannot be reached are told, and the others still serve", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0");
    school.source("gone", `deb [trusted=yes] file:${school.folder}/nowhere ./`);
    school.source("far", "deb [trusted=yes] http://school:secret@127.0.0.1:1/debian ./");
    const problems = await apt.refresh(school.machine, OPTIONS);
    expect(new Set(codes(problems))).toEqual(new Set(["repository-unreachable"]));
    const words = problems.map(({ what }) => what).join("\n");
    expect(words).toContain("127.0.0.1:1/debian");
    expect(words).toContain("/nowhere");
    expect(words).not.toContain("secret");
    await make(school, "hello");
    expect(await versions(school)).toEqual({ hello: "1.0" });
  });

  test("that nobody signed are not believed", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = schoolOnly();
    school.publish([archiveOf("hello 1.0")], { trusted: false });
    expect(codes(await apt.refresh(school.machine, OPTIONS))).toContain("repository-untrusted");
    expect(await codesOf(simulate(school, "hello"))).toEqual(["unknown-package"]);
  });

  test("an archive that is gone from its repository stops the transaction before it begins", async () => {
    if (!isUnhindered(obstacle)) return;
    const school = await schoolWith("hello 1.0");
    const actions = await planned(school, "hello");
    rmSync(join(school.folder, "main/hello_1.0_all.deb"));
    expect(codes(await apt.download(school.machine, actions, OPTIONS))).toContain("repository-unreachable");
    expect(codes(await apt.perform(school.machine, actions, [], OPTIONS))).toContain("repository-unreachable");
    expect(await versions(school)).toEqual({});
  });
});

describe("a full disk", () => {
  test("is told, and what was there before works on", async () => {
    if (!isUnhindered(obstacle) || !isRoot()) return;
    const school = schoolOnly();
    if (!mounts(school.root, "-t", "tmpfs", "-o", "size=16m,mode=755", "tmpfs")) return;
    try {
      await offer(school, "hello 1.0", "hello 2.0", "huge 1.0");
      await make(school, "hello 1.0");
      const actions = await planned(school, "hello 2.0", "huge");
      expect(codes(await apt.perform(school.machine, actions, [], OPTIONS))).toContain("no-space");
      expect((await versions(school))["huge"]).toBeUndefined();
      expect(await apt.repair(school.machine, OPTIONS)).toEqual([]);
      expect(await broken(school)).toEqual([]);
      await make(school, "hello 1.0");
    } finally {
      execFileSync("umount", [school.root]);
    }
  });
});
