// Memory on disk: what we last put where, in two slots.
import type { Files } from "../machine/machine.ts";
import type { Memory } from "../model/target.ts";
import type { Problem } from "../../common/problem.ts";
import { memoryFromRows, memoryToRows } from "./rows.ts";
import { readSlots, writeSlots, type Snapshot } from "./slots.ts";

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
    problems: damagedSlots({ value, damaged }),
    async save(next) {
      if (next === current) return;
      written += 1;
      await writeSlots(state, NAME, memoryToRows(next), written);
      current = next;
    },
  };
}

/** Told, because disks do not lose bytes by themselves. `value` is what is left: that of the other slot, if any. */
export function damagedSlots({ damaged, value }: Pick<Snapshot, "damaged" | "value">): readonly Problem[] {
  const [slot, other] = damaged;
  if (slot === undefined) return [];
  const fate =
    value !== undefined
      ? "was damaged on disk and is left out; its second copy is used"
      : other !== undefined
        ? `was damaged on disk, as was ${other.slice(1)}: both copies are lost, and nothing is taken for our own any more`
        : "was damaged on disk, and there is no second copy yet";
  const hint = "look at the disk's health (smartctl, dmesg)";
  return [{ code: "state-damaged", where: { file: slot.slice(1) }, what: fate, hint }];
}
