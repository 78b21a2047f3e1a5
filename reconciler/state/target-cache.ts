// The last Target, so that a tree that did not move needs no rendering. Only a shortcut: it may be deleted at any time.
import { FileError, type Files } from "../machine/machine.ts";
import type { Policy, Target } from "../model/target.ts";
import type { Calendar, Window } from "../model/window.ts";
import { frame, unframe } from "./frame.ts";
import { wantedFromRows, wantedToRows } from "./rows.ts";
import { replaceFile } from "./slots.ts";

const CACHE = "/target.cache";
const LIMIT = 256 * 1024 * 1024;

/** A Target and what it was made from: git's id of the whole tree, and the digest of what this host reads of it. */
export interface CachedTarget {
  readonly tree: string;
  /** Digest of everything else that the Target depends on: program, templates, accounts, host. */
  readonly ground: string;
  readonly digest: string;
  readonly target: Target;
}

export async function loadTarget(state: Files): Promise<CachedTarget | undefined> {
  try {
    const [head, rows] = unframe(await state.read(CACHE, LIMIT)).values;
    const wanted = wantedFromRows(rows);
    if (wanted === undefined) return undefined;
    const { tree, ground, digest, policies, windows, calendars, ...rest } = head as Head;
    const maps = { policies: new Map(policies), windows: new Map(windows), calendars: new Map(calendars) };
    return { tree, ground, digest, target: { ...rest, ...maps, wanted } };
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

type Entries<T> = readonly (readonly [string, T])[];

interface Head extends Omit<Target, "wanted" | "policies" | "windows" | "calendars"> {
  readonly tree: string;
  readonly ground: string;
  readonly digest: string;
  readonly policies: Entries<Policy>;
  readonly windows: Entries<Window>;
  readonly calendars: Entries<Calendar>;
}

export async function saveTarget(state: Files, cached: CachedTarget): Promise<void> {
  const { tree, ground, digest, target } = cached;
  const { wanted, policies, windows, calendars, ...rest } = target;
  const maps = { policies: entriesOf(policies), windows: entriesOf(windows), calendars: entriesOf(calendars) };
  const head: Head = { tree, ground, digest, ...rest, ...maps };
  await replaceFile(state, CACHE, Buffer.concat([frame(head), frame(wantedToRows(wanted))]));
}

function entriesOf<T>(map: ReadonlyMap<string, T> | undefined): Entries<T> {
  return [...(map ?? [])];
}
