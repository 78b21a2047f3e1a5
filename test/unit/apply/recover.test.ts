// A run of which only the verdict is missing goes forward, when it is in time and nothing got worse; any other goes back.
import { beforeAll, describe, expect, test } from "@jest/globals";
import { MemorySchool } from "../../support/memory-school.ts";
import { PowerCut } from "../../support/memory-files.ts";
import { wish } from "../../support/wishes.ts";

const JOURNAL = "/var/lib/reconciler/journal.log";
const OLD = wish({ "/etc/one": "old\n", "/etc/gone": "old\n" });
const NEW = wish({ "/etc/one": "new\n", "/etc/new": "new\n" });

let before: readonly string[];
let after: readonly string[];
/** One for each step at which the power went. */
let cuts: readonly { readonly school: MemorySchool; readonly journal: string }[];

beforeAll(async () => {
  const start = new MemorySchool();
  await start.run(OLD);
  before = start.tree();
  const whole = start.afterPowerCut();
  await whole.run(NEW);
  after = whole.tree();
  const found = [];
  for (let n = 1; n <= whole.disk.mutations; n++) {
    const cut = start.afterPowerCut();
    cut.disk.cutPowerAt(n);
    await cut.run(NEW).catch((error: unknown) => {
      if (!(error instanceof PowerCut)) throw error;
    });
    const school = cut.afterPowerCut();
    const journal = school.disk.stat(JOURNAL) === undefined ? "" : (await school.disk.read(JOURNAL)).toString();
    found.push({ school, journal });
  }
  cuts = found;
});

/** Everything was made, and nobody said yet whether it stays. */
const waiting = () => cuts.filter(({ journal }) => journal.includes('"made"') && !journal.includes('"verdict"'));

test("there are runs of which only the verdict is missing", () => {
  expect(waiting().length).toBeGreaterThan(0);
});

describe.each([
  ["forward when nothing got worse", () => Promise.resolve(true), true],
  ["back when something got worse", () => Promise.resolve(false), false],
  ["back when nobody can be asked", undefined, false],
])("only the verdict is missing: %s", (_, isNoWorse, isForward) => {
  test("and that is the end of it", async () => {
    for (const { school } of waiting()) {
      const up = school.afterPowerCut();
      expect(await up.recover(isNoWorse)).toEqual([]);
      expect(up.tree()).toEqual(isForward ? after : before);
      expect(up.disk.stat(JOURNAL)).toBe(undefined);
      expect(await up.run(NEW)).toMatchObject({ result: isForward ? "unchanged" : "changed", calm: true });
    }
  });
});

test("a change that was not made yet leads back, whatever health says", async () => {
  const early = cuts.filter(({ journal }) => journal !== "" && !journal.includes('"made"'));
  expect(early.length).toBeGreaterThan(5);
  for (const { school } of early) {
    const up = school.afterPowerCut();
    await up.recover(() => Promise.resolve(true));
    expect(up.tree()).toEqual(before);
  }
});

test.each([
  ["the deadline has passed", (at: number) => at + 3_600_000],
  ["the clock shows a time before the run", (at: number) => at - 3_600_000],
])("back when %s", async (_, now) => {
  const [first] = waiting();
  const up = first?.school.afterPowerCut() ?? new MemorySchool();
  up.wallMs = () => now(Date.now());
  await up.recover(() => Promise.resolve(true));
  expect(up.tree()).toEqual(before);
});

test("back, once walking back has begun: health says nothing of a server in between", async () => {
  const [first] = waiting();
  let swept = 0;
  for (let m = 1, isDone = false; !isDone; m++) {
    const cut = first?.school.afterPowerCut() ?? new MemorySchool();
    cut.disk.cutPowerAt(cut.disk.mutations + m);
    isDone = await cut
      .recover(() => Promise.resolve(false))
      .then(
        () => true,
        () => false,
      );
    const up = cut.afterPowerCut();
    const journal = up.disk.stat(JOURNAL) === undefined ? "" : (await up.disk.read(JOURNAL)).toString();
    if (!journal.includes('"back"')) continue;
    await up.recover(() => Promise.resolve(true));
    expect(up.tree()).toEqual(before);
    swept++;
  }
  expect(swept).toBeGreaterThan(5);
});
