// The same with real programs at work: whatever they had done when the power went, the item is old or new, and whole.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Machine } from "../../../reconciler/machine/machine.ts";
import { DataFolder } from "../../support/data-folder.ts";
import type { DataSchool, DataWish } from "../../support/data-school.ts";
import { PowerCut } from "../../support/memory-files.ts";
import { hasPrograms } from "../../support/needs.ts";
import { PowerSupply } from "../../support/power.ts";

let folder: DataFolder;
let stick: string;

beforeEach(() => {
  folder = new DataFolder();
  stick = folder.write("stick", { "a/one": "1", "a/same": "s" });
});

afterEach(() => folder.close());

function plugged(machine: Machine, supply: PowerSupply): Machine {
  const refuse = (): void => {
    if (!supply.isOn) throw new PowerCut();
  };
  return {
    ...machine,
    files: supply.plug(machine.files),
    store: { ...machine.store, files: supply.plug(machine.store.files) },
    query: async (argv, options) => (refuse(), machine.query(argv, options)),
    run: async (argv, options) => (refuse(), machine.run(argv, options)),
  };
}

/** The state at every change of a run that brings a new version. */
async function cutEverywhere(wishes: Readonly<Record<string, DataWish>>, change: (n: number) => void): Promise<number> {
  expect((await folder.school.run(wishes)).problems).toEqual([]);
  for (let n = 1; ; n++) {
    const before = folder.tree("srv/x");
    change(n);
    const supply = new PowerSupply();
    const cut: DataSchool = folder.reopened(plugged(folder.machine, supply));
    supply.cutAt(n);
    const over = await cut.run(wishes).then(
      () => true,
      (error: unknown) => {
        if (!(error instanceof PowerCut)) throw error;
        return false;
      },
    );
    if (!over) {
      const next = folder.reopened();
      next.steps = cut.steps;
      expect(await (cut.kept ? next.letGo() : next.walkBack())).toEqual([]);
      if (!cut.kept) expect(folder.tree("srv/x")).toEqual(before);
    }
    const after = folder.reopened();
    expect((await after.run(wishes)).problems).toEqual([]);
    folder.school.memory = after.memory;
    expect(folder.tree("srv/x")).toMatchObject({ "a/one": `${n}` });
    if (over) return n;
  }
}

test("a tree from a path", async () => {
  if (!hasPrograms("rsync")) return;
  const wishes = { "/srv/x": { supply: { source: { type: "rsync", url: stick }, keepVersions: 1 } } } as const;
  const cuts = await cutEverywhere(wishes, (n) => writeFileSync(join(stick, "a/one"), `${n}`));
  expect(cuts).toBeGreaterThan(10);
  expect(folder.tree("srv/x")).toEqual({ "a/one": `${cuts}`, "a/same": "s" });
  expect(existsSync(join(folder.root, "srv/x"))).toBe(true);
  expect(folder.left().sort()).toEqual([
    expect.stringMatching(/^\.x-[0-9a-f]{8}\.[0-9a-f]{16}~$/u),
    expect.stringMatching(/^\.x-[0-9a-f]{8}\.spare~$/u),
  ]);
});
