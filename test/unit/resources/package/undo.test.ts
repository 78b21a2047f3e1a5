import { describe, expect, test } from "@jest/globals";
import { roomFor } from "../../../../reconciler/apply/room.ts";
import { ABSENT } from "../../../../reconciler/model/absent.ts";
import type { Step } from "../../../../reconciler/resources/kind.ts";
import { PowerCut } from "../../../support/memory-files.ts";
import type { MemoryPackage } from "../../../support/memory-manager.ts";
import { PackageSchool, targetOf } from "../../../support/package-school.ts";

const ANY = { type: "installed" } as const;

const PUBLISHED: readonly MemoryPackage[] = [
  { name: "hello", version: "1.0", needs: ["libhello"] },
  { name: "hello", version: "2.0", needs: ["libhello>=2.0", "data"] },
  { name: "libhello", version: "1.0" },
  { name: "libhello", version: "2.0" },
  { name: "data", version: "1.0" },
  { name: "exim", version: "1.0" },
  { name: "postfix", version: "1.0", conflicts: ["exim"] },
  { name: "held", version: "1.0" },
  { name: "held", version: "2.0" },
];

/** An upgrade that pulls in and moves others, a replacement, a hold, and an upgrade that is held from then on. */
const TARGET = targetOf({
  hello: { ...ANY, version: "2.0" },
  exim: ABSENT,
  postfix: { ...ANY, held: true },
  held: { ...ANY, version: "2.0", held: true },
});

const BEFORE = ["exim 1.0", "held 1.0", "hello 1.0", "libhello 1.0"];
const AFTER = ["data 1.0", "held 2.0 held", "hello 2.0", "libhello 2.0", "postfix 1.0 held"];

async function begin(published = PUBLISHED): Promise<{ school: PackageSchool; steps: readonly Step[] }> {
  const school = new PackageSchool(published);
  for (const package_ of [PUBLISHED[0], PUBLISHED[2], PUBLISHED[5]])
    if (package_ !== undefined) school.manager.put(package_);
  school.manager.put({ name: "held", version: "1.0" });
  const steps = await school.steps(TARGET);
  expect(school.manager.inventory).toEqual(BEFORE);
  return { school, steps };
}

/** Whether the power went meanwhile. */
async function cut(act: Promise<unknown>): Promise<boolean> {
  try {
    await act;
    return false;
  } catch (error) {
    if (error instanceof PowerCut) return true;
    throw error;
  }
}

test("there and back, in one transaction each", async () => {
  const { school, steps } = await begin();
  expect(await school.perform(steps)).toEqual([]);
  expect(school.manager.inventory).toEqual(AFTER);
  school.manager.online = false;
  expect(await school.undo(steps)).toEqual([]);
  expect(school.manager.inventory).toEqual(BEFORE);
  expect(school.manager.calls.filter((call) => call.startsWith("perform"))).toHaveLength(2);
});

test("wherever the power goes, and goes again on the way back, all of it comes back without a link", async () => {
  const whole = await begin();
  await whole.school.perform(whole.steps);
  const there = whole.school.manager.steps;
  expect(there).toBeGreaterThan(9);
  for (let first = 1; first <= there; first++) {
    for (let second = 1; ; second++) {
      const { school, steps } = await begin();
      school.manager.online = false;
      school.manager.cutPowerAt(first);
      expect(await cut(school.perform(steps))).toBe(true);
      school.manager.powerOn();
      school.manager.cutPowerAt(second);
      const isCut = await cut(school.undo(steps));
      school.manager.powerOn();
      expect(await school.undo(steps)).toEqual([]);
      expect(school.manager.inventory).toEqual(BEFORE);
      if (!isCut) break;
    }
  }
});

test("what was not begun needs nothing, and neither does what is back", async () => {
  const { school, steps } = await begin();
  school.manager.calls.length = 0;
  expect(await school.undo(steps)).toEqual([]);
  await school.perform(steps);
  await school.undo(steps);
  school.manager.calls.length = 0;
  expect(await school.undo(steps)).toEqual([]);
  expect(school.manager.calls).toEqual([]);
});

test("a new version that cannot be set up stops the run, and the old one is back", async () => {
  const { school, steps } = await begin(
    PUBLISHED.map((has) => (has.name === "libhello" && has.version === "2.0" ? { ...has, fails: true } : has)),
  );
  expect(await school.perform(steps)).toMatchObject([{ code: "script-failed" }]);
  expect(await school.undo(steps)).toEqual([]);
  expect(school.manager.inventory).toEqual(BEFORE);
});

test("what somebody else brought to a third version stays, and is told", async () => {
  const { school, steps } = await begin();
  await school.perform(steps);
  school.manager.put({ name: "data", version: "3.0" });
  expect(await school.undo(steps)).toMatchObject([{ code: "left-in-place", what: expect.stringContaining("data") }]);
  expect(school.manager.inventory).toEqual(["data 3.0", ...BEFORE]);
});

test("what somebody needs meanwhile stays, and all else is back", async () => {
  const { school, steps } = await begin();
  await school.perform(steps);
  school.manager.put({ name: "theirs", version: "1.0", needs: ["data"] });
  expect(await school.undo(steps)).toMatchObject([{ code: "left-in-place", what: expect.stringContaining("theirs") }]);
  expect(school.manager.inventory).toEqual(["data 1.0", ...BEFORE, "theirs 1.0"]);
});

test("what can only come back together does, although something else has to stay", async () => {
  const school = new PackageSchool([
    { name: "app", version: "2.0", needs: ["newlib", "data"] },
    { name: "newlib", version: "1.0", conflicts: ["oldlib"] },
    { name: "data", version: "1.0" },
    { name: "app", version: "1.0", needs: ["oldlib"] },
    { name: "oldlib", version: "1.0" },
  ]);
  for (const package_ of school.manager.published.slice(3)) school.manager.put(package_);
  const steps = await school.steps(targetOf({ app: { ...ANY, version: "2.0" }, oldlib: ABSENT }));
  expect(await school.perform(steps)).toEqual([]);
  school.manager.put({ name: "theirs", version: "1.0", needs: ["data"] });
  expect(await school.undo(steps)).toMatchObject([{ code: "left-in-place", what: expect.stringContaining("theirs") }]);
  expect(school.manager.inventory).toEqual(["app 1.0", "data 1.0", "oldlib 1.0", "theirs 1.0"]);
});

test("a version without an archive stays away, which is told once and for all, and all else is back", async () => {
  const { school, steps } = await begin();
  await school.perform(steps);
  const { files } = school.machine.store;
  files.unlink("/archives/exim_1.0/exim_1.0.pkg");
  expect(await school.undo(steps)).toMatchObject([{ code: "left-in-place", what: expect.stringContaining("exim") }]);
  expect(school.manager.inventory).toEqual(BEFORE.slice(1));
});

test("while somebody else holds the lock it has to be tried again", async () => {
  const { school, steps } = await begin();
  await school.perform(steps);
  school.manager.holder = "dpkg (process 7)";
  expect(await school.undo(steps)).toMatchObject([{ code: "package-manager-busy" }]);
  school.manager.holder = undefined;
  expect(await school.undo(steps)).toEqual([]);
  expect(school.manager.inventory).toEqual(BEFORE);
});

describe("performing", () => {
  test("stops when somebody has changed a package since the plan was made", async () => {
    const { school, steps } = await begin();
    school.manager.put({ name: "data", version: "3.0" });
    expect(await school.perform(steps)).toMatchObject([{ code: "moved", what: expect.stringContaining("data") }]);
    expect(school.manager.inventory).toEqual(["data 3.0", ...BEFORE]);
  });

  test("finds out when a manager says it did what it did not do", async () => {
    const { school, steps } = await begin();
    school.manager.perform = () => Promise.resolve([]);
    const problems = await school.perform(steps);
    expect(new Set(problems.map(({ code }) => code))).toEqual(new Set(["package-not-as-planned"]));
  });

  test("repairs first what was left half done meanwhile", async () => {
    const { school, steps } = await begin();
    school.manager.put({ name: "theirs", version: "1.0" }, { half: true });
    expect(await school.perform(steps)).toEqual([]);
    expect(school.manager.inventory).toEqual([...AFTER, "theirs 1.0"]);
  });

  test("is told step by step, once all of it is done", async () => {
    const { school, steps } = await begin();
    const told: string[] = [];
    await school.kind.perform(school.machine, steps, {
      signal: new AbortController().signal,
      contents: new Map(),
      earlier: new Set(),
      done: (step) => Promise.resolve(void told.push(step.change.id)),
    });
    expect(told).toEqual(steps.map(({ change: { id } }) => id));
  });
});

describe("room", () => {
  test.each([
    ["too little", { bytes: 16 * 1024 * 1024, inodes: 100, readOnly: false, device: 1 }, ["no-space"]],
    ["a read-only disk", { bytes: 2 ** 30, inodes: 100, readOnly: true, device: 1 }, ["read-only"]],
    ["enough", { bytes: 2 ** 30, inodes: 100, readOnly: false, device: 1 }, []],
  ])("%s", async (_, space, codes) => {
    const { school, steps } = await begin();
    school.machine.files.room = space;
    expect(roomFor(school.machine, [[school.kind, steps]]).map(({ code }) => code)).toEqual(codes);
  });

  test("a removal makes room, and a hold needs none", async () => {
    const { school, steps } = await begin();
    school.machine.files.room = { bytes: 0, inodes: 0, readOnly: false, device: 1 };
    const removals = steps.filter(({ change: { after } }) => after.type === "absent");
    expect(removals).toHaveLength(1);
    expect(roomFor(school.machine, [[school.kind, removals]])).toEqual([]);
    expect(roomFor(school.machine, [[school.kind, []]])).toEqual([]);
  });
});
