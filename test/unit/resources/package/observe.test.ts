import { describe, expect, test } from "@jest/globals";
import { idOf } from "../../../../reconciler/model/state.ts";
import { packageKindWith } from "../../../../reconciler/resources/package/with-manager.ts";
import { machineWithStore } from "../../../support/memory-manager.ts";
import { madeByUs, PackageSchool, targetOf, type Wishes } from "../../../support/package-school.ts";

const ANY = { type: "installed" } as const;
const NOTHING_REMEMBERED = new Map<never, never>();

async function look(wishes: Wishes, memory: ReturnType<typeof madeByUs> = NOTHING_REMEMBERED) {
  const school = new PackageSchool();
  school.manager.put({ name: "squid", version: "5.7" }, { held: true });
  school.manager.put({ name: "hello", version: "1.0" });
  const target = targetOf(wishes);
  const ids = [...new Set([...target.wanted.keys(), ...memory.keys()])];
  const { seen } = await school.kind.observe(school.machine, ids, target, memory);
  return Object.fromEntries([...seen].map(([id, { state }]) => [id, state]));
}

test("versions, holds, and what is not there", async () => {
  expect(await look({ squid: ANY, hello: ANY, missing: ANY })).toEqual({
    "package:squid": { type: "installed", version: "5.7", held: true },
    "package:hello": { type: "installed", version: "1.0", held: false },
    "package:missing": { type: "absent" },
  });
});

describe("a minimum", () => {
  test.each([
    ["is told where it is met", "5.0", undefined, { minimum: "5.0" }],
    ["is left out where it is not", "6.0", undefined, {}],
    ["of before is told where the new one is not met: nobody but git has moved", "6.0", "5.0", { minimum: "5.0" }],
  ])("%s", async (_, minimum, remembered, expected) => {
    const memory = new Map([
      [
        idOf("package", "squid"),
        {
          state: { type: "installed", version: "5.7", ...(remembered === undefined ? {} : { minimum: remembered }) },
          origin: "created",
        } as const,
      ],
    ]);
    const seen = await look({ squid: { ...ANY, minimum } }, memory);
    expect(seen["package:squid"]).toEqual({ type: "installed", version: "5.7", held: true, ...expected });
  });
});

test("a name that no package can have is trouble of its own", async () => {
  const school = new PackageSchool();
  school.manager.put({ name: "hello", version: "1.0" });
  const { installed } = { installed: school.manager.installed.bind(school.manager) };
  school.manager.installed = (machine, names) =>
    names?.includes("-o") === true
      ? Promise.resolve({ ok: false, problems: [{ code: "package-name", what: "-o is no name" }] })
      : installed(machine, names);
  const target = targetOf({ hello: ANY, "-o": ANY });
  const looked = await school.kind.observe(school.machine, [...target.wanted.keys()], target, new Map());
  expect([...looked.seen.keys()]).toEqual(["package:hello"]);
  expect(looked.troubles).toMatchObject([{ id: "package:-o", problem: { code: "package-name" } }]);
});

test("without a package manager each wanted package is in trouble, and nothing else", async () => {
  const kind = packageKindWith(() => undefined);
  const target = targetOf({ hello: ANY });
  const ids = [idOf("package", "hello"), idOf("package", "ours")];
  const looked = await kind.observe(machineWithStore(), ids, target, madeByUs({ ours: "1.0" }));
  expect(looked.seen.size).toBe(0);
  expect(looked.problems).toEqual([]);
  expect(looked.troubles).toMatchObject([{ id: "package:hello", problem: { code: "no-package-manager" } }]);
});
