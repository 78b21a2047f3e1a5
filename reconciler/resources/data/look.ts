// A place in, which content lies there out; only what moved since it was last known is read.
import type { MachineReader } from "../../machine/machine.ts";
import type { Digest } from "../../model/file-state.ts";
import { digestOfListing, sizeOfListing } from "./listing.ts";
import { readEntries, type Manifest } from "./manifest.ts";
import { entriesOf, walkBelow, type Walk, type WalkedEntry } from "./walk.ts";

export interface Content {
  readonly digest: Digest;
  readonly size: number;
  /** What is known of its files now. */
  readonly manifest: Manifest;
  readonly entries: readonly WalkedEntry[];
}

export interface Knowing {
  readonly manifest: Manifest;
  readonly exact?: boolean;
  /** Where it was walked already. */
  readonly walk?: Walk;
}

/** Of a tree. `where` is below the managed root. */
export async function lookAtTree(machine: MachineReader, where: string, knowing: Knowing): Promise<Content> {
  const entries = entriesOf(knowing.walk ?? (await walkBelow(machine, where)), where);
  const { listing, manifest } = await readEntries(machine.files, where, entries, knowing);
  return { digest: digestOfListing(listing), size: sizeOfListing(listing), manifest, entries };
}
