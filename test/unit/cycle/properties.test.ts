// What holds for any revision, tried with many made up ones. (Any history: test/integration/line/lost-writes.ts.) A failure
// prints its seed and path: fc.assert(..., { seed, path }) repeats it.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { HealthCheck } from "../../../reconciler/model/health.ts";
import { observe } from "../../../reconciler/observe.ts";
import { arrange } from "../../../reconciler/plan/arrange.ts";
import { plan } from "../../../reconciler/plan/plan.ts";
import { wish, wishesAt, type Wishes } from "../../support/memory-histories.ts";
import { MemorySchool } from "../../support/memory-school.ts";
import type { Wished } from "../../support/wishes.ts";

const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
/** RUNS=100 looks a hundred times as long. */
const runs = Number(process.env["RUNS"] ?? 1);
console.log(`seed ${seed} (SEED=${seed} repeats it)`);

const PATHS = ["/etc/a", "/etc/b", "/etc/c", "/srv/x", "/srv/x/y", "/srv/x/y/z", "/srv/w", "/srv/w/v", "/opt"];

const wishes = wishesAt(PATHS);

test(
  "applying twice is applying once: the second run makes no change to the disk at all",
  async () => {
    await fc.assert(
      fc.asyncProperty(wishes, wishes, async (first, second) => {
        const school = new MemorySchool();
        await settle(school, wish(first));
        await settle(school, wish(second));
        const [before, mutations] = [school.exactTree(), school.disk.mutations];
        expect(await school.run(wish(second))).toMatchObject({ result: "unchanged", problems: [] });
        expect(school.exactTree()).toEqual(before);
        expect(school.disk.mutations).toBe(mutations);
      }),
      { seed, numRuns: 25 * runs },
    );
  },
  30_000 * runs,
);

const HEALTHY: HealthCheck = {
  name: "marker",
  level: "required",
  probe: { type: "file", path: "/var/marker", contains: "good" },
  timeoutMs: 1000,
  graceMs: 0,
};

test(
  "a change that made health worse is taken back to the byte, the permission, the inode and the time",
  async () => {
    await fc.assert(
      fc.asyncProperty(wishes, wishes, async (first, second) => {
        const school = new MemorySchool();
        school.disk.put("/etc/c.foreign", "of somebody else\n");
        await settle(school, wish({ ...first, "/var/marker": "good\n" }));
        const before = school.exactTree();
        const bad = wish({ ...second, "/var/marker": "bad\n" }, { health: [HEALTHY] });
        expect(await school.run(bad)).toMatchObject({ result: "rolled_back", problems: [] });
        expect(school.exactTree()).toEqual(before);
        expect((await school.disk.read("/var/marker")).toString()).toBe("good\n");
      }),
      { seed, numRuns: 25 * runs },
    );
  },
  30_000 * runs,
);

test(
  "the order in which unrelated files stand in the repository makes no difference",
  async () => {
    const shuffled = wishes.chain((made) =>
      fc.tuple(
        fc.constant(made),
        fc.shuffledSubarray(Object.entries(made), { minLength: Object.keys(made).length }).map(Object.fromEntries),
      ),
    );
    await fc.assert(
      fc.asyncProperty(wishes, shuffled, async (first, [ordered, disordered]) => {
        const one = new MemorySchool();
        await settle(one, wish(first));
        const other = one.afterPowerCut();
        expect(await planOf(other, wish(disordered as Wishes))).toEqual(await planOf(other, wish(ordered)));
        await settle(one, wish(ordered));
        await settle(other, wish(disordered as Wishes));
        expect(other.tree()).toEqual(one.tree());
      }),
      { seed, numRuns: 15 * runs },
    );
  },
  30_000 * runs,
);

async function settle(school: MemorySchool, wished: Wished): Promise<void> {
  expect(await school.run(wished)).toMatchObject({ calm: true, problems: [] });
}

async function planOf(school: MemorySchool, { target }: Wished) {
  const memory = await school.memory();
  const { observed } = await observe(school.ground.machine, target, memory);
  const { changes, held } = plan({ target, observed, memory }).plan;
  return { changes: arrange(changes, target), held };
}
