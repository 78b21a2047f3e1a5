// How a disk keeps what was not synced in; thousands of random histories on such disks, and how their crashes ended, out.
import { expect } from "@jest/globals";
import fc from "fast-check";
import { histories } from "../../support/memory-histories.ts";
import { History, noEnds } from "../../support/memory-history.ts";
import type { Survival } from "../../support/memory-files.ts";
import { tellReliability } from "../../support/reliability-result.ts";

/** Side by side, because every run waits some milliseconds for the clock of a file system. */
const LANES = 25;
const HISTORIES_A_LANE = 200;

/**
 * SEED=n repeats them; RUNS=100 tries a hundred times as many. Each lane has the next seed, and RUNS=0.04 is one lane: so
 * a history that failed is repeated alone with the seed that it tells.
 */
export async function tryHistories(survival: Survival, disk: string): Promise<void> {
  const seed = Number(process.env["SEED"] ?? Date.now() % 2 ** 31);
  const lanes = Math.max(1, Math.round(LANES * Number(process.env["RUNS"] ?? 1)));
  console.log(`seed ${seed} (SEED=${seed} repeats it)`);
  const ends = noEnds();
  let tried = 0;
  let failed: number | undefined;
  const lane = (nth: number): Promise<void> =>
    fc.assert(
      fc.asyncProperty(histories, async ({ happenings, last }) => {
        // The lane that failed makes its history as short as it can; the others need not go on.
        if (failed !== undefined && failed !== nth) return;
        tried++;
        const history = new History(survival, ends);
        try {
          for (const each of happenings) await history.happen(each);
          await history.comeToRest(last);
        } catch (error) {
          failed ??= nth;
          throw error;
        }
      }),
      { seed: seed + nth, numRuns: HISTORIES_A_LANE },
    );
  await Promise.all(Array.from({ length: lanes }, (_, nth) => lane(nth)));
  tellReliability({
    name: `lost-writes-${survival}`,
    title: `power cuts in random histories, on a disk that ${disk}`,
    points: Object.values(ends).reduce((sum, each) => sum + each, 0),
    outcomes: ends,
    seed,
    notes: [`${tried} histories of commits, edits by hand, power cuts and recoveries; each ended as git wants it`],
  });
  expect(tried).toBe(lanes * HISTORIES_A_LANE);
}
