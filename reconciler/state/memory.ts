// Memory on disk: what we last put where, in two slots.
import type { Files } from "../machine/machine.ts";
import type { Memory } from "../model/target.ts";
import type { Problem } from "../../common/problem.ts";
import { memoryFromRows, memoryToRows } from "./rows.ts";
import { readSlots, writeSlots } from "./slots.ts";

const NAME = "memory";

export interface StoredMemory {
  /** As read, or as last saved. */
  readonly memory: Memory;
  readonly problems: readonly Problem[];
  /** Writes the next Memory; nothing happens when it is the one that was read or last written. */
  readonly save: (next: Memory) => Promise<void>;
}

export async function loadMemory(state: Files): Promise<StoredMemory> {
  const { value, sequence, damaged } = await readSlots(state, NAME);
  let current = memoryFromRows(value) ?? new Map();
  let written = sequence;
  return {
    get memory() {
      return current;
    },
    problems: damaged.map(damagedSlot),
    async save(next) {
      if (next === current) return;
      written += 1;
      await writeSlots(state, NAME, memoryToRows(next), written);
      current = next;
    },
  };
}

/** Told, because disks do not lose bytes by themselves; the other slot serves meanwhile. */
export function damagedSlot(slot: string): Problem {
  return {
    code: "state-damaged",
    where: { file: slot.slice(1) },
    what: "was damaged on disk and is left out; its second copy is used",
    hint: "look at the disk's health (smartctl, dmesg)",
  };
}
