// The same as power-cut.test.ts on a disk that also loses what was not synced, in any order, and halves what was under
// way: for every step n and several seeds. Then with the recovery cut as well.
import { expect, test } from "@jest/globals";
import { PowerCut, type Survival } from "../../support/memory-files.ts";
import { chanceOf, MemorySchool } from "../../support/memory-school.ts";
import { wish, type Wish, type Wished } from "../../support/wishes.ts";

const OLD: Readonly<Record<string, Wish>> = {
  "/etc/replaced": "old\n",
  "/etc/replaced-too": { content: "old\n".repeat(500), mode: 0o600, uid: 7 },
  "/etc/mode": { content: "same\n", mode: 0o644 },
  "/etc/owner": { content: "same\n", uid: 3, gid: 4 },
  "/etc/removed": "old\n",
  "/etc/link": { link: "replaced" },
  "/etc/link-removed": { link: "removed" },
  "/etc/link-to-file": { link: "mode" },
  "/etc/file-to-link": "old\n",
  "/etc/kept": "same\n",
  "/srv/mode": { directory: true, mode: 0o700 },
  "/srv/mode/inside": "same\n",
  "/srv/retired": { directory: true, mode: 0o750, uid: 5 },
  "/srv/retired/one": "old\n",
  "/srv/retired/deep/er/two": "old\n",
  "/srv/file-to-folder": "old\n",
  "/srv/folder-to-file": { directory: true, mode: 0o750 },
  "/srv/folder-to-file/inside": "old\n",
  "/srv/folder-to-link/inside": "old\n",
};

const NEW: Readonly<Record<string, Wish>> = {
  "/etc/replaced": "new\n",
  "/etc/replaced-too": { content: "new\n".repeat(700), mode: 0o640, uid: 8 },
  "/etc/mode": { content: "same\n", mode: 0o600 },
  "/etc/owner": { content: "same\n", uid: 5, gid: 6 },
  "/etc/new": "new\n",
  "/etc/link": { link: "new" },
  "/etc/link-new": { link: "/srv/new" },
  "/etc/link-to-file": "new\n",
  "/etc/file-to-link": { link: "mode" },
  "/etc/kept": "same\n",
  "/srv/mode": { directory: true, mode: 0o755 },
  "/srv/mode/inside": "same\n",
  "/srv/new": { directory: true, mode: 0o711 },
  "/srv/new/deep/er/one": "new\n",
  "/srv/file-to-folder": { directory: true },
  "/srv/file-to-folder/inside": "new\n",
  "/srv/folder-to-file": "new\n",
  "/srv/folder-to-link": { link: "new" },
};

const SURVIVALS: readonly Survival[] = ["ordered", "reordered"];

test("whatever reached the disk, the tree is the old one or the new one, and then settles", async () => {
  const { start, before, after, steps } = await scene();
  const seen = { old: 0, new: 0 };
  for (let n = 1; n <= steps; n++) {
    for (const seed of [1, 2, 3, 4]) {
      const survival = SURVIVALS[seed % 2];
      const cut = await cutAt(start, n, seed, survival);
      expect(await cut.recover()).toEqual([]);
      const isOld = same(cut.tree(), before);
      if (!isOld) expect(story(n, seed, cut.tree())).toEqual(story(n, seed, after));
      seen[isOld ? "old" : "new"]++;
      if (seed > 1) continue;
      expect(await cut.run(wish(NEW))).toMatchObject({ calm: true, problems: [] });
      expect(cut.tree()).toEqual(after);
      expect(await cut.run(wish(NEW))).toMatchObject({ result: "unchanged", problems: [] });
    }
  }
  console.log(`${steps} steps, 4 seeds each: ${seen.old} times the old tree, ${seen.new} times the new one`);
  expect(seen.old).toBeGreaterThan(100);
  expect(seen.new).toBeGreaterThan(50);
});

test("a recovery that is cut itself, at any step and whatever reached the disk, is ended by the next one", async () => {
  const { start, before, after, steps } = await scene();
  let swept = 0;
  for (let n = 20; n <= steps; n += 9) {
    const cut = await cutAt(start, n, n, SURVIVALS[n % 2]);
    for (let m = 1, done = false; !done; m++) {
      const again = new MemorySchool(cut.disk.afterPowerCut());
      again.disk.cutPowerAt(m);
      done = await survives(again.recover());
      const last = again.afterPowerCut(chanceOf(n * 1000 + m), SURVIVALS[m % 2]);
      expect(await last.recover()).toEqual([]);
      if (!same(last.tree(), before)) expect(story(n, m, last.tree())).toEqual(story(n, m, after));
      swept++;
    }
  }
  console.log(`recovery was cut at each of ${swept} steps`);
  expect(swept).toBeGreaterThan(200);
});

test("what a cut run made counts as made by us, and what it took over as taken over", async () => {
  const { start, steps } = await scene();
  for (let n = 1; n <= steps; n += 3) {
    const cut = await cutAt(start, n, n, "reordered");
    await cut.run(wish(NEW));
    const origins = Array.from(await cut.memory(), ([id, { origin }]) => `${id} ${origin}`);
    expect(origins).toContain("file:/etc/new created");
    expect(origins).toContain("file:/srv/new/deep created");
    expect(origins).toEqual(
      expect.arrayContaining(["/etc", "/srv", "/etc/replaced"].map((path) => `file:${path} adopted`)),
    );
    expect(origins.filter((line) => line.endsWith("adopted"))).toHaveLength(3);
  }
});

test("an edit by hand that a cut run replaced is kept whole, wherever the cut was", async () => {
  const { start } = await scene();
  const edit = "by hand\n".repeat(300);
  start.disk.put("/etc/replaced-too", edit);
  const whole = start.afterPowerCut();
  await whole.run(wish(NEW));
  // It is kept after the verdict and before second names go.
  const { mutations } = whole.disk;
  for (let turn = 0; turn < 80; turn++) {
    const n = mutations - 21 - (turn % 10);
    const cut = await cutAt(start, n, turn, SURVIVALS[turn % 2]);
    expect(await cut.run(wish(NEW))).toMatchObject({ calm: true, problems: [] });
    const kept = Object.keys(cut.disk.snapshot()).filter((path) => /\/kept\/.*\/etc\/replaced-too/u.test(path));
    const contents = await Promise.all(kept.map(async (path) => (await cut.disk.read(path)).toString()));
    expect(story(n, turn, contents)).toEqual(story(n, turn, [edit]));
  }
});

interface Scene {
  /** Follows OLD, everything on disk. One file was there before us. */
  readonly start: MemorySchool;
  readonly before: readonly string[];
  readonly after: readonly string[];
  /** Changes to the disk from OLD to NEW. */
  readonly steps: number;
}

async function scene(): Promise<Scene> {
  const school = new MemorySchool();
  school.disk.put("/etc/replaced", "of the distribution\n");
  school.disk.put("/srv/foreign", "of somebody else\n");
  await settle(school, wish(OLD));
  const start = school.afterPowerCut();
  expect(start.tree()).toEqual(school.tree());
  const before = start.tree();
  const whole = start.afterPowerCut();
  const { changes } = await settle(whole, wish(NEW));
  expect(changes).toBeGreaterThanOrEqual(20);
  expect(whole.afterPowerCut().tree()).toEqual(whole.tree());
  return { start, before, after: whole.tree(), steps: whole.disk.mutations };
}

async function settle(school: MemorySchool, wished: Wished) {
  const run = await school.run(wished);
  expect(run).toMatchObject({ result: "changed", calm: true, problems: [] });
  return run;
}

async function cutAt(start: MemorySchool, n: number, seed: number, survival: Survival | undefined) {
  const school = start.afterPowerCut();
  school.disk.cutPowerAt(n);
  expect(await survives(school.run(wish(NEW)))).toBe(false);
  return school.afterPowerCut(chanceOf(seed * 7919 + n), survival);
}

/** Whether the work ended before the power went. */
async function survives(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof PowerCut) return false;
    throw error;
  }
}

function same(one: readonly string[], other: readonly string[]): boolean {
  return one.join("\n") === other.join("\n");
}

/** So that a failure says where it was. */
function story(n: number, seed: number, tree: readonly string[]): readonly string[] {
  return [`step ${n}, seed ${seed}`, ...tree];
}
