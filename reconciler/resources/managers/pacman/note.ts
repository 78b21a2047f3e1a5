// The actions of a transaction in, before it begins; a note of them in the store, which stays when nobody saw the end.
import type { PackageAction } from "../manager.ts";
import type { Store, StoreReader } from "../../../machine/machine.ts";
import { badActions } from "./words.ts";

const NOTE = "/pacman-unfinished.json";

export interface Unfinished {
  readonly actions: readonly PackageAction[];
  /** Paths on this machine of the archives that it needs. */
  readonly archives: readonly string[];
}

export async function noteUnfinished({ files }: Store, unfinished: Unfinished): Promise<void> {
  if (files.stat(NOTE) !== undefined) files.unlink(NOTE);
  await files.create(NOTE, Buffer.from(JSON.stringify(unfinished)), { mode: 0o600 });
  await files.syncDirectory("/");
}

export async function clearUnfinished({ files }: Store): Promise<void> {
  if (files.stat(NOTE) === undefined) return;
  files.unlink(NOTE);
  await files.syncDirectory("/");
}

/** Nothing where a power cut made the note unreadable: no transaction followed it. */
export async function readUnfinished({ files }: StoreReader): Promise<Unfinished> {
  if (files.stat(NOTE) === undefined) return NOTHING;
  try {
    const unfinished = JSON.parse((await files.read(NOTE)).toString()) as Unfinished;
    return badActions(unfinished.actions).length === 0 ? unfinished : NOTHING;
  } catch (error) {
    if (error instanceof SyntaxError) return NOTHING;
    throw error;
  }
}

const NOTHING: Unfinished = { actions: [], archives: [] };

/** Whether an action is done, by what is installed now. */
export function isDone({ name, to }: PackageAction, versions: ReadonlyMap<string, string>): boolean {
  return versions.get(name) === to;
}
