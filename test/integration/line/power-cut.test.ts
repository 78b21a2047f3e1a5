// For every step n of a run with every kind of change: cut the power there, recover, look: all of it or none of it.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { recover, rememberSteps } from "../../../reconciler/apply/recover.ts";
import type { Ground } from "../../../reconciler/ground.ts";
import { loadMemory } from "../../../reconciler/state/memory.ts";
import { PowerSupply } from "../../support/power.ts";
import { School, treeLines, untouchedLines, type Snapshot } from "../../support/school.ts";
import { NEW, OLD } from "./two-trees.ts";

let school: School;
let before: Snapshot;
let after: readonly string[];

/** A server that follows OLD, with a file of somebody else in between; NEW is offered. */
beforeEach(async () => {
  school = await School.open();
  await school.commit(OLD);
  await school.cycle();
  school.put("/etc/foreign", "of somebody else\n");
  await school.commit(NEW);
  save("root", "state");
  before = school.snapshot();
  expect(await school.cycle()).toMatchObject({ result: "changed", settled: true });
  after = treeLines(school.snapshot());
});

afterEach(() => school.close());

test("after a cut at any step the tree is the old one or the new one, then settles, then is unchanged", async () => {
  const seen = { old: 0, new: 0 };
  let steps = 0;
  for (let n = 1, done = false; !done; n++) {
    restore("root", "state");
    done = await cutAt(n);
    if (done) continue;
    steps = n;
    await recoverAlone();
    const isOld = String(treeLines(school.snapshot())) === String(treeLines(before));
    seen[isOld ? "old" : "new"]++;
    expect(isOld ? withoutMachineTimes(school.snapshot()) : treeLines(school.snapshot())).toEqual(
      isOld ? withoutMachineTimes(before) : after,
    );
    expect(await school.cycle()).toMatchObject({ settled: true, problems: [] });
    expect(treeLines(school.snapshot())).toEqual(after);
    // Every run after that is like the others.
    if (n % 5 === 0) expect(await school.cycle()).toMatchObject({ result: "unchanged", problems: [] });
  }
  console.log(`power was cut at each of ${steps} steps: ${seen.old} times the old tree, ${seen.new} times the new one`);
  expect(seen.old).toBeGreaterThan(60);
  expect(seen.new).toBeGreaterThan(10);
});

test("a recovery may be cut as well, at any of its own steps, and the next one ends it", async () => {
  let swept = 0;
  for (const n of [58, 80, 105]) {
    restore("root", "state");
    expect(await cutAt(n)).toBe(false);
    save("cut-root", "cut-state");
    for (let m = 1, done = false; !done; m++) {
      restore("cut-root", "cut-state");
      const power = new PowerSupply();
      power.cutAt(m);
      await recoverAlone(await plugged(power)).catch(() => undefined);
      done = power.isOn;
      await recoverAlone();
      expect([treeLines(before), after]).toContainEqual(treeLines(school.snapshot()));
      swept++;
    }
    expect(await school.cycle()).toMatchObject({ settled: true, problems: [] });
    expect(treeLines(school.snapshot())).toEqual(after);
  }
  console.log(`recovery was cut at each of ${swept} steps`);
  expect(swept).toBeGreaterThan(80);
});

test("the program brings a cut run to its end with neither network nor mirror", async () => {
  restore("root", "state");
  await cutAt(75);
  rmSync(join(school.state, "mirror.git"), { recursive: true });
  renameSync(school.fleet.path, `${school.fleet.path}.away`);
  const { code, stdout } = await school.now();
  expect(code).toBe(1);
  expect(stdout).toContain("was interrupted; its changes were undone");
  expect(treeLines(school.snapshot())).toEqual(treeLines(before));

  renameSync(`${school.fleet.path}.away`, school.fleet.path);
  expect(await school.now()).toMatchObject({ code: 0 });
  expect(treeLines(school.snapshot())).toEqual(after);
  expect(await school.now()).toMatchObject({ code: 0, stdout: expect.stringContaining("unchanged") });
});

/** A cycle in which the power goes at the n-th change of root or state; true when it ended before that. */
async function cutAt(n: number): Promise<boolean> {
  const power = new PowerSupply();
  power.cutAt(n);
  await school.cycle(await plugged(power));
  return power.isOn;
}

async function plugged(power: PowerSupply): Promise<Ground> {
  const { config, machine, state, copy } = await school.ground();
  return { config, machine: { ...machine, files: power.plug(machine.files) }, state: power.plug(state), copy };
}

/** What a cycle does first: it asks neither a remote nor the mirror. */
async function recoverAlone(ground?: Ground): Promise<void> {
  const { machine, state } = ground ?? (await school.ground());
  const memory = await loadMemory(state);
  const { recovery, problems } = await recover(machine, state, {
    remember: (steps) => memory.save(rememberSteps(memory.memory, steps)),
  });
  expect([...problems, ...(recovery?.problems ?? [])]).toEqual([]);
}

function save(root: string, state: string): void {
  copy(school.root, saved(root));
  copy(school.state, saved(state));
  copy(secondCopy(), saved(`${state}-copy`));
}

function restore(root: string, state: string): void {
  copy(saved(root), school.root);
  copy(saved(state), school.state);
  copy(saved(`${state}-copy`), secondCopy());
}

/** Where the state directory lies a second time. */
function secondCopy(): string {
  return `${school.state}-copy`;
}

function saved(name: string): string {
  return join(school.forge.directory, `saved-${name}`);
}

/** With everything but inode numbers and the time of that change; second names stay second names. */
function copy(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true });
  execFileSync("cp", ["-a", from, to]);
}

/** All that a copy keeps, times of files among it. */
function withoutMachineTimes(snapshot: Snapshot): readonly string[] {
  const still = Object.entries(snapshot).map(([path, entry]) => [path, { ...entry, ctimeMs: 0, ino: 0 }] as const);
  return untouchedLines(Object.fromEntries(still));
}
