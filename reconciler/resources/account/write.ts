// Account files as they were read and as they should be in; the new ones in their places out. All that can fail is done
// before the first one is in its place.
import type { Machine, Stat } from "../../machine/machine.ts";
import { bytesOf, changedFiles, type AccountFile, type Database, type Found } from "./database.ts";
import { stagedName } from "./names.ts";

/** Of a system that has none yet. */
const NEW_FILE = { mode: 0o644 };

export interface Writing {
  /** The record beside which the new files wait. */
  readonly record: string;
  /** A second name of a file with exactly the content that is wanted, where there is one: it needs no room. */
  readonly kept?: ReadonlyMap<AccountFile, string>;
  /** Files that should not be there at all. */
  readonly unwanted?: readonly AccountFile[];
}

/** The file that somebody else changed meanwhile; then nothing was done. */
export async function writeDatabase(
  machine: Machine,
  { database, stats }: Found,
  wanted: Database,
  { record, kept, unwanted = [] }: Writing,
): Promise<AccountFile | undefined> {
  const changed = changedFiles(database, wanted);
  const written = changed.filter((file) => !unwanted.includes(file));
  for (const file of written) {
    const second = kept?.get(file);
    const staged = stagedName(record, file);
    if (machine.files.stat(staged) !== undefined) machine.files.unlink(staged);
    if (second === undefined) await stage(machine, file, staged, bytesOf(wanted.get(file) ?? []), stats.get(file));
    else machine.files.link(second, staged);
  }
  const moved = changed.find((file) => hasMoved(machine, file, stats.get(file)));
  if (moved !== undefined) return moved;
  for (const file of changed) {
    if (unwanted.includes(file)) machine.files.unlink(file);
    else machine.files.rename(stagedName(record, file), file);
  }
  return undefined;
}

/** Mode, owner, access lists and attributes belong to the place. */
async function stage(
  { files }: Machine,
  file: AccountFile,
  staged: string,
  bytes: Buffer,
  stat: Stat | undefined,
): Promise<void> {
  if (stat === undefined) return files.create(staged, bytes, NEW_FILE);
  const permissions = { mode: stat.mode, uid: stat.uid, gid: stat.gid };
  await files.create(staged, bytes, permissions);
  await files.copyAttributes(file, staged);
  files.setPermissions(staged, permissions);
}

/** A second name of it, which we may just have made, changes only its ctime. */
function hasMoved({ files }: Machine, file: AccountFile, read: Stat | undefined): boolean {
  const now = files.stat(file);
  if (now === undefined || read === undefined) return now !== read;
  return (["ino", "size", "mtimeMs"] as const).some((part) => now.stamp[part] !== read.stamp[part]);
}
