// What a journal may grow to: a server with little memory has to read it again, and its disk has to hold it.
import { describe, expect, test } from "@jest/globals";
import {
  noteBack,
  noteKept,
  noteMade,
  noteSteps,
  openJournal,
  readJournal,
} from "../../../reconciler/apply/journal.ts";
import type { Step } from "../../../reconciler/resources/kind.ts";
import { MemoryFiles } from "../../support/memory-files.ts";

const MIB = 1024 * 1024;

function step(n: number): Step {
  const change = {
    id: `file:/etc/${n}`,
    standing: "pending",
    before: { type: "absent" },
    after: { type: "regular", mode: 0o644, size: 1, digest: "0".repeat(64) },
    why: "new",
  } as const;
  return { n, change };
}

function open(files: MemoryFiles, steps: readonly Step[], commit = "c".repeat(40)) {
  const began = { boot: "one", monotonicMs: 0 };
  const intent = { run: "r", commit, at: 0, digest: "d", deadlineMs: 1000, began, checks: [], before: [], steps };
  return openJournal(files, intent);
}

function sizeOf(files: MemoryFiles): number {
  return files.stat("/journal.log")?.size ?? 0;
}

describe("a journal", () => {
  test("of 10,000 changes fits easily, twice the intent", async () => {
    const files = new MemoryFiles();
    const steps = Array.from({ length: 10_000 }, (_, n) => step(n));
    expect(await open(files, steps)).toBeUndefined();
    expect(sizeOf(files)).toBeLessThan(16 * MIB);
    expect((await readJournal(files)).open?.intent.steps).toHaveLength(10_000);
  });

  test("that nobody could read again is not begun, and a person is told what to do", async () => {
    const files = new MemoryFiles();
    const refused = await open(files, [step(0)], "c".repeat(65 * MIB));
    expect(refused).toMatchObject({
      code: "run-too-large",
      what: "the changes of this run (1) would need a journal of 66 MiB; at most 64 are allowed, so nothing was touched",
      hint: expect.stringContaining("one item of data"),
    });
    expect(files.stat("/journal.log")).toBeUndefined();
  });

  test("does not grow on and on when a recovery is interrupted over and over; the verdict still fits", async () => {
    const files = new MemoryFiles();
    await open(files, [step(0)], "c".repeat(40 * MIB));
    const many: Step[] = Array(1_000_000).fill(step(123_456));
    const intent = sizeOf(files);
    let largest = 0;
    for (let round = 0; round < 12; round++) {
      await noteBack(files);
      await noteSteps(files, "undone", many);
      largest = Math.max(largest, sizeOf(files));
    }
    expect(intent).toBeGreaterThan(80 * MIB);
    expect(largest).toBeLessThanOrEqual(144 * MIB);
    await noteMade(files);
    await noteKept(files);
    expect((await readJournal(files)).open).toMatchObject({ keep: true, back: true });
  });

  test("that is set aside takes the place of the one set aside before", async () => {
    const files = new MemoryFiles();
    files.put("/journal.damaged-1.log", Buffer.from("older"));
    files.put("/journal.log", Buffer.from("nothing that can be read"));
    expect((await readJournal(files)).problems).toMatchObject([{ code: "journal-damaged" }]);
    const aside = files.list("/").filter((name) => name.startsWith("journal."));
    expect(aside).toHaveLength(1);
    expect((await files.read(`/${aside[0]}`)).toString()).toBe("nothing that can be read");
  });
});
