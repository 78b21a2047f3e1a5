// What is remembered of data in, the walks that the next run begins with out: of what lies here, and of sources on this
// machine.
import type { MachineReader, Question } from "../../machine/machine.ts";
import { kindOf, nameOf } from "../../model/state.ts";
import type { Memory } from "../../model/target.ts";
import { readItem } from "./item.ts";
import { realPath } from "./real-folder.ts";
import { rsyncSource } from "./rsync/address.ts";
import { walkOf } from "./walk.ts";

/** More walks at once would only keep the disk from its work. */
const MOST_AHEAD = 4;

export async function walksAhead(machine: MachineReader, memory: Memory): Promise<readonly Question[]> {
  const walks: Question[] = [];
  for (const [id, { state }] of memory) {
    if (kindOf(id) !== "data" || state.type !== "data" || state.shape !== "tree") continue;
    const from = await localSource(machine, nameOf(id));
    if (from !== undefined) walks.push(walkOf(`${from}/`));
    if (machine.files.stat(nameOf(id))?.type === "directory")
      walks.push(walkOf(machine.hostPath(realPath(machine.files, nameOf(id)))));
    if (walks.length >= MOST_AHEAD) break;
  }
  return walks.slice(0, MOST_AHEAD);
}

/** Only of a source on this machine the walk is remembered. */
async function localSource({ store }: MachineReader, path: string): Promise<string | undefined> {
  const item = await readItem(store, path);
  const source = item?.print === undefined ? undefined : rsyncSource(item.source);
  return source?.ok === true && source.value.local ? source.value.from : undefined;
}
