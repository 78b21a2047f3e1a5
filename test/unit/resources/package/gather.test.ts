import { describe, expect, test } from "@jest/globals";
import { ABSENT } from "../../../../reconciler/model/absent.ts";
import { MemoryFiles, PowerCut } from "../../../support/memory-files.ts";
import { machineWithStore, type MemoryPackage } from "../../../support/memory-manager.ts";
import { chanceOf } from "../../../support/memory-school.ts";
import { PackageSchool, targetOf } from "../../../support/package-school.ts";

const ANY = { type: "installed" } as const;
const OLD: MemoryPackage = { name: "hello", version: "1.0" };
const UPGRADE = targetOf({ hello: { ...ANY, version: "2.0" } });
const PUBLISHED: readonly MemoryPackage[] = [
  OLD,
  { name: "hello", version: "2.0", needs: ["libhello"] },
  { name: "libhello", version: "1.0" },
  { name: "lonely", version: "1.0" },
];

function schoolWithHello(published = PUBLISHED): PackageSchool {
  const school = new PackageSchool(published);
  school.manager.put(OLD);
  return school;
}

function archives({ machine }: PackageSchool): readonly string[] {
  return Object.entries(machine.store.files.snapshot())
    .filter(([path, { type }]) => type === "regular" && path.startsWith("/archives/"))
    .map(([path]) => path);
}

describe("the version that goes is secured first", () => {
  test.each([
    ["of an upgrade", UPGRADE],
    ["of a removal", targetOf({ hello: ABSENT })],
  ])("%s", async (_, target) => {
    const school = schoolWithHello();
    const { changes } = await school.complete(target);
    expect(await school.gather(changes, target)).toEqual([]);
    expect(archives(school)).toEqual(["/archives/hello_1.0/hello_1.0.pkg"]);
    expect(school.manager.inventory).toEqual(["hello 1.0"]);
  });

  test("once", async () => {
    const school = schoolWithHello();
    const { changes } = await school.complete(UPGRADE);
    await school.gather(changes);
    await school.gather(changes);
    expect(school.manager.calls.filter((call) => call.startsWith("secure"))).toEqual(["secure hello 1.0"]);
  });

  test.each([
    ["nothing that was not synced is left", undefined],
    ["all is left", () => 0.999],
    ["some is left", chanceOf(4)],
  ])("whenever the power goes, it is there whole or not at all: %s", async (_, chance) => {
    let cut = 1;
    for (; ; cut++) {
      const school = schoolWithHello();
      const { changes } = await school.complete(UPGRADE);
      school.machine.store.files.cutPowerAt(cut);
      const isCut = await school.gather(changes).then(
        () => false,
        (error: unknown) => error instanceof PowerCut,
      );
      if (!isCut) break;
      school.machine = machineWithStore(school.machine.store.files.afterPowerCut(chance));
      expect(await school.gather(changes)).toEqual([]);
      expect(archives(school)).toEqual(["/archives/hello_1.0/hello_1.0.pkg"]);
    }
    expect(cut).toBeGreaterThan(5);
  });

  test("a version in all its signs has a folder of its own", async () => {
    const school = new PackageSchool([{ ...OLD, version: "1:1.0_2" }]);
    school.manager.put({ ...OLD, version: "1:1.0_2" });
    const target = targetOf({ hello: ABSENT });
    const steps = await school.steps(target);
    expect(steps.map(({ backup }) => backup)).toEqual(["/archives/hello_1%3a1.0%5f2"]);
  });

  test("a full disk is trouble of that package", async () => {
    const school = schoolWithHello();
    const { changes } = await school.complete(UPGRADE);
    school.machine.store.files.failAt(school.machine.store.files.mutations + 2, "ENOSPC");
    expect(await school.gather(changes)).toMatchObject([{ id: "package:hello", problem: { code: "file-enospc" } }]);
  });
});

describe("a version that cannot be had again", () => {
  test.each([
    ["holds back the change", {}, ["cannot-be-undone"]],
    ["goes where the fleet allows it", { irreversible: "allow" as const }, []],
  ])("%s", async (_, more, codes) => {
    const school = schoolWithHello(PUBLISHED.slice(1));
    const target = { ...UPGRADE, ...more };
    const { changes } = await school.complete(target);
    const troubles = await school.gather(changes, target);
    expect(troubles.map(({ problem: { code } }) => code)).toEqual(codes);
    expect(archives(school)).toEqual([]);
  });

  test("is told with the change that goes on without a way back", async () => {
    const school = schoolWithHello(PUBLISHED.slice(1));
    const target = { ...UPGRADE, irreversible: "allow" as const };
    const { changes } = await school.complete(target);
    const { irreversible } = await school.gathered(changes, target);
    const why = "no archive of hello 1.0 can be had, neither from a cache nor from a repository";
    expect(irreversible).toEqual(new Map([["package:hello", why]]));
  });
});

describe("downloading", () => {
  test("what cannot be fetched holds back what it was for, and no other package", async () => {
    const school = schoolWithHello();
    const target = targetOf({ hello: { ...ANY, version: "2.0" }, lonely: ANY });
    const { changes } = await school.complete(target);
    school.manager.published = PUBLISHED.filter(({ name }) => name !== "libhello");
    const troubles = await school.gather(changes, target);
    expect(troubles.map(({ id, problem: { code } }) => `${id} ${code}`).sort()).toEqual([
      "package:hello not-fetched",
      "package:libhello not-fetched",
    ]);
  });

  test("without a link everything waits", async () => {
    const school = schoolWithHello();
    const { changes } = await school.complete(UPGRADE);
    school.manager.online = false;
    const troubles = await school.gather(changes);
    expect(new Set(troubles.map(({ id }) => id))).toEqual(new Set(changes.map(({ id }) => id)));
  });
});

describe("the lock", () => {
  test("of somebody else is waited for, and its holder named in the end", async () => {
    const school = schoolWithHello();
    const { changes } = await school.complete(UPGRADE);
    school.manager.holder = "unattended-upgrade (process 4711)";
    const troubles = await school.gather(changes);
    expect(troubles[0]).toMatchObject({ problem: { code: "package-manager-busy" } });
    expect(troubles[0]?.problem.what).toContain("unattended-upgrade (process 4711)");
    expect(troubles).toHaveLength(changes.length);
  });

  test("that is let go in time is no trouble", async () => {
    const school = schoolWithHello();
    const { changes } = await school.complete(UPGRADE);
    const holders = ["apt-get (process 4711)", "apt-get (process 4711)"];
    school.manager.lockHolder = () => Promise.resolve(holders.pop());
    expect(await school.gather(changes)).toEqual([]);
    expect(holders).toEqual([]);
  });
});

describe("what others left half done", () => {
  test("is repaired before anything is fetched", async () => {
    const school = schoolWithHello();
    const { changes } = await school.complete(UPGRADE);
    school.manager.put({ name: "theirs", version: "1.0" }, { half: true });
    expect(await school.gather(changes)).toEqual([]);
    expect(school.manager.calls.slice(0, 2)).toEqual(["repair", "download"]);
    expect(school.manager.inventory).toEqual(["hello 1.0", "theirs 1.0"]);
  });

  test("and cannot be repaired, holds back packages and nothing else", async () => {
    const school = schoolWithHello();
    const { changes } = await school.complete(UPGRADE);
    school.manager.put({ name: "theirs", version: "1.0", fails: true }, { half: true });
    const troubles = await school.gather(changes);
    expect(troubles.map(({ id, problem: { code } }) => `${id} ${code}`)).toEqual([
      "package:hello script-failed",
      "package:libhello script-failed",
    ]);
  });
});

test("archives of before make room for new ones, the oldest first", async () => {
  const { pruneArchives } = await import("../../../../reconciler/resources/package/archives.ts");
  const files = new MemoryFiles();
  for (const name of ["first", "second", "third"]) {
    files.put(`/archives/${name}_1.0/it`, "x".repeat(10));
    files.putDirectory(`/archives/${name}_1.0/sub`);
    files.removeDirectory(`/archives/${name}_1.0/sub`);
    files.advance(1000);
  }
  files.put("/archives/broken_1.0.part/it", "x");
  pruneArchives({ files, hostPath: (path) => path }, 25);
  expect(files.list("/archives").sort()).toEqual(["second_1.0", "third_1.0"]);
});
