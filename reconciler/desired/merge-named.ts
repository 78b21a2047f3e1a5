// One section of all files that speak for a school in, the farthest first; for each name the nearest word out.
import type { Placed } from "../model/desired.ts";
import type { Layer } from "./layer.ts";
import type { Named } from "./nullable.ts";
import { pointer } from "./pointer.ts";

/** Sorted by name, so that the order in which somebody wrote the keys changes nothing. */
export type Merged<T> = ReadonlyMap<string, Placed<T>>;

/** `section` is where the names stand in the file; `join` puts a nearer entry over a farther one. */
export function mergeNamed<T, Entry = T>(
  layers: readonly Layer[],
  section: readonly string[],
  read: (layer: Layer) => Named<Entry> | null | undefined,
  join: (far: T | undefined, near: Entry) => T,
): Merged<T> {
  const merged = new Map<string, Placed<T>>();
  for (const layer of layers) {
    for (const [name, near] of Object.entries(read(layer) ?? {})) {
      if (near === null) merged.delete(name);
      else {
        const where = layer.place(pointer(...section, name));
        merged.set(name, { value: join(merged.get(name)?.value, near), where });
      }
    }
  }
  return new Map([...merged].sort(([one], [other]) => (one < other ? -1 : 1)));
}

export function nearer<T>(_far: T | undefined, near: T): T {
  return near;
}

/** Each word of the nearer one takes the place of the same word of the farther one. */
export function wordByWord<T extends object>(far: T | undefined, near: T): T {
  return { ...far, ...near };
}
