// The program is killed at every call that touches something, one after the other: what it was doing is then all there
// or not there at all, and the next run goes on as if nothing had been.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { hasPrograms, missingPrograms } from "../support/needs.ts";
import { tellReliability } from "../support/reliability-result.ts";
import { strike } from "./aim.ts";
import { countPoints } from "./count-points.ts";
import type { Point } from "./points.ts";
import { openTwo, type SweptSchool } from "./swept-school.ts";
import { Tally, inTurns, told } from "./tally.ts";

const NEEDED = ["strace", "flock", "git"];
const FACTS = [
  "clone comes before each program that is started",
  "What was brought for an item of data may wait beside it, under a hidden name, for the next run",
];
const KILL = "signal=KILL";
const LIMIT_MS = 15 * 60_000;
/** So often the program itself recovers, and not this process. */
const BY_PROGRAM_EVERY = 10;
/** Calls of one kind and thread beyond those of the first trace. */
const MOST_BEYOND = 20;

let schools: readonly [SweptSchool, SweptSchool] | undefined;

beforeAll(async () => {
  if (missingPrograms(...NEEDED) === undefined) schools = await openTwo();
});

afterAll(async () => {
  for (const school of schools ?? []) await school.close();
});

test(
  "killed at any call that touches something, a run leaves the old tree or the new one",
  async () => {
    if (!hasPrograms(...NEEDED) || schools === undefined) return;
    const tally = new Tally();
    const rows = await countPoints(schools[0], true);
    const points = rows.flatMap((row) => row.map((point) => ({ row, point })));
    await inTurns(schools, points, async (school, { row, point }, n) => {
      const { at, traced } = await strike(school, row, point, KILL);
      if (at !== "point") tally.missed(point.lift.call);
      await tally.count(told(point), point.lift.call, () => look(school, traced.killed, n % BY_PROGRAM_EVERY === 0));
    });
    await inTurns(schools, rows, (school, row) => goBeyond(school, row, tally));
    tellReliability(tally.result("crash-sweep", "Killed at every system call that touches something", FACTS));
    expect(tally.failures).toEqual([]);
  },
  LIMIT_MS,
);

/** The first trace is not trusted to have them all: on from its last one, until a run is not killed any more. */
async function goBeyond(school: SweptSchool, row: readonly Point[], tally: Tally): Promise<void> {
  const last = row.at(-1);
  // Those node goes on making for itself.
  if (last === undefined || ["write", "openat"].includes(last.lift.call)) return;
  for (let more = 1; more <= MOST_BEYOND; more++) {
    const point = { ...last, ordinal: last.ordinal + more, nth: last.nth + more };
    const { traced } = await strike(school, row, point, KILL);
    if (!traced.killed) return;
    await tally.count(told(point), point.lift.call, () => look(school, true, false));
  }
}

/** What is found afterwards: the word for the table, or an error. */
async function look(school: SweptSchool, killed: boolean, byProgram: boolean): Promise<string> {
  if (byProgram) {
    const { code, stderr } = await school.recoverByProgram();
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  } else expect((await school.recover()).problems).toEqual([]);
  const tree = school.tree();
  expect(tree).toMatch(/^(?:old|new)$/u);
  expect(await school.unreadable()).toEqual([]);
  await school.serviceHasRead(tree === "old" ? "old" : "new");
  expect(await school.cycle()).toMatchObject({ settled: true, problems: [] });
  expect(school.tree()).toBe("new");
  await school.serviceHasRead("new");
  expect(await school.cycle()).toMatchObject({ result: "unchanged", settled: true, problems: [] });
  expect(school.tree()).toBe("new");
  return killed ? `${tree} tree` : "had ended before";
}
