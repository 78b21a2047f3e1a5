// The way back of changes of users and groups: line by line, by what is there now, so that what other programs put into
// the same files meanwhile stays. Where nothing else happened, the old file itself comes back.
import type { Machine } from "../../machine/machine.ts";
import type { Problem } from "../../../common/problem.ts";
import { printable } from "../../../common/printable.ts";
import { telling, tellingLater } from "../file/telling.ts";
import type { Step } from "../kind.ts";
import { ACCOUNT_FILES, bytesOf, changedFiles, readDatabase, type AccountFile, type Database } from "./database.ts";
import { undoEdit, type Edit } from "./edit.ts";
import { dropOwnLocks, withAccountsLocked } from "./lock.ts";
import { keptName, stagedName } from "./names.ts";
import { readRecord, type Made } from "./record.ts";
import { writeDatabase } from "./write.ts";

export async function undoAccounts(machine: Machine, batch: readonly Step[]): Promise<readonly Problem[]> {
  return tellingLater(async () => {
    const made: Made[] = [];
    for (const step of batch.toSorted((one, other) => one.n - other.n))
      made.push((await readRecord(machine, step)) ?? NOTHING);
    await dropOwnLocks(machine);
    if (made.every(({ edits }) => edits.length === 0)) return [];
    return withAccountsLocked(machine, () => undoTogether(machine, batch, made));
  });
}

const NOTHING: Made = { edits: [], missing: [] };

async function undoTogether(
  machine: Machine,
  batch: readonly Step[],
  made: readonly Made[],
): Promise<readonly Problem[]> {
  const found = await readDatabase(machine.files);
  const { database: old, left } = undoEdits(found.database, made.flatMap(({ edits }) => edits).toReversed());
  const changed = changedFiles(found.database, old);
  const missing = made.flatMap((each) => each.missing);
  const unwanted = changed.filter((file) => missing.includes(file) && bytesOf(old.get(file) ?? []).length === 0);
  const kept = await keptFiles(machine, batch, old, changed);
  const moved = await writeDatabase(machine, found, old, {
    record: batch[0]?.backup ?? "",
    kept,
    unwanted,
  });
  return [...left.map(leftInPlace), ...(moved === undefined ? [] : [movedProblem(moved)])];
}

/** Last one first. */
function undoEdits(database: Database, edits: readonly Edit[]): { database: Database; left: readonly Edit[] } {
  const left: Edit[] = [];
  let old = database;
  for (const edit of edits) {
    // The file is gone: there is nothing of ours in it.
    if (!database.has(edit.file)) continue;
    const undone = undoEdit(old, edit);
    if (undone.left) left.push(edit);
    old = undone.database;
  }
  return { database: old, left };
}

/** Second names of files that are what has to come back, byte for byte. */
async function keptFiles(
  { files }: Machine,
  batch: readonly Step[],
  wanted: Database,
  changed: readonly AccountFile[],
): Promise<ReadonlyMap<AccountFile, string>> {
  const kept = new Map<AccountFile, string>();
  for (const { backup = "" } of batch) {
    for (const file of changed) {
      const name = keptName(backup, file);
      if (files.stat(name) === undefined) continue;
      if ((await files.read(name)).equals(bytesOf(wanted.get(file) ?? []))) kept.set(file, name);
    }
  }
  return kept;
}

/** Lets go of all that an undo would have needed, and of what waited when the power went. */
export function releaseAccount({ files }: Machine, { backup = "" }: Step): readonly Problem[] {
  return telling(() => {
    const names = ACCOUNT_FILES.flatMap((file) => [stagedName(backup, file), keptName(backup, file)]);
    for (const name of [...names, backup]) if (files.stat(name) !== undefined) files.unlink(name);
    return [];
  });
}

function leftInPlace({ file, name }: Edit): Problem {
  return {
    code: "left-in-place",
    where: { file, key: printable(name) },
    what: "is not what this run put there: somebody else changed it meanwhile, so taking the run back left it alone",
    hint: "look whether it is still wanted, and remove it by hand if not",
  };
}

function movedProblem(file: AccountFile): Problem {
  return {
    code: "accounts-moved",
    where: { file },
    what: "was changed by somebody else just when this run was to be taken back",
    hint: "it is tried again",
  };
}
