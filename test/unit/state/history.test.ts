import { expect, test } from "@jest/globals";
import { NO_RESOURCES } from "../../../reconciler/course.ts";
import { addToHistory, readHistory, type PastRun } from "../../../reconciler/state/history.ts";
import { MemoryFiles } from "../../support/memory-files.ts";

function pastRun(run: string, problems: PastRun["problems"] = []): PastRun {
  return {
    run,
    trigger: "timer",
    result: "unchanged",
    settled: true,
    startedAt: 0,
    durationMs: 1,
    changes: 0,
    held: 0,
    resources: NO_RESOURCES,
    health: [],
    problems,
  };
}

async function names(files: MemoryFiles): Promise<string[]> {
  return (await readHistory(files)).map(({ run }) => run);
}

test("runs stand oldest first, and between once and twice as many as are kept", async () => {
  const files = new MemoryFiles();
  expect(await names(files)).toEqual([]);
  for (let n = 0; n < 50; n++) {
    await addToHistory(files, pastRun(`run-${n}`), 10);
    const told = await names(files);
    expect(told.at(-1)).toBe(`run-${n}`);
    expect(told.length).toBeLessThanOrEqual(22);
    expect(told.length).toBeGreaterThanOrEqual(Math.min(n + 1, 10));
  }
});

test("a short run after long ones does not make the file be written anew each time", async () => {
  const files = new MemoryFiles();
  const long = { code: "long", what: "x".repeat(5000) };
  for (let n = 0; n < 5; n++) await addToHistory(files, pastRun(`long-${n}`, [long]), 10);
  const { ino } = files.stat("/history.log")!.stamp;
  for (let n = 0; n < 5; n++) await addToHistory(files, pastRun(`short-${n}`), 10);
  expect(files.stat("/history.log")!.stamp.ino).toBe(ino);
  expect(await names(files)).toHaveLength(10);
});

test("a torn record costs itself and the one behind it, and no other, now and after the file is made shorter", async () => {
  const files = new MemoryFiles();
  for (const run of ["one", "two"]) await addToHistory(files, pastRun(run), 3);
  const whole = await files.read("/history.log");
  files.put("/history.log", whole.subarray(0, whole.length - 9));
  for (const run of ["three", "four", "five"]) await addToHistory(files, pastRun(run), 3);
  expect(await names(files)).toEqual(["one", "four", "five"]);
  for (const run of ["six", "seven", "eight", "nine"]) await addToHistory(files, pastRun(run), 3);
  expect(await names(files)).toEqual(expect.arrayContaining(["seven", "eight", "nine"]));
});
