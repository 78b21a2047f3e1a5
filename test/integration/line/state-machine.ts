// Stages in; a test out for each thing that can happen in the middle of each of them, named by what has to hold.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { tellReliability } from "../../support/reliability-result.ts";
import type { Mishap, Moment } from "./state-machine-mishaps.ts";
import { StagedSchool } from "./state-machine-school.ts";
import { MISHAPS, MOMENTS, TABLE } from "./state-machine-table.ts";

/** `title` names the row in docs/reliability.md. */
export function tryMoments(name: string, title: string, moments: readonly Moment[]): void {
  let school: StagedSchool;
  /** How the runs ended in whose middle something happened. */
  const outcomes: Record<string, number> = {};

  beforeAll(async () => {
    school = await StagedSchool.open();
  });

  afterAll(async () => {
    await school.close();
    const points = Object.values(outcomes).reduce((sum, count) => sum + count, 0);
    const notes = [`${moments.length} moments x ${Object.keys(MISHAPS).length} things that happen`];
    tellReliability({ name, title, points, outcomes, notes });
  });

  describe.each(Object.keys(MISHAPS) as readonly Mishap[])("%s", (mishap) => {
    const cells = moments.map((moment) => ({ moment, while: MOMENTS[moment], ...TABLE[mishap][moment] }));

    test.each(cells)(`${MISHAPS[mishap]} while $while: $words`, async ({ moment, run, tree, next, then, last }) => {
      const went = await school.go(mishap, moment);
      const word = `${went.run === "hangs" || went.run === "dies" ? "cut off" : went.run}, then the ${went.then} tree`;
      outcomes[word] = (outcomes[word] ?? 0) + 1;
      expect(went).toEqual({ run, tree, next, then, last, surprises: [] });
    });
  });
}
