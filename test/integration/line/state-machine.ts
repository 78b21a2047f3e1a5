// Stages in; a test out for each thing that can happen in the middle of each of them, named by what has to hold.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import type { Mishap, Moment } from "./state-machine-mishaps.ts";
import { StagedSchool } from "./state-machine-school.ts";
import { MISHAPS, MOMENTS, TABLE } from "./state-machine-table.ts";

export function tryMoments(moments: readonly Moment[]): void {
  let school: StagedSchool;

  beforeAll(async () => {
    school = await StagedSchool.open();
  });

  afterAll(() => school.close());

  describe.each(Object.keys(MISHAPS) as readonly Mishap[])("%s", (mishap) => {
    const cells = moments.map((moment) => ({ moment, while: MOMENTS[moment], ...TABLE[mishap][moment] }));

    test.each(cells)(`${MISHAPS[mishap]} while $while: $words`, async ({ moment, run, tree, next, then, last }) => {
      expect(await school.go(mishap, moment)).toEqual({ run, tree, next, then, last, surprises: [] });
    });
  });
}
