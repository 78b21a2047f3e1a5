// Packages through the whole kind with apt and dpkg for real: there, killed on the way, and back without a repository.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import type { Target } from "../../../reconciler/model/target.ts";
import type { Step } from "../../../reconciler/resources/kind.ts";
import { apt } from "../../../reconciler/resources/managers/apt/apt.ts";
import { isUnhindered, missingPrograms } from "../../support/needs.ts";
import { FOREVER, madeByUs, PackageCycle, sentences, targetOf } from "../../support/package-school.ts";
import { pack, PROGRAMS, School, type PackageText } from "../managers/apt-repository.ts";

const obstacle = missingPrograms(...PROGRAMS);
const ANY = { type: "installed" } as const;
const archives = new Map<string, string>();
const schools: School[] = [];
let pool: string;

/** Each script kills dpkg and apt-get, once, where a file says so. */
function mortal(version: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    ["preinst", "postinst", "prerm", "postrm"].map((script) => {
      const file = `"$DPKG_ROOT/etc/kill-$DPKG_MAINTSCRIPT_PACKAGE-${script}-${version}"`;
      return [script, `if [ -e ${file} ]; then rm ${file}; kill -9 0; fi`];
    }),
  );
}

const PACKAGES: readonly PackageText[] = [
  ...["1.0", "2.0"].map((version) => ({
    name: "hello",
    version,
    control: [version === "1.0" ? "Depends: libhello" : "Depends: libhello (>= 2.0), hello-data"],
    files: { "/usr/share/hello/version": version },
    conffiles: { "/etc/hello.conf": `greeting = ${version}\n` },
    scripts: mortal(version),
  })),
  ...["1.0", "2.0"].map((version) => ({
    name: "libhello",
    version,
    files: { "/usr/share/libhello/version": version },
    scripts: mortal(version),
  })),
  { name: "hello-data", version: "1.0", files: { "/usr/share/hello-data": "data" }, scripts: mortal("1.0") },
  { name: "hola", version: "1.0", control: ["Conflicts: hello"] },
  { name: "brittle", version: "1.0" },
  { name: "brittle", version: "2.0", scripts: { postinst: "echo cannot work here >&2; exit 3" } },
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

type Cycle = PackageCycle<School["machine"], typeof apt>;

function open(): { school: School; cycle: Cycle } {
  const school = new School();
  schools.push(school);
  return { school, cycle: new PackageCycle(school.machine, apt) };
}

/** From now on the repository has these and no others, such as `hello 1.0`; what is fetched from it is copied. */
function publish(school: School, ...names: readonly string[]): void {
  school.publish(names.flatMap((name) => archives.get(name) ?? []));
  school.source("main", `deb [trusted=yes] copy:${join(school.folder, "main")} ./`);
}

function cutLink(school: School): void {
  rmSync(join(school.folder, "main"), { recursive: true });
}

async function refresh({ kind, machine }: Cycle, target: Target): Promise<void> {
  const refreshed = await kind.refresh?.(machine, target, new Map(), { signal: FOREVER, ask: true });
  expect(refreshed?.problems).toEqual([]);
}

/** Everything but the end of a run: what is left is to keep it or to walk it back. */
async function run(cycle: Cycle, target: Target, memory = madeByUs({})): Promise<readonly Step[]> {
  await refresh(cycle, target);
  const steps = await cycle.steps(target, memory);
  expect(await cycle.perform(steps)).toEqual([]);
  return steps;
}

async function inventory({ machine }: Cycle): Promise<readonly string[]> {
  const found = await apt.installed(machine);
  if (!found.ok) throw new Error(JSON.stringify(found.problems));
  return [...found.value].map(([name, { version, held }]) => `${name} ${version}${held ? " held" : ""}`).sort();
}

const OLD = ["hello 1.0", "libhello 1.0"];
const NEW = ["hello 2.0", "hello-data 1.0", "libhello 2.0"];
const UPGRADE = targetOf({ hello: { ...ANY, version: "2.0" } });

/** A server with the old version and an edited conffile, on its way to the new one; its repository is gone by then. */
async function upgrading(): Promise<{ school: School; cycle: Cycle; steps: readonly Step[] }> {
  const { school, cycle } = open();
  publish(school, ...OLD);
  await run(cycle, targetOf({ hello: ANY }));
  school.put("/etc/hello.conf", "greeting = buenos dias\n");
  publish(school, ...OLD, ...NEW);
  await refresh(cycle, UPGRADE);
  const steps = await cycle.steps(UPGRADE);
  cutLink(school);
  expect(sentences(steps.map(({ change }) => change))).toEqual([
    "hello: 1.0 -> 2.0 (new)",
    "hello-data: absent -> 1.0 (follows hello)",
    "libhello: 1.0 -> 2.0 (follows hello)",
  ]);
  return { school, cycle, steps };
}

async function expectOld(school: School, cycle: Cycle): Promise<void> {
  expect(await inventory(cycle)).toEqual(OLD);
  expect(await apt.broken(cycle.machine)).toEqual({ ok: true, value: [] });
  expect(school.read("/usr/share/hello/version")).toBe("1.0");
  expect(school.read("/usr/share/libhello/version")).toBe("1.0");
  expect(school.read("/usr/share/hello-data")).toBeUndefined();
  expect(school.read("/etc/hello.conf")).toBe("greeting = buenos dias\n");
}

describe("there and back", () => {
  test("a new package goes again with all that it pulled in, and the second run is calm", async () => {
    if (!isUnhindered(obstacle)) return;
    const { school, cycle } = open();
    publish(school, ...NEW);
    const steps = await run(cycle, targetOf({ hello: ANY }));
    expect(await inventory(cycle)).toEqual(NEW);
    expect(await cycle.complete(targetOf({ hello: ANY }))).toMatchObject({ changes: [], held: [], troubles: [] });
    expect(await cycle.undo(steps)).toEqual([]);
    expect(await inventory(cycle)).toEqual([]);
  });

  test("an upgrade, with a conffile that somebody has edited", async () => {
    if (!isUnhindered(obstacle)) return;
    const { school, cycle, steps } = await upgrading();
    expect(await cycle.perform(steps)).toEqual([]);
    expect(await inventory(cycle)).toEqual(NEW);
    expect(school.read("/etc/hello.conf")).toBe("greeting = buenos dias\n");
    expect((await cycle.complete(UPGRADE)).notices).toMatchObject([
      { code: "conffile-differs", where: { file: "/etc/hello.conf" } },
    ]);
    expect(await cycle.undo(steps)).toEqual([]);
    await expectOld(school, cycle);
  });

  test("a removal, and a hold", async () => {
    if (!isUnhindered(obstacle)) return;
    const { school, cycle } = open();
    publish(school, ...OLD, "brittle 1.0");
    await run(cycle, targetOf({ hello: ANY, brittle: ANY }));
    const target = targetOf({ hello: ABSENT, brittle: { ...ANY, held: true } });
    const steps = await run(cycle, target);
    expect(await inventory(cycle)).toEqual(["brittle 1.0 held", "libhello 1.0"]);
    cutLink(school);
    expect(await cycle.undo(steps)).toEqual([]);
    expect(await inventory(cycle)).toEqual(["brittle 1.0", ...OLD]);
  });

  test("a new version that cannot be set up", async () => {
    if (!isUnhindered(obstacle)) return;
    const { school, cycle } = open();
    publish(school, "brittle 1.0");
    await run(cycle, targetOf({ brittle: ANY }));
    publish(school, "brittle 2.0");
    const target = targetOf({ brittle: { ...ANY, minimum: "2.0" } });
    await refresh(cycle, target);
    const steps = await cycle.steps(target);
    cutLink(school);
    expect(await cycle.perform(steps)).not.toEqual([]);
    expect(await cycle.undo(steps)).toEqual([]);
    expect(await inventory(cycle)).toEqual(["brittle 1.0"]);
    expect(await apt.broken(cycle.machine)).toEqual({ ok: true, value: [] });
  });
});

describe("killed in the middle", () => {
  test("all of it comes back, wherever that was, without a repository", async () => {
    if (!isUnhindered(obstacle)) return;
    const { school, cycle, steps } = await upgrading();
    for (const moment of [
      "hello-prerm-1.0",
      "hello-preinst-2.0",
      "hello-postrm-1.0",
      "libhello-preinst-2.0",
      "libhello-postinst-2.0",
      "hello-data-postinst-1.0",
      "hello-postinst-2.0",
    ]) {
      school.put(`/etc/kill-${moment}`, "");
      expect([moment, await cycle.perform(steps)]).not.toEqual([moment, []]);
      expect([moment, school.read(`/etc/kill-${moment}`)]).toEqual([moment, undefined]);
      expect([moment, await cycle.undo(steps)]).toEqual([moment, []]);
      await expectOld(school, cycle);
    }
  });

  test("and again on the way back", async () => {
    if (!isUnhindered(obstacle)) return;
    const { school, cycle, steps } = await upgrading();
    expect(await cycle.perform(steps)).toEqual([]);
    for (const moment of ["hello-prerm-2.0", "hello-preinst-1.0", "hello-postinst-1.0"]) {
      school.put(`/etc/kill-${moment}`, "");
      await cycle.undo(steps);
    }
    expect(await cycle.undo(steps)).toEqual([]);
    await expectOld(school, cycle);
  });
});

describe("one broken package holds back only itself", () => {
  test("an unknown name, and one that would cost another package", async () => {
    if (!isUnhindered(obstacle)) return;
    const { school, cycle } = open();
    publish(school, ...OLD, "hola 1.0", "brittle 1.0");
    await run(cycle, targetOf({ hello: ANY }));
    const { changes, troubles } = await cycle.complete(targetOf({ brittle: ANY, helo: ANY, hola: ANY }));
    expect(sentences(changes)).toEqual(["brittle: absent -> 1.0 (new)"]);
    expect(troubles.map(({ id }) => id).sort()).toEqual(["package:helo", "package:hola"]);
    expect(troubles.find(({ id }) => id === "package:hola")?.problem).toMatchObject({ code: "surprise-removal" });
  });
});

describe("nobody asks for it any more", () => {
  test("it goes, and what somebody else needs of it stays", async () => {
    if (!isUnhindered(obstacle)) return;
    const { school, cycle } = open();
    publish(school, ...OLD, "brittle 1.0");
    await run(cycle, targetOf({ hello: ANY, brittle: ANY }));
    const memory = madeByUs({ libhello: "1.0", brittle: "1.0" });
    const { changes, held } = await cycle.complete(targetOf({}), memory);
    expect(sentences(changes)).toEqual(["brittle: 1.0 -> absent (retired)"]);
    expect(held).toMatchObject([{ id: "package:libhello", waits: { what: expect.stringContaining("hello") } }]);
  });
});

describe("unattended updates", () => {
  test("of all, with what they pull in, but not of what is held", async () => {
    if (!isUnhindered(obstacle)) return;
    const { school, cycle } = open();
    publish(school, ...OLD, "brittle 1.0");
    await run(cycle, targetOf({ hello: ANY, brittle: { ...ANY, held: true } }));
    publish(school, ...NEW, "brittle 2.0");
    const target = targetOf({ hello: ANY, brittle: { ...ANY, held: true } }, { updates: { which: "all", except: [] } });
    cycle.machine.store.files.unlink("/package-lists.json");
    const steps = await run(cycle, target);
    expect(sentences(steps.map(({ change }) => change))).toEqual([
      "hello: 1.0 -> 2.0 (updated)",
      expect.stringContaining("hello-data: absent -> 1.0 (follows "),
      "libhello: 1.0 -> 2.0 (updated)",
    ]);
    expect(await inventory(cycle)).toEqual(["brittle 1.0 held", ...NEW]);
    cutLink(school);
    expect(await cycle.undo(steps)).toEqual([]);
    expect(await inventory(cycle)).toEqual(["brittle 1.0 held", ...OLD]);
  });
});
