// What the store remembers of an item between runs: what its source had, and when it was asked.
import { FileError, type Files, type StoreReader } from "../../machine/machine.ts";
import type { Digest } from "../../model/file-state.ts";
import type { Moment } from "../../model/moment.ts";
import type { Problem } from "../../../common/problem.ts";
import { replaceFile } from "../../state/slots.ts";
import { makeShelf, shelfOf } from "./manifest.ts";

export interface Fault {
  /** Digest of what was refused. */
  readonly of: Digest;
  readonly problem: Problem;
  readonly since: Moment;
}

export interface Item {
  /** Where it comes from, in words; when that changes, all else here means nothing. */
  readonly source: string;
  /** What the source had. */
  readonly digest?: Digest;
  /** Bytes of all files together. */
  readonly size?: number;
  /** Wall clock when the source last answered, Unix milliseconds. */
  readonly answeredAt?: number;
  /** When it was last asked, whether it answered or not. */
  readonly asked?: Moment;
  /** Of an archive: which one was unpacked. */
  readonly archive?: Digest;
  /** Of a source on this machine: the walk of it that was read. */
  readonly print?: number;
  /** Why what it brought was refused. */
  readonly fault?: Fault;
  /** The folder in which content waits, where that is not the item's own. */
  readonly waitsIn?: string;
}

const LIMIT = 1024 * 1024;

/** What is known of this source; nothing of any other one. */
export async function loadItem(store: StoreReader, path: string, source: string): Promise<Item> {
  const item = await readItem(store, path);
  return item?.source === source ? item : { source, ...(item?.waitsIn && { waitsIn: item.waitsIn }) };
}

/** Undefined when nothing is remembered, or nothing that can be read: then it is asked anew. */
export async function readItem(store: StoreReader, path: string): Promise<Item | undefined> {
  try {
    const value: unknown = JSON.parse((await store.files.read(itemName(path), LIMIT)).toString());
    return isItem(value) ? value : undefined;
  } catch (error) {
    if (error instanceof FileError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isItem(value: unknown): value is Item {
  return typeof value === "object" && value !== null && "source" in value && typeof value.source === "string";
}

export async function saveItem(files: Files, path: string, item: Item): Promise<void> {
  makeShelf(files, path);
  await replaceFile(files, itemName(path), Buffer.from(`${JSON.stringify({ path, ...item })}\n`));
}

function itemName(path: string): string {
  return `${shelfOf(path)}/item.json`;
}
