// A version of an item that is here already, as what a new one starts from.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import type { Data } from "../../model/data-state.ts";
import type { Digest } from "../../model/file-state.ts";
import type { Supply } from "../../model/target.ts";
import { loadItem } from "./item.ts";
import { lookAtTree } from "./look.ts";
import { loadManifest, NOTHING_KNOWN, type Manifest } from "./manifest.ts";
import { realPath } from "./real-folder.ts";
import { versionAt, type Site } from "./site.ts";
import { sourceOf } from "./source.ts";
import type { WalkedEntry } from "./walk.ts";

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

/** The version that the source had last, kept beside the item or in its place; else whatever is in its place. */
export async function baseOf(
  machine: Machine,
  site: Site,
  { shape, supply }: { readonly shape: Data["shape"]; readonly supply: Supply },
): Promise<Base | undefined> {
  const { digest } = await loadItem(machine.store, site.path, sourceOf(supply));
  const places = [...(digest === undefined ? [] : [versionAt(site, digest)]), realPath(machine.files, site.path)];
  for (const where of places) {
    const type = machine.files.stat(where)?.type;
    if (type !== (shape === "tree" ? "directory" : "regular")) continue;
    // A file is always compared in full, so there it does not matter.
    if (shape === "file") return { where, trusted: false, manifest: NOTHING_KNOWN };
    if (digest === undefined) return { where, trusted: false, manifest: NOTHING_KNOWN };
    const found = await lookAtTree(machine, where, { manifest: await loadManifest(machine.store, site.path, digest) });
    if (found.digest === digest) return { where, trusted: true, ...found };
    if (where === places.at(-1)) return { where, trusted: false, manifest: NOTHING_KNOWN };
  }
  return undefined;
}

/** Whether what lies there is this content; only what moved since it came is read. */
export async function isWhole(machine: MachineReader, path: string, where: string, state: Data): Promise<boolean> {
  const type = machine.files.stat(where)?.type;
  if (type !== (state.shape === "tree" ? "directory" : "regular")) return false;
  if (state.shape === "file") return (await machine.files.digest(where)) === state.digest;
  const manifest = await loadManifest(machine.store, path, state.digest);
  return (await lookAtTree(machine, where, { manifest })).digest === state.digest;
}
