// What a server remembers is there twice; whatever happens to one of the two, nothing of it is lost.
import { beforeEach, describe, expect, test } from "@jest/globals";
import { NO_RESOURCES } from "../../../reconciler/course.ts";
import type { Problem } from "../../../common/problem.ts";
import type { RunResult } from "../../../reconciler/model/outcome.ts";
import { addToHistory, readHistory, type PastRun } from "../../../reconciler/state/history.ts";
import { loadHolds, saveHolds } from "../../../reconciler/state/holds.ts";
import { loadLedger } from "../../../reconciler/state/ledger.ts";
import { loadMemory } from "../../../reconciler/state/memory.ts";
import { restoreFromCopy, saveCopy } from "../../../reconciler/state/second-copy.ts";
import { readSlots, writeSlots } from "../../../reconciler/state/slots.ts";
import { MemoryFiles, PowerCut } from "../../support/memory-files.ts";

const HOLDS = { pin: { commit: "c".repeat(40), by: "mirta", since: 7 } };
const QUARANTINE = { d: { commit: "b".repeat(40), reason: "it broke", at: 5, count: 2 } };
const NAMES = ["ledger", "memory", "holds"];

let state: MemoryFiles;
let copy: MemoryFiles;

beforeEach(async () => {
  state = folder();
  copy = folder();
  await remember("first");
  await saveCopy(state, copy);
});

function folder(): MemoryFiles {
  const files = new MemoryFiles();
  files.setPermissions("/", { mode: 0o700 });
  return files;
}

/** Everything a run writes, with a word by which it is known again. */
async function remember(word: string): Promise<void> {
  const ledger = await loadLedger(state);
  const revision = { commit: "a".repeat(40), tree: "t".repeat(40), time: 1, subject: word, author: "Ana" };
  await ledger.save({ accepted: revision, good: [revision], quarantine: QUARANTINE });
  const memory = await loadMemory(state);
  await memory.save(new Map([["file:/etc/motd", { state: { type: "symlink", target: word }, origin: "created" }]]));
  await saveHolds(state, { ...HOLDS, pin: { ...HOLDS.pin, by: word } });
  await run(word, "changed");
}

async function run(name: string, result: RunResult): Promise<void> {
  const counts = { changes: 0, held: 0, resources: NO_RESOURCES, health: [], problems: [] };
  const past: PastRun = { run: name, trigger: "timer", result, settled: true, startedAt: 0, durationMs: 1, ...counts };
  await addToHistory(state, past, 200);
}

async function known(files: MemoryFiles): Promise<readonly unknown[]> {
  const { ledger } = await loadLedger(files);
  const { memory } = await loadMemory(files);
  const { pin } = await loadHolds(files);
  const runs = (await readHistory(files)).map((past) => past.run);
  return [ledger.accepted?.subject, ledger.quarantine, [...memory.keys()], pin?.by, runs];
}

const FIRST = ["first", QUARANTINE, ["file:/etc/motd"], "first", ["first"]];

function codes(problems: readonly Problem[]): readonly string[] {
  return problems.map(({ code }) => code);
}

describe("comes back", () => {
  test("when the whole state directory is gone", async () => {
    state = folder();
    const problems = await restoreFromCopy(state, copy);
    expect(codes(problems)).toEqual(["state-restored"]);
    expect(problems[0]?.what).toMatch(/^ledger, memory, holds, history had been lost/u);
    expect(await known(state)).toEqual(FIRST);
    expect(await restoreFromCopy(state, copy)).toEqual([]);
  });

  test.each(NAMES)("%s alone", async (name) => {
    for (const slot of [`/${name}.a`, `/${name}.b`]) if (state.stat(slot) !== undefined) state.unlink(slot);
    expect((await restoreFromCopy(state, copy))[0]?.what).toMatch(new RegExp(`^${name} had been lost`, "u"));
    expect(await known(state)).toEqual(FIRST);
  });

  test.each(NAMES)("the newest %s, when it was damaged and only an older one is whole", async (name) => {
    await remember("second");
    await saveCopy(state, copy);
    const { sequence } = await readSlots(state, name);
    state.put(sequence % 2 === 0 ? `/${name}.a` : `/${name}.b`, "damaged");
    expect(codes(await restoreFromCopy(state, copy))).toEqual(["state-restored"]);
    expect(await known(state)).toEqual(["second", QUARANTINE, ["file:/etc/motd"], "second", ["first", "second"]]);
  });

  test("and goes on from there: the next write is newer than both", async () => {
    state = folder();
    await restoreFromCopy(state, copy);
    const { sequence } = await readSlots(state, "ledger");
    await remember("later");
    expect((await readSlots(state, "ledger")).sequence).toBe(sequence + 1);
    await saveCopy(state, copy);
    expect(await known(state)).toEqual(["later", QUARANTINE, ["file:/etc/motd"], "later", ["first", "later"]]);
  });

  test("whatever byte of the copy was damaged: all of a snapshot, or nothing of it", async () => {
    const whole = await copy.read("/holds");
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      copy.put("/holds", bytes);
      const empty = folder();
      await restoreFromCopy(empty, copy, ["holds"]);
      expect([{}, { pin: { ...HOLDS.pin, by: "first" } }]).toContainEqual(await loadHolds(empty));
    }
  });

  test("also what only the daemon keeps, when it asks for it", async () => {
    await writeSlots(state, "metrics", { lastSuccessAt: 5 }, 1);
    await saveCopy(state, copy, ["metrics"]);
    state = folder();
    await restoreFromCopy(state, copy, ["metrics"]);
    expect((await readSlots(state, "metrics")).value).toEqual({ lastSuccessAt: 5 });
  });
});

describe("the copy", () => {
  test("is not written when nothing has moved, nor for a few calm runs", async () => {
    for (let n = 0; n < 12; n++) {
      await run(`calm-${n}`, "unchanged");
      const before = copy.mutations;
      expect(await restoreFromCopy(state, copy)).toEqual([]);
      expect(await saveCopy(state, copy)).toEqual([]);
      expect(copy.mutations).toBe(before);
    }
    await run("calm-12", "unchanged");
    await saveCopy(state, copy);
    expect((await known(state))[4]).toHaveLength(14);
    state = folder();
    await restoreFromCopy(state, copy);
    expect((await known(state))[4]).toHaveLength(14);
  });

  test("holds a run that was not calm at once", async () => {
    await run("bad", "rolled_back");
    await saveCopy(state, copy);
    state = folder();
    await restoreFromCopy(state, copy);
    expect((await known(state))[4]).toEqual(["first", "bad"]);
  });

  test("does not stand against a whole state that somebody set back: it is told, and follows", async () => {
    const old = await Promise.all(NAMES.map(async (name) => [name, await readSlots(state, name)] as const));
    await remember("second");
    await remember("third");
    await saveCopy(state, copy);
    state = folder();
    for (const [name, { value, sequence }] of old) await writeSlots(state, name, value, sequence);
    expect(await restoreFromCopy(state, copy, ["ledger", "memory", "holds"])).toEqual([]);
    const problems = await saveCopy(state, copy);
    expect(codes(problems)).toEqual(["state-set-back"]);
    expect((await known(state))[0]).toBe("first");
    expect(await saveCopy(state, copy)).toEqual([]);
    state = folder();
    await restoreFromCopy(state, copy);
    expect((await known(state))[0]).toBe("first");
  });

  test("is mended when it was damaged or lost itself", async () => {
    const whole = copy.snapshot();
    copy.put("/ledger", "damaged", { mode: 0o600 });
    copy.unlink("/memory");
    expect(await saveCopy(state, copy)).toEqual([]);
    expect(copy.snapshot()).toEqual(whole);
  });

  test.each(["ENOSPC", "EROFS", "EIO"])("on a disk that says %s is told once, and hurts nothing", async (code) => {
    await remember("second");
    copy.failAt(copy.mutations + 1, code);
    const problems = await saveCopy(state, copy);
    expect(codes(problems)).toEqual(["copy-failed"]);
    expect(problems[0]?.hint).toContain("state_copy");
    expect((await known(state))[0]).toBe("second");
  });

  test.each<[string, (files: MemoryFiles) => void, string]>([
    ["that others may enter", (files) => files.setPermissions("/", { mode: 0o755 }), "copy-not-ours"],
    ["of another user", (files) => files.setPermissions("/", { uid: 1000 }), "copy-not-ours"],
  ])("in a folder %s is neither written nor believed", async (_, spoil, code) => {
    spoil(copy);
    await remember("second");
    const before = copy.mutations;
    expect(codes(await saveCopy(state, copy))).toEqual([code]);
    expect(copy.mutations).toBe(before);
    state = folder();
    expect(await restoreFromCopy(state, copy)).toEqual([]);
    expect(await loadHolds(state)).toEqual({});
  });

  test("is whole at every step of being written, when the power is cut there", async () => {
    await remember("second");
    const steps = await stepsOf((files) => saveCopy(state, files));
    expect(steps).toBeGreaterThan(8);
    for (let n = 1; n <= steps; n++) {
      const disk = copy.afterPowerCut();
      disk.cutPowerAt(n);
      await saveCopy(state, disk).catch(ignorePowerCut);
      const empty = folder();
      await restoreFromCopy(empty, disk.afterPowerCut());
      const [ledger, , , pin] = await known(empty);
      expect(["first", "second"]).toContain(ledger);
      expect(["first", "second"]).toContain(pin);
    }
  });

  async function stepsOf(act: (files: MemoryFiles) => Promise<unknown>): Promise<number> {
    const disk = copy.afterPowerCut();
    await act(disk);
    return disk.mutations;
  }
});

function ignorePowerCut(error: unknown): void {
  if (!(error instanceof PowerCut)) throw error;
}
