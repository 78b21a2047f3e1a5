// The tree that was replaced last, kept as names for the next one: what two versions share is neither linked anew nor
// removed. It holds no content of its own, and nothing in it is believed: only the names of files that the version at hand
// has as well are used.
import type { Machine } from "../../machine/machine.ts";
import { FileError } from "../../machine/machine.ts";
import { goneName, join, parentOf, spareName } from "./names.ts";
import { removeIfThere } from "./remove.ts";
import { entriesOf, walkBelow, type WalkedEntry } from "./walk.ts";

const PRUNE_TIMEOUT_MS = 10 * 60_000;
/** Making it fit would cost more than beginning from nothing. */
const MOST_PRUNED = 0.5;
/** Of what the version at hand has. */
const LEAST_KEPT = 0.5;

/** What is about to be removed stays as the spare instead; content that nobody else has goes. Whether it stays. */
export async function keepAsSpare(machine: Machine, path: string, gone: string): Promise<boolean> {
  const { files } = machine;
  const spare = spareName(parentOf(path), path);
  if (files.stat(gone)?.type !== "directory" || files.stat(spare) !== undefined) return false;
  const argv = ["find", "-P", machine.hostPath(gone), "-xdev", "!", "-type", "d", "-links", "1", "-delete"];
  const { code } = await machine.run(argv, { timeoutMs: PRUNE_TIMEOUT_MS });
  if (code !== 0 || files.list(gone).length === 0) return false;
  // What nobody is shown any more, nobody needs to enter.
  files.setPermissions(gone, { mode: 0o700 });
  files.rename(gone, spare);
  return true;
}

/** Whether there was one. */
export async function removeSpare(machine: Machine, path: string): Promise<boolean> {
  const spare = spareName(parentOf(path), path);
  if (machine.files.stat(spare) === undefined) return false;
  await removeIfThere(machine, spare, goneName(spare));
  return true;
}

export interface Spare {
  /** Where it would lie. */
  readonly at: string;
  /** What lies in it; undefined when there is none, or when it is of no use. */
  readonly entries: readonly WalkedEntry[] | undefined;
}

/** What lies in the spare of an item; undefined when there is none, or when it is of no use. */
export async function walkSpare(machine: Machine, spare: string): Promise<readonly WalkedEntry[] | undefined> {
  if (machine.files.stat(spare)?.type !== "directory") return undefined;
  try {
    return entriesOf(await walkBelow(machine, spare), spare);
  } catch (error) {
    // A name that is no text: nobody could remove it by name.
    if (error instanceof FileError && error.code === "EILSEQ") return undefined;
    throw error;
  }
}

/**
 * The spare becomes `content`, with those of its names that lead to files of `base`: these are returned. One that is of
 * no use is removed.
 */
export async function startFromSpare(
  machine: Machine,
  { at, entries }: Spare,
  base: readonly WalkedEntry[],
  content: string,
): Promise<readonly WalkedEntry[] | undefined> {
  const { files } = machine;
  if (files.stat(at)?.type !== "directory") return undefined;
  const surplus = surplusIn(entries, base);
  if (entries === undefined || surplus === undefined) {
    await removeIfThere(machine, at, goneName(at));
    return undefined;
  }
  for (const { path } of surplus) files.unlink(join(at, path));
  files.rename(at, content);
  return entries.filter((entry) => !surplus.has(entry));
}

/** Undefined where the spare is of no use. */
function surplusIn(
  spare: readonly WalkedEntry[] | undefined,
  base: readonly WalkedEntry[],
): ReadonlySet<WalkedEntry> | undefined {
  if (spare === undefined || !spare.every(isSafeFolder)) return undefined;
  const seals = new Map(base.filter(({ type }) => type === "regular").map(({ path, seal }) => [path, seal]));
  const surplus = spare.filter(({ type, path, seal }) => type !== "directory" && seals.get(path) !== seal);
  const isFew =
    surplus.length <= spare.length * MOST_PRUNED && spare.length - surplus.length >= base.length * LEAST_KEPT;
  return isFew ? new Set(surplus) : undefined;
}

/** Who may write a folder, and still stands in it, could lead rsync elsewhere while it works there. */
function isSafeFolder({ type, uid, mode }: WalkedEntry): boolean {
  return type !== "directory" || ([0, process.geteuid?.() ?? 0].includes(uid) && (mode & 0o022) === 0);
}
