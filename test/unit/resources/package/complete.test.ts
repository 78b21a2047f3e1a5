import { describe, expect, test } from "@jest/globals";
import { ABSENT } from "../../../../reconciler/model/absent.ts";
import type { MemoryPackage } from "../../../support/memory-manager.ts";
import { madeByUs, PackageSchool, sentences, targetOf } from "../../../support/package-school.ts";

const ANY = { type: "installed" } as const;

const HELLO: readonly MemoryPackage[] = [
  { name: "hello", version: "1.0", needs: ["libhello"] },
  { name: "hello", version: "2.0", needs: ["libhello>=2.0"] },
  { name: "libhello", version: "1.0" },
  { name: "libhello", version: "2.0" },
  { name: "lonely", version: "1.0" },
];

describe("one change for each package that the manager would touch", () => {
  test("what a package pulls in follows it", async () => {
    const school = new PackageSchool(HELLO);
    const { changes, troubles } = await school.complete(targetOf({ hello: ANY }));
    expect(sentences(changes)).toEqual(["hello: absent -> 2.0 (new)", "libhello: absent -> 2.0 (follows hello)"]);
    expect(troubles).toEqual([]);
  });

  test("an exact version, and a minimum, with the versions that they come to", async () => {
    const school = new PackageSchool(HELLO);
    const wishes = { hello: { ...ANY, version: "1.0" }, lonely: { ...ANY, minimum: "0.5" } };
    const { changes } = await school.complete(targetOf(wishes));
    expect(sentences(changes)).toEqual([
      "hello: absent -> 1.0 (new)",
      "libhello: absent -> 2.0 (follows hello)",
      "lonely: absent -> 1.0 (new)",
    ]);
    expect(changes.at(-1)?.after).toEqual({ type: "installed", version: "1.0", minimum: "0.5" });
  });

  test("a package that two others need follows both; what one of them needs follows that one", async () => {
    const school = new PackageSchool([...HELLO, { name: "hola", version: "1.0", needs: ["libhello", "libhola"] }]);
    school.manager.published.push({ name: "libhola", version: "1.0" });
    await school.manager.refresh();
    const { changes } = await school.complete(targetOf({ hello: ANY, hola: ANY }));
    expect(sentences(changes)).toEqual([
      "hello: absent -> 2.0 (new)",
      "hola: absent -> 1.0 (new)",
      "libhello: absent -> 2.0 (follows hello, hola)",
      "libhola: absent -> 1.0 (follows hola)",
    ]);
  });

  test("a hold alone is a change, and asks the manager nothing", async () => {
    const school = new PackageSchool(HELLO);
    school.manager.put({ name: "lonely", version: "1.0" });
    const { changes } = await school.complete(targetOf({ lonely: { ...ANY, held: true } }));
    expect(sentences(changes)).toEqual(["lonely: 1.0 -> 1.0 held (new)"]);
    expect(school.manager.simulations).toBe(0);
  });

  test("a version of what we hold is released first, and comes with the next run", async () => {
    const school = new PackageSchool(HELLO);
    school.manager.put({ name: "lonely", version: "0.9" }, { held: true });
    const target = targetOf({ lonely: { ...ANY, version: "1.0", held: true } });
    const { changes, notices } = await school.complete(target);
    expect(sentences(changes)).toEqual(["lonely: 0.9 held -> 0.9 (new)"]);
    expect(notices).toMatchObject([{ code: "hold-released-first" }]);
    expect(await school.perform(school.kind.steps(changes, "run", 0))).toEqual([]);
    expect(sentences((await school.complete(target)).changes)).toEqual(["lonely: 0.9 -> 1.0 held (new)"]);
  });

  test("a hold of somebody else is in the way", async () => {
    const school = new PackageSchool(HELLO);
    school.manager.put({ name: "lonely", version: "0.9" }, { held: true });
    const { changes, troubles } = await school.complete(targetOf({ lonely: { ...ANY, version: "1.0" } }));
    expect(changes).toEqual([]);
    expect(troubles).toMatchObject([{ id: "package:lonely", problem: { code: "held" } }]);
  });

  test("a calm server needs no simulation", async () => {
    const school = new PackageSchool(HELLO);
    school.manager.put({ name: "lonely", version: "1.0" });
    expect(await school.complete(targetOf({ lonely: ANY, hello: ABSENT }))).toEqual({
      changes: [],
      held: [],
      troubles: [],
      notices: [],
    });
    expect(school.manager.simulations).toBe(0);
  });
});

describe("one broken package holds back only itself", () => {
  test.each([
    ["an unknown name", { helo: ANY }, "unknown-package"],
    ["a version that nobody has", { helo: { ...ANY, version: "9.0" } }, "unknown-package"],
    ["a version of a package that has others", { lonely: { ...ANY, version: "9.0" } }, "no-such-version"],
  ])("%s", async (_, wishes, code) => {
    const school = new PackageSchool(HELLO);
    const { changes, held, troubles } = await school.complete(targetOf({ hello: ANY, ...wishes }));
    expect(sentences(changes)).toEqual(["hello: absent -> 2.0 (new)", "libhello: absent -> 2.0 (follows hello)"]);
    const [name] = Object.keys(wishes);
    expect(troubles).toMatchObject([{ id: `package:${name}`, problem: { code } }]);
    expect(held).toMatchObject([{ id: `package:${name}`, waits: { for: "trouble" } }]);
  });

  test("many good ones and a few that are not named in the manager's answer", async () => {
    const good = Array.from({ length: 20 }, (_, n) => ({ name: `good${n}`, version: "1.0" }));
    const bad = ["bad1", "bad2"].map((name) => ({ name, version: "1.0", needs: ["nobody"] }));
    const school = new PackageSchool([...good, ...bad]);
    school.manager.simulate = hushed(school.manager.simulate.bind(school.manager));
    const wishes = Object.fromEntries([...good, ...bad].map(({ name }) => [name, ANY]));
    const { changes, troubles } = await school.complete(targetOf(wishes));
    expect(changes).toHaveLength(20);
    expect(troubles.map(({ id }) => id)).toEqual(["package:bad1", "package:bad2"]);
  });

  test("when nearly all is broken, the search ends", async () => {
    const bad = Array.from({ length: 80 }, (_, n) => ({ name: `bad${n}`, version: "1.0", needs: ["nobody"] }));
    const school = new PackageSchool(bad);
    school.manager.simulate = hushed(school.manager.simulate.bind(school.manager));
    const { changes, troubles } = await school.complete(
      targetOf(Object.fromEntries(bad.map(({ name }) => [name, ANY]))),
    );
    expect(changes).toEqual([]);
    expect(new Set(troubles.map(({ id }) => id)).size).toBe(80);
    expect(school.manager.simulations).toBeLessThanOrEqual(48);
  });

  function hushed(simulate: PackageSchool["manager"]["simulate"]): PackageSchool["manager"]["simulate"] {
    return async (...asked) => {
      const answer = await simulate(...asked);
      return answer.ok ? answer : { ok: false, problems: [{ code: "no", what: "something does not work" }] };
    };
  }
});

describe("what nobody wants gone stays", () => {
  const MAIL: readonly MemoryPackage[] = [
    { name: "exim", version: "1.0" },
    { name: "postfix", version: "1.0", conflicts: ["exim"] },
    { name: "mailx", version: "1.0", needs: ["exim"] },
  ];

  test("a surprise removal is refused, and named with its remedy", async () => {
    const school = new PackageSchool([...MAIL, ...HELLO]);
    school.manager.put({ name: "exim", version: "1.0" });
    const { changes, troubles } = await school.complete(targetOf({ postfix: ANY, lonely: ANY }));
    expect(sentences(changes)).toEqual(["lonely: absent -> 1.0 (new)"]);
    expect(troubles).toMatchObject([{ id: "package:postfix", problem: { code: "surprise-removal" } }]);
    expect(troubles[0]?.problem.what).toContain("would remove exim");
    expect(troubles[0]?.problem.hint).toBe(
      'keep exim and take out postfix; or, if exim may go, say so: "exim: absent"',
    );
  });

  test("what git wants gone may go", async () => {
    const school = new PackageSchool(MAIL);
    school.manager.put({ name: "exim", version: "1.0" });
    const { changes, troubles } = await school.complete(targetOf({ postfix: ANY, exim: ABSENT }));
    expect(sentences(changes)).toEqual(["exim: 1.0 -> absent (new)", "postfix: absent -> 1.0 (new)"]);
    expect(troubles).toEqual([]);
  });

  test("a replacement goes on beside a package that cannot be had", async () => {
    const school = new PackageSchool(MAIL);
    school.manager.put({ name: "exim", version: "1.0" });
    const { changes } = await school.complete(targetOf({ exim: ABSENT, unknown: ANY, postfix: ANY }));
    expect(sentences(changes)).toEqual(["exim: 1.0 -> absent (new)", "postfix: absent -> 1.0 (new)"]);
  });

  test("an absence that would take along what is needed is refused", async () => {
    const school = new PackageSchool(MAIL);
    for (const package_ of [MAIL[0], MAIL[2]]) if (package_ !== undefined) school.manager.put(package_);
    const { changes, troubles } = await school.complete(targetOf({ exim: ABSENT }));
    expect(changes).toEqual([]);
    expect(troubles).toMatchObject([{ id: "package:exim", problem: { code: "surprise-removal" } }]);
  });
});

describe("what was asked for is not changed on the way", () => {
  function withOldLibrary(held: boolean): PackageSchool {
    const school = new PackageSchool(HELLO);
    school.manager.put({ name: "libhello", version: "1.0" }, { held });
    school.manager.respectsHolds = false;
    return school;
  }

  test.each([
    ["a version that git names", false, { libhello: { ...ANY, version: "1.0" } }, "unwelcome-package"],
    ["a package that somebody holds", true, {}, "hold-in-the-way"],
  ])("%s", async (_, held, wishes, code) => {
    const { changes, troubles } = await withOldLibrary(held).complete(targetOf({ hello: ANY, ...wishes }));
    expect(changes).toEqual([]);
    expect(troubles).toMatchObject([{ id: "package:hello", problem: { code } }]);
  });

  test("a package that git wants absent is not brought in", async () => {
    const { changes, troubles } = await new PackageSchool(HELLO).complete(targetOf({ hello: ANY, libhello: ABSENT }));
    expect(changes).toEqual([]);
    expect(troubles).toMatchObject([{ id: "package:hello", problem: { code: "unwelcome-package" } }]);
  });

  test("a library that nobody speaks of may move", async () => {
    const { changes } = await withOldLibrary(false).complete(targetOf({ hello: ANY }));
    expect(sentences(changes)).toEqual(["hello: absent -> 2.0 (new)", "libhello: 1.0 -> 2.0 (follows hello)"]);
  });

  test("a name that the manager takes for another package is told", async () => {
    const school = new PackageSchool([{ name: "lonely", version: "1.0" }]);
    school.manager.simulate = async () => ({ ok: true, value: [{ name: "other", to: "1.0" }] });
    const { troubles } = await school.complete(targetOf({ lonely: ANY }));
    expect(troubles).toMatchObject([{ id: "package:lonely", problem: { code: "not-a-package" } }]);
  });
});

describe("what nobody wants any more", () => {
  function installedByUs(...needing: readonly MemoryPackage[]): PackageSchool {
    const school = new PackageSchool(HELLO);
    for (const package_ of [HELLO[1], HELLO[3], ...needing]) if (package_ !== undefined) school.manager.put(package_);
    return school;
  }

  test("goes, with all that goes together", async () => {
    const memory = madeByUs({ hello: "2.0", libhello: "2.0" });
    const { changes, held } = await installedByUs().complete(targetOf({}), memory);
    expect(sentences(changes)).toEqual(["hello: 2.0 -> absent (retired)", "libhello: 2.0 -> absent (retired)"]);
    expect(held).toEqual([]);
  });

  test("stays while something needs it that is not ours, and says what", async () => {
    const school = installedByUs({ name: "theirs", version: "1.0", needs: ["libhello"] });
    const { changes, held, troubles } = await school.complete(
      targetOf({}),
      madeByUs({ hello: "2.0", libhello: "2.0" }),
    );
    expect(sentences(changes)).toEqual(["hello: 2.0 -> absent (retired)"]);
    expect(held).toMatchObject([
      { id: "package:libhello", waits: { for: "trouble", what: expect.stringContaining("theirs") } },
    ]);
    expect(troubles).toEqual([]);
  });
});

describe("unattended updates", () => {
  const NEWER: readonly MemoryPackage[] = [
    { name: "ssl", version: "1.1", security: true },
    { name: "editor", version: "1.1", security: false },
    { name: "kernel", version: "1.1", security: true },
  ];

  function outdated(published = NEWER): PackageSchool {
    const school = new PackageSchool(published);
    for (const { name } of published) school.manager.put({ name, version: "1.0" });
    return school;
  }

  test.each([
    ["none", []],
    ["security", ["kernel: 1.0 -> 1.1 (updated)", "ssl: 1.0 -> 1.1 (updated)"]],
    ["all", ["editor: 1.0 -> 1.1 (updated)", "kernel: 1.0 -> 1.1 (updated)", "ssl: 1.0 -> 1.1 (updated)"]],
  ] as const)("%s", async (which, expected) => {
    const { changes } = await outdated().complete(targetOf({}, { updates: { which, except: [] } }));
    expect(sentences(changes)).toEqual(expected);
  });

  test("exceptions, holds, and versions that git names are left alone", async () => {
    const school = outdated();
    school.manager.put({ name: "editor", version: "1.0" }, { held: true });
    const target = targetOf({ ssl: { ...ANY, version: "1.0" } }, { updates: { which: "all", except: ["kernel"] } });
    expect(await school.complete(target)).toEqual({ changes: [], held: [], troubles: [], notices: [] });
  });

  test("what is only to be told is told", async () => {
    const target = targetOf({ ssl: { ...ANY, policy: "report" } }, { updates: { which: "security", except: [] } });
    const { changes, held } = await outdated().complete(target);
    expect(sentences(changes)).toEqual(["kernel: 1.0 -> 1.1 (updated)"]);
    expect(held).toMatchObject([{ id: "package:ssl", policy: "report", after: { version: "1.1" } }]);
  });

  test("one that would cost another package is held, the others are made", async () => {
    const school = outdated([...NEWER.slice(0, 2), { name: "kernel", version: "1.1", conflicts: ["driver"] }]);
    school.manager.put({ name: "driver", version: "1.0" });
    const { changes, held, troubles } = await school.complete(targetOf({}, { updates: { which: "all", except: [] } }));
    expect(sentences(changes)).toEqual(["editor: 1.0 -> 1.1 (updated)", "ssl: 1.0 -> 1.1 (updated)"]);
    expect(held).toMatchObject([{ id: "package:kernel", waits: { what: expect.stringContaining("driver") } }]);
    expect(troubles).toEqual([]);
  });

  test("one that would bring an excepted package along is held", async () => {
    const school = outdated([
      { name: "ssl", version: "1.1", needs: ["libc>=1.1"] },
      { name: "libc", version: "1.1" },
    ]);
    const { changes, held } = await school.complete(targetOf({}, { updates: { which: "all", except: ["libc"] } }));
    expect(changes).toEqual([]);
    expect(held).toMatchObject([{ id: "package:ssl", waits: { what: expect.stringContaining("libc") } }]);
  });

  test("a manager that does not know what is for security makes none, and says so", async () => {
    const school = outdated([{ name: "ssl", version: "1.1" }]);
    const { changes, notices } = await school.complete(targetOf({}, { updates: { which: "security", except: [] } }));
    expect(changes).toEqual([]);
    expect(notices).toMatchObject([{ code: "security-unknown" }]);
  });
});

describe("what others left half done", () => {
  test("is drift, put right and told", async () => {
    const school = new PackageSchool(HELLO);
    school.manager.put({ name: "theirs", version: "1.0" }, { half: true });
    school.manager.put({ name: "lonely", version: "1.0" });
    const { changes, notices } = await school.complete(targetOf({ lonely: ANY }));
    expect(sentences(changes)).toEqual(["theirs: 1.0 -> 1.0 (drifted)"]);
    expect(notices).toMatchObject([{ code: "packages-half-done", what: expect.stringContaining("theirs") }]);
  });

  test("is also put right where a manager only names files of its own", async () => {
    const school = new PackageSchool(HELLO);
    school.manager.put({ name: "memory", version: "1.0" });
    school.manager.put({ name: "lonely", version: "1.0" });
    school.manager.broken = async () => ({ ok: true, value: ["/var/lib/memory/updates/0001"] });
    const { changes } = await school.complete(targetOf({ lonely: ANY }));
    expect(sentences(changes)).toEqual(["memory: 1.0 -> 1.0 (drifted)"]);
  });

  test("lets everything else wait while the manager refuses it, and asks only once", async () => {
    const school = new PackageSchool(HELLO);
    school.manager.put({ name: "theirs", version: "1.0" }, { half: true });
    const target = targetOf({ hello: ANY, lonely: ANY });
    const { changes, troubles } = await school.complete(target);
    expect(sentences(changes)).toEqual(["theirs: 1.0 -> 1.0 (drifted)"]);
    expect(troubles.map(({ id }) => id)).toEqual(["package:hello", "package:lonely"]);
    expect(school.manager.simulations).toBe(1);
    expect(await school.gather(changes)).toEqual([]);
    expect((await school.complete(target)).changes).toHaveLength(3);
  });
});

test("a conffile that the maintainer would write otherwise is a hint", async () => {
  const school = new PackageSchool(HELLO);
  school.manager.put({ name: "lonely", version: "1.0" });
  school.manager.hints.push({ package: "lonely", path: "/etc/lonely", other: "/etc/lonely.dist" });
  const { notices } = await school.complete(targetOf({ lonely: ANY }));
  expect(notices).toMatchObject([{ code: "conffile-differs", where: { file: "/etc/lonely" } }]);
});
