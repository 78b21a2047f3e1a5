// Old contents that were not ours: in the order in which they were kept, whatever the clock showed; whole or not believed.
import { beforeEach, describe, expect, test } from "@jest/globals";
import { keepOld, limitKept, listKept, readKept } from "../../../reconciler/state/kept.ts";
import { MemoryFiles, PowerCut } from "../../support/memory-files.ts";

let state: MemoryFiles;

beforeEach(() => {
  state = new MemoryFiles();
});

function keep(run: string, path: string, text: string): Promise<string> {
  return keepOld(state, { run, path, bytes: Buffer.from(text), mode: 0o640, uid: 3, gid: 4, at: 5 });
}

/** A name as course.ts gives it, by a clock that shows this year. */
const inYear = (year: number, end = "aaaa"): string => `${year}0101T000000000Z-${end}`;

async function runs(): Promise<readonly string[]> {
  return (await listKept(state)).map(({ run }) => run);
}

test("come back with their bytes, owner and mode", async () => {
  await keep("r1", "/etc/motd", "by hand");
  const [kept] = await listKept(state);
  expect(kept).toMatchObject({ run: "r1", path: "/etc/motd", size: 7, mode: 0o640, uid: 3, gid: 4, at: 5 });
  expect((await readKept(state, kept!))?.toString()).toBe("by hand");
});

test("are told newest first, and the oldest go first, when the clock leaps twenty years ahead, back, and to 1970", async () => {
  const order = [2026, 2046, 2027, 1970, 2028].map((year) => inYear(year));
  for (const run of order) await keep(run, "/etc/motd", "x".repeat(100));
  expect(await runs()).toEqual(order.toReversed());
  await limitKept(state, 250);
  expect(await runs()).toEqual(order.slice(3).toReversed());
  await limitKept(state, 150);
  expect(await runs()).toEqual([inYear(2028)]);
});

test("are limited in number as well, and what is let go of leaves nothing behind", async () => {
  for (let n = 0; n < 103; n++) await keep(`run-${n}`, "/etc/motd", "x");
  await limitKept(state, 1_000_000);
  expect(await runs()).toHaveLength(100);
  await limitKept(state, 0);
  expect(await listKept(state)).toEqual([]);
  expect(state.list("/kept")).toEqual([]);
  expect(state.stat("/kept.log")?.size).toBe(0);
});

describe("whose record is lost", () => {
  test("are older than all others, and told with what can be seen of them", async () => {
    await keep("r1", "/etc/motd", "one");
    state.unlink("/kept.log");
    await keep("r2", "/etc/motd", "two");
    const [newest, oldest] = await listKept(state);
    expect(newest).toMatchObject({ run: "r2", mode: 0o640 });
    expect(oldest).toEqual({ run: "r1", path: "/etc/motd", size: 3, digest: expect.stringMatching(/^[0-9a-f]{64}$/u) });
    expect((await readKept(state, oldest!))?.toString()).toBe("one");
  });

  test("whatever byte of the records is damaged, at most two of them are", async () => {
    for (const run of ["r1", "r2", "r3"]) await keep(run, "/etc/motd", run);
    const whole = await state.read("/kept.log");
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 0x10;
      state.put("/kept.log", bytes);
      const told = await listKept(state);
      expect(told).toHaveLength(3);
      expect(told.filter(({ mode }) => mode === undefined).length).toBeLessThanOrEqual(2);
    }
  });
});

test("whose bytes are not what they were are not given out", async () => {
  const place = await keep("r1", "/etc/motd", "by hand");
  const [kept] = await listKept(state);
  state.put(place, "by hanD");
  expect(await readKept(state, kept!)).toBeUndefined();
});

test("a power cut at any step, and keeping again, leaves it kept once, with its record", async () => {
  await keep("r0", "/etc/hosts", "other");
  const start = state.mutations;
  const disk = state.afterPowerCut();
  await keep("r1", "/etc/motd", "by hand");
  const steps = state.mutations - start;
  for (let n = 1; n <= steps; n++) {
    state = disk.afterPowerCut();
    state.cutPowerAt(n);
    await keep("r1", "/etc/motd", "by hand").catch((error: unknown) => {
      if (!(error instanceof PowerCut)) throw error;
    });
    state = state.afterPowerCut();
    await keep("r1", "/etc/motd", "by hand");
    const told = await listKept(state);
    expect(told).toMatchObject([{ run: "r1", path: "/etc/motd", mode: 0o640 }, { run: "r0" }]);
  }
});
