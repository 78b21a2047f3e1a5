// The actions of a transaction in, before it begins; a note of them in the store, which stays when nobody saw the end.
import type { Machine, StoreReader } from "../../../machine/machine.ts";
import type { Problem } from "../../../../common/problem.ts";
import { tellingLater } from "../../file/telling.ts";
import type { PackageAction } from "../manager.ts";
import { badActions } from "./names.ts";

/** rpm has one database a root, whichever manager works on it. */
const NOTE = "/rpm-unfinished.json";

export function noteUnfinished({ store }: Machine, actions: readonly PackageAction[]): Promise<readonly Problem[]> {
  return tellingLater(async () => {
    if (store.files.stat(NOTE) !== undefined) store.files.unlink(NOTE);
    await store.files.create(NOTE, Buffer.from(JSON.stringify(actions)), { mode: 0o600 });
    await store.files.syncDirectory("/");
    return [];
  });
}

export function clearUnfinished({ store }: Machine): Promise<readonly Problem[]> {
  return tellingLater(async () => {
    if (store.files.stat(NOTE) === undefined) return [];
    store.files.unlink(NOTE);
    await store.files.syncDirectory("/");
    return [];
  });
}

export async function unfinishedActions({ files }: StoreReader): Promise<readonly PackageAction[]> {
  if (files.stat(NOTE) === undefined) return [];
  return parseNote((await files.read(NOTE)).toString());
}

/** A note that a power cut made unreadable was never followed by a transaction. */
function parseNote(text: string): readonly PackageAction[] {
  try {
    const actions = JSON.parse(text) as readonly PackageAction[];
    return badActions(actions).length === 0 ? actions : [];
  } catch {
    return [];
  }
}
