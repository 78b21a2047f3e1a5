// Steps of files in, what they will take of each folder's file system out.
import type { MachineReader } from "../../machine/machine.ts";
import { nameOf } from "../../model/state.ts";
import type { Need, Step } from "../kind.ts";
import { parentOf } from "./names.ts";

/** What is left free on every file system, so that logs and logins go on working. */
export const MARGIN_BYTES = 8 * 1024 * 1024;
/** A file takes whole blocks, and its name takes some as well. */
const BLOCK_BYTES = 4096;

export function needsOfFiles(_: MachineReader, steps: readonly Step[]): readonly Need[] {
  const needs = new Map<string, Need>();
  for (const { change, staged } of steps) {
    const path = nameOf(change.id);
    const folder = parentOf(staged ?? path);
    const before = needs.get(folder) ?? { path, folder, bytes: 0, inodes: 0, marginBytes: 0 };
    const { after } = change;
    needs.set(folder, {
      ...before,
      bytes: before.bytes + BLOCK_BYTES + (after.type === "regular" ? after.size : 0),
      inodes: before.inodes + 2,
      marginBytes: after.type === "absent" ? before.marginBytes : MARGIN_BYTES,
    });
  }
  return [...needs.values()];
}
