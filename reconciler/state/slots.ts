// A snapshot that survives a power cut in the middle of being written: two slots, written in turn, newest whole one wins.
import type { Files } from "../machine/machine.ts";
import { frame, unframe } from "./frame.ts";

export interface Snapshot {
  readonly value: unknown;
  /** Counts the writes; the slot to write next follows from it. */
  readonly sequence: number;
  /** A slot that held bytes, but none that can be trusted. */
  readonly damaged: readonly string[];
}

const LIMIT = 256 * 1024 * 1024;

/** The newest whole snapshot of that name; sequence 0 and no value when there is none. */
export async function readSlots(files: Files, name: string): Promise<Snapshot> {
  let newest: { value: unknown; sequence: number } = { value: undefined, sequence: 0 };
  const damaged: string[] = [];
  for (const slot of [`/${name}.a`, `/${name}.b`]) {
    if (files.stat(slot) === undefined) continue;
    const [head, value] = unframe(await files.read(slot, LIMIT)).values;
    const sequence = sequenceOf(head);
    if (sequence === undefined || value === undefined) damaged.push(slot);
    else if (sequence > newest.sequence) newest = { value, sequence };
  }
  return { ...newest, damaged };
}

/** Writes the slot that is not the newest; the other one stays whole until this one is. */
export async function writeSlots(files: Files, name: string, value: unknown, sequence: number): Promise<void> {
  const slot = sequence % 2 === 0 ? `/${name}.a` : `/${name}.b`;
  await replaceFile(files, slot, Buffer.concat([frame({ sequence }), frame(value)]));
}

/** A whole new content for a file of ours: beside, synced, renamed, directory synced. */
export async function replaceFile(files: Files, path: string, bytes: Buffer): Promise<void> {
  const beside = `${path}.new~`;
  if (files.stat(beside) !== undefined) files.unlink(beside);
  await files.create(beside, bytes, { mode: 0o600 });
  files.rename(beside, path);
  await files.syncDirectory(path.slice(0, path.lastIndexOf("/")) || "/");
}

/** Removes a file if it is there. */
export function removeFile(files: Files, path: string): void {
  if (files.stat(path) !== undefined) files.unlink(path);
}

function sequenceOf(head: unknown): number | undefined {
  if (typeof head !== "object" || head === null || !("sequence" in head)) return undefined;
  return typeof head.sequence === "number" ? head.sequence : undefined;
}
