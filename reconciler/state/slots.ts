// A snapshot that survives a power cut in the middle of being written: two slots, written in turn, newest whole one wins.
import type { FileReader, Files } from "../machine/machine.ts";
import { frame, headOf, unframe } from "./frame.ts";
import { withReserve } from "./reserve.ts";

export interface Snapshot {
  readonly value: unknown;
  /** Counts the writes; the slot to write next follows from it. */
  readonly sequence: number;
  /** A slot that held bytes, but none that can be trusted. */
  readonly damaged: readonly string[];
}

/** A whole snapshot as it stands on disk: its sequence, then its value. */
export interface Slot {
  readonly sequence: number;
  readonly bytes: Buffer;
}

export interface Slots {
  /** Sequence 0 and no bytes when there is none. */
  readonly newest: Slot;
  readonly damaged: readonly string[];
  /** How many there should be by now, and are not. */
  readonly missing: number;
}

const LIMIT = 256 * 1024 * 1024;
const NONE: Slot = { sequence: 0, bytes: Buffer.alloc(0) };

/** The newest whole snapshot of that name; sequence 0 and no value when there is none. */
export async function readSlots(files: FileReader, name: string): Promise<Snapshot> {
  const { newest, damaged } = await findSlots(files, name);
  return { value: unframe(newest.bytes).values[1], sequence: newest.sequence, damaged };
}

/** The same without reading the value. */
export async function findSlots(files: FileReader, name: string): Promise<Slots> {
  const paths = [`/${name}.a`, `/${name}.b`].filter((path) => files.stat(path) !== undefined);
  const found = await Promise.all(paths.map(async (path) => [path, await readSlot(files, path)] as const));
  const whole = found.flatMap(([, slot]) => slot ?? []);
  const newest = whole.reduce((best, slot) => (slot.sequence > best.sequence ? slot : best), NONE);
  const damaged = found.flatMap(([path, slot]) => (slot === undefined ? [path] : []));
  return { newest, damaged, missing: Math.min(newest.sequence, 2) - found.length };
}

/** One snapshot in a file of its own; undefined when it is not whole. */
export async function readSlot(files: FileReader, path: string): Promise<Slot | undefined> {
  const bytes = await files.read(path, LIMIT);
  const sequence = sequenceOf(headOf(bytes, 2));
  return sequence === undefined ? undefined : { sequence, bytes };
}

/** Writes the slot that is not the newest; the other one stays whole until this one is. */
export async function writeSlots(files: Files, name: string, value: unknown, sequence: number): Promise<void> {
  await writeSlot(files, name, { sequence, bytes: Buffer.concat([frame({ sequence }), frame(value)]) });
}

export async function writeSlot(files: Files, name: string, { sequence, bytes }: Slot): Promise<void> {
  await replaceFile(files, sequence % 2 === 0 ? `/${name}.a` : `/${name}.b`, bytes);
}

/** A whole new content for a file of ours: beside, synced, renamed, directory synced. */
export async function replaceFile(files: Files, path: string, bytes: Buffer): Promise<void> {
  const beside = `${path}.new~`;
  await withReserve(files, async () => {
    removeFile(files, beside);
    await files.create(beside, bytes, { mode: 0o600 });
    files.rename(beside, path);
    await files.syncDirectory(path.slice(0, path.lastIndexOf("/")) || "/");
  });
}

/** Removes a file if it is there. */
export function removeFile(files: Files, path: string): void {
  if (files.stat(path) !== undefined) files.unlink(path);
}

function sequenceOf(head: unknown): number | undefined {
  if (typeof head !== "object" || head === null || !("sequence" in head)) return undefined;
  return typeof head.sequence === "number" ? head.sequence : undefined;
}
