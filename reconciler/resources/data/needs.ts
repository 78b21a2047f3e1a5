// Steps of data in, what they will take of their file systems out. What was gathered lies there already; what comes from
// the repository is still to be written.
import type { MachineReader } from "../../machine/machine.ts";
import { nameOf } from "../../model/state.ts";
import { MARGIN_BYTES } from "../file/needs.ts";
import type { Need, Step } from "../kind.ts";
import { siteOf } from "./site.ts";

const BLOCK_BYTES = 4096;

export function needsOfData(machine: MachineReader, steps: readonly Step[]): readonly Need[] {
  return steps.flatMap((step) => needOf(machine, step));
}

/** Where there is no place for it, making it ready says why. */
function needOf({ files }: MachineReader, { change, staged }: Step): readonly Need[] {
  const path = nameOf(change.id);
  const site = siteOf(files, path);
  if (!site.ok) return [];
  const { folder } = site.value;
  const source = change.supply?.source;
  const isWritten = staged !== undefined && source?.type === "repository" && change.after.type === "data";
  if (!isWritten || files.stat(staged) !== undefined) return [{ path, folder, bytes: 0, inodes: 0, marginBytes: 0 }];
  const many = source.listing.length;
  const bytes = change.after.size + BLOCK_BYTES * many;
  return [{ path, folder, bytes, inodes: many + 4, marginBytes: MARGIN_BYTES }];
}
