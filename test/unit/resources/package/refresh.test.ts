import { describe, expect, test } from "@jest/globals";
import type { Target } from "../../../../reconciler/model/target.ts";
import { FOREVER, madeByUs, PackageSchool, targetOf } from "../../../support/package-school.ts";

const HOUR_MS = 60 * 60 * 1000;
const HELLO = targetOf({ hello: { type: "installed" } });

async function refresh(school: PackageSchool, target: Target = HELLO, ask = true, memory = madeByUs({})) {
  const refreshed = await school.kind.refresh?.(school.machine, target, memory, { signal: FOREVER, ask });
  const isAsked = school.manager.calls.includes("refresh");
  school.manager.calls.length = 0;
  return { isAsked, codes: refreshed?.problems.map(({ code }) => code) };
}

async function later(school: PackageSchool, ms: number, target?: Target) {
  school.machine.time.wallMs += ms;
  return (await refresh(school, target)).isAsked;
}

describe("the repositories are asked", () => {
  test("once in six hours", async () => {
    const school = new PackageSchool();
    expect(await refresh(school)).toEqual({ isAsked: true, codes: [] });
    expect(await later(school, 6 * HOUR_MS - 1)).toBe(false);
    expect(await later(school, 1)).toBe(true);
  });

  test("at once when packages are wanted that were not wanted before", async () => {
    const school = new PackageSchool();
    await refresh(school);
    expect(await later(school, 1, targetOf({ hello: { type: "installed", version: "2.0" } }))).toBe(true);
  });

  test("again when the clock has leapt back", async () => {
    const school = new PackageSchool();
    school.machine.time.wallMs += 40 * 365 * 24 * HOUR_MS;
    await refresh(school);
    expect(await later(school, -40 * 365 * 24 * HOUR_MS)).toBe(true);
    expect(await later(school, 1)).toBe(false);
  });

  test("sooner when they did not answer", async () => {
    const school = new PackageSchool();
    school.manager.online = false;
    expect(await refresh(school)).toEqual({ isAsked: true, codes: ["repository-unreachable"] });
    expect(await later(school, HOUR_MS / 4 - 1)).toBe(false);
    expect(await later(school, 1)).toBe(true);
  });

  test("also with a note that the power cut short", async () => {
    const school = new PackageSchool();
    school.machine.store.files.makeDirectory("/archives", {});
    await school.machine.store.files.create("/package-lists.json", Buffer.from('{"at":'), { mode: 0o600 });
    await school.machine.store.files.create("/package-lists.json.new~", Buffer.from(""), { mode: 0o600 });
    expect((await refresh(school)).isAsked).toBe(true);
    expect(await later(school, 1)).toBe(false);
  });
});

describe("they are not asked", () => {
  test("when packages are no business of ours", async () => {
    expect(await refresh(new PackageSchool(), targetOf({}))).toEqual({ isAsked: false, codes: [] });
  });

  test("when nobody may be asked now", async () => {
    expect((await refresh(new PackageSchool(), HELLO, false)).isAsked).toBe(false);
  });

  test("while somebody else holds the lock, and then the next run does", async () => {
    const school = new PackageSchool();
    school.manager.holder = "apt-get (process 7)";
    expect((await refresh(school)).isAsked).toBe(false);
    school.manager.holder = undefined;
    expect((await refresh(school)).isAsked).toBe(true);
  });
});

test.each([
  ["for packages of ours that nobody wants any more", targetOf({}), madeByUs({ hello: "1.0" })],
  ["for updates", targetOf({}, { updates: { which: "all", except: [] } }), madeByUs({})],
])("they are asked %s", async (_, target, memory) => {
  expect((await refresh(new PackageSchool(), target, true, memory)).isAsked).toBe(true);
});

test("what is half done is told, and not touched", async () => {
  const school = new PackageSchool();
  school.manager.put({ name: "theirs", version: "1.0" }, { half: true });
  expect((await refresh(school)).codes).toEqual(["packages-half-done"]);
  expect(school.manager.inventory).toEqual(["theirs 1.0 half"]);
});
