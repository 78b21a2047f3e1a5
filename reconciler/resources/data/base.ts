// A version of an item that is here already, as what a new one starts from.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import type { Data } from "../../model/data-state.ts";
import type { Digest } from "../../model/file-state.ts";
import { loadItem } from "./item.ts";
import { knownLook } from "./known-look.ts";
import { lookAtTree } from "./look.ts";
import { loadManifest, NOTHING_KNOWN, type Manifest } from "./manifest.ts";
import { realPath } from "./real-folder.ts";
import type { Request } from "./request.ts";
import { versionAt, type Site } from "./site.ts";
import { sourceOf } from "./source.ts";
import { entriesOf, walkBelow, type Walk, type WalkedEntry } from "./walk.ts";

export interface Base {
  /** Below the managed root. */
  readonly where: string;
  /** Whether its files are what the source once had. */
  readonly trusted: boolean;
  readonly digest?: Digest;
  readonly manifest: Manifest;
  /** What lies there; only of a tree that is trusted. */
  readonly entries?: readonly WalkedEntry[];
}

/** Where a version of this shape lies that a new one may start from: the one that the source had last comes first. */
export async function placesOfBase(
  { files, store }: Machine,
  site: Site,
  { shape, supply }: Pick<Request, "shape" | "supply">,
): Promise<readonly string[]> {
  const { digest } = await loadItem(store, site.path, sourceOf(supply));
  const places = [...(digest === undefined ? [] : [versionAt(site, digest)]), realPath(files, site.path)];
  return places.filter((where) => files.stat(where)?.type === (shape === "tree" ? "directory" : "regular"));
}

/**
 * The version that the source had last, kept beside the item or in its place; else whatever is in its place. `walked` is
 * the walk of one of these places.
 */
export async function baseOf(
  machine: Machine,
  site: Site,
  { shape, supply }: Pick<Request, "shape" | "supply">,
  walked?: { readonly where: string; readonly walk: Walk },
): Promise<Base | undefined> {
  const { digest } = await loadItem(machine.store, site.path, sourceOf(supply));
  const places = await placesOfBase(machine, site, { shape, supply });
  const [first] = places;
  if (first === undefined) return undefined;
  // A file is always compared in full, so there it does not matter.
  if (shape === "file" || digest === undefined) return { where: first, trusted: false, manifest: NOTHING_KNOWN };
  const manifest = await loadManifest(machine.store, site.path, digest);
  for (const where of places) {
    const walk = where === walked?.where ? walked.walk : await walkBelow(machine, where);
    if ((await knownLook(machine.store, site.path, digest, walk)) !== undefined)
      return { where, trusted: true, digest, manifest, entries: entriesOf(walk, where) };
    const found = await lookAtTree(machine, where, { manifest, walk });
    if (found.digest === digest) return { where, trusted: true, ...found };
  }
  const inPlace = realPath(machine.files, site.path);
  return places.includes(inPlace) ? { where: inPlace, trusted: false, manifest: NOTHING_KNOWN } : undefined;
}

/** Whether what lies there is this content; only what moved since it came is read. */
export async function isWhole(machine: MachineReader, path: string, where: string, state: Data): Promise<boolean> {
  const type = machine.files.stat(where)?.type;
  if (type !== (state.shape === "tree" ? "directory" : "regular")) return false;
  if (state.shape === "file") return (await machine.files.digest(where)) === state.digest;
  const walk = await walkBelow(machine, where);
  if ((await knownLook(machine.store, path, state.digest, walk)) !== undefined) return true;
  const manifest = await loadManifest(machine.store, path, state.digest);
  return (await lookAtTree(machine, where, { manifest, walk })).digest === state.digest;
}
