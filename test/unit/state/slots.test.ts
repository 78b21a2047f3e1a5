import { describe, expect, test } from "@jest/globals";
import type { ResourceId } from "../../../reconciler/model/state.ts";
import type { Memory, Remembered } from "../../../reconciler/model/target.ts";
import { loadLedger, withGood, withQuarantined } from "../../../reconciler/state/ledger.ts";
import { loadMemory } from "../../../reconciler/state/memory.ts";
import { readSlots, writeSlots } from "../../../reconciler/state/slots.ts";
import { MemoryFiles, PowerCut } from "../../support/memory-files.ts";
import { chanceOf } from "../../support/memory-school.ts";

const OLD = { rows: ["old"] };
const NEW = { rows: ["new", "newer"] };

async function twoSlots(): Promise<MemoryFiles> {
  const files = new MemoryFiles();
  await writeSlots(files, "memory", OLD, 1);
  await writeSlots(files, "memory", NEW, 2);
  return files;
}

describe("a snapshot in two slots", () => {
  test("is the newest one that was written", async () => {
    expect(await readSlots(await twoSlots(), "memory")).toEqual({ value: NEW, sequence: 2, damaged: [] });
  });

  test("is nothing when none was written yet", async () => {
    expect(await readSlots(new MemoryFiles(), "memory")).toEqual({ value: undefined, sequence: 0, damaged: [] });
  });

  test.each(["/memory.a", "/memory.b"])(
    "with any bit of %s flipped is one of the two, and says which is damaged",
    async (slot) => {
      const files = await twoSlots();
      const other = slot === "/memory.a" ? { value: OLD, sequence: 1 } : { value: NEW, sequence: 2 };
      await forEachDamage(files, slot, async () => {
        expect(await readSlots(files, "memory")).toEqual({ ...other, damaged: [slot] });
      });
    },
  );

  test("with both slots damaged is nothing, and says so", async () => {
    const files = await twoSlots();
    files.put("/memory.a", "not a slot");
    files.put("/memory.b", "");
    expect(await readSlots(files, "memory")).toEqual({
      value: undefined,
      sequence: 0,
      damaged: ["/memory.a", "/memory.b"],
    });
  });

  test("is the old or the new one, whenever the power goes while it is written, and never damaged", async () => {
    let steps = 0;
    for (let n = 1; n <= 4; n++) {
      for (let seed = 1; seed <= 8; seed++) {
        const files = new MemoryFiles();
        await writeSlots(files, "memory", OLD, 1);
        files.cutPowerAt(files.mutations + n);
        await writeSlots(files, "memory", NEW, 2).catch((error: unknown) => {
          if (!(error instanceof PowerCut)) throw error;
          steps++;
        });
        const { value, damaged } = await readSlots(files.afterPowerCut(chanceOf(seed)), "memory");
        expect([OLD, NEW]).toContainEqual(value);
        expect(damaged).toEqual([]);
      }
    }
    expect(steps).toBeGreaterThanOrEqual(3 * 8);
  });
});

describe("Memory and ledger", () => {
  const memory: Memory = new Map<ResourceId, Remembered>([
    [
      "file:/etc/motd",
      {
        state: { type: "regular", digest: "ab", size: 2, mode: 0o644, uid: 0, gid: 0 },
        origin: "created",
        stamp: { ino: 7, size: 2, mtimeMs: 1.25, ctimeMs: 2.5 },
      },
    ],
    ["file:/etc", { state: { type: "directory", mode: 0o755 }, origin: "adopted", implied: true }],
    ["file:/etc/link", { state: { type: "symlink", target: "motd", uid: 1 }, origin: "created" }],
  ]);

  test("come back from disk as they were saved, turn after turn", async () => {
    const files = new MemoryFiles();
    for (const turn of [memory, new Map([...memory].slice(1)), memory]) {
      await (await loadMemory(files)).save(turn);
      expect(await loadMemory(files)).toMatchObject({ memory: turn, problems: [] });
    }
  });

  test("write nothing when nothing is new", async () => {
    const files = new MemoryFiles();
    const stored = await loadMemory(files);
    await stored.save(memory);
    const before = files.mutations;
    await stored.save(stored.memory);
    expect(files.mutations).toBe(before);
  });

  test("say that the second copy is used, or that there is none any more", async () => {
    const files = new MemoryFiles();
    const stored = await loadMemory(files);
    await stored.save(memory);
    await stored.save(new Map());
    files.put("/memory.a", "damaged");
    expect(await loadMemory(files)).toMatchObject({
      memory,
      problems: [{ code: "state-damaged", what: expect.stringContaining("its second copy is used") }],
    });
    files.put("/memory.b", "damaged");
    const lost = await loadMemory(files);
    expect(lost.memory.size).toBe(0);
    expect(lost.problems).toMatchObject([{ code: "state-damaged", what: expect.stringContaining("both copies") }]);
  });

  test("a quarantine is kept, counts, and does not grow without end", async () => {
    const files = new MemoryFiles();
    const stored = await loadLedger(files);
    for (let n = 0; n < 60; n++) await stored.save(withQuarantined(stored.ledger, `digest-${n}`, "c", "was bad", n));
    await stored.save(withQuarantined(stored.ledger, "digest-59", "c", "was bad", 60));
    const { ledger } = await loadLedger(files);
    expect(Object.keys(ledger.quarantine)).toHaveLength(50);
    expect(ledger.quarantine["digest-59"]).toEqual({ commit: "c", reason: "was bad", at: 60, count: 2 });
  });

  test("good revisions stand newest first, each once, and twenty of them", () => {
    const revision = (commit: string) => ({ commit, tree: "t", time: 0, subject: "s", author: "a" });
    let ledger = withGood({ good: [], quarantine: {} }, revision("first"));
    for (let n = 0; n < 25; n++) ledger = withGood(ledger, revision(`c${n}`));
    ledger = withGood(ledger, revision("c20"));
    expect(ledger.good.map(({ commit }) => commit).slice(0, 3)).toEqual(["c20", "c24", "c23"]);
    expect(ledger.good).toHaveLength(20);
  });
});

/** Every single flipped bit, and every shorter length. */
async function forEachDamage(files: MemoryFiles, path: string, look: () => Promise<void>): Promise<void> {
  const whole = await files.read(path);
  for (let at = 0; at < whole.length * 8; at++) {
    const damaged = Buffer.from(whole);
    damaged[at >> 3] = (whole[at >> 3] ?? 0) ^ (1 << (at & 7));
    files.put(path, damaged);
    await look();
  }
  for (let length = 0; length < whole.length; length++) {
    files.put(path, whole.subarray(0, length));
    await look();
  }
  files.put(path, whole);
}
