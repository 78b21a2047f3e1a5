// The account files of a root in, their lines out; as bytes again, exactly what they were.
import { FileError, type FileReader, type Stat } from "../../machine/machine.ts";

/**
 * In the order in which they are written: a user whose group is known already is whole, and one without a line in
 * shadow cannot log in.
 */
export const ACCOUNT_FILES = ["/etc/group", "/etc/gshadow", "/etc/shadow", "/etc/passwd"] as const;

export type AccountFile = (typeof ACCOUNT_FILES)[number];

/** What stands between the newlines: the last line is empty where the file ends with one. */
export type Lines = readonly string[];

/** A file that is not there has no row. */
export type Database = ReadonlyMap<AccountFile, Lines>;

export interface Found {
  readonly database: Database;
  /** As each file was just before it was read. */
  readonly stats: ReadonlyMap<AccountFile, Stat>;
}

/** More than a million accounts. */
const LIMIT = 64 * 1024 * 1024;

export async function readDatabase(files: FileReader): Promise<Found> {
  const database = new Map<AccountFile, Lines>();
  const stats = new Map<AccountFile, Stat>();
  for (const file of ACCOUNT_FILES) {
    const stat = statOrNothing(files, file);
    if (stat === undefined) continue;
    database.set(file, linesOf(await files.read(file, LIMIT)));
    stats.set(file, stat);
  }
  return { database, stats };
}

/** Where a file stands in the place of /etc, there are no accounts either. */
function statOrNothing(files: FileReader, path: string): Stat | undefined {
  try {
    return files.stat(path);
  } catch (error) {
    if (error instanceof FileError && ["ENOENT", "ENOTDIR"].includes(error.code)) return undefined;
    throw error;
  }
}

/** One character a byte: a name in an old encoding, which is none of ours, comes out as it went in. */
function linesOf(bytes: Buffer): Lines {
  return bytes.toString("latin1").split("\n");
}

export function bytesOf(lines: Lines): Buffer {
  return Buffer.from(lines.join("\n"), "latin1");
}

/** The fields of every line that belongs to an account: no comment, no blank line, none of NIS. */
export function* accountsIn(lines: Lines = []): Iterable<readonly string[]> {
  for (const line of lines) if (/^[^#+\-:][^:]*:/u.test(line)) yield line.split(":");
}

/** The first line of that name, which is the one that counts. */
export function lineOf(database: Database, file: AccountFile, name: string): string | undefined {
  return database.get(file)?.find((line) => keyOf(line) === name);
}

/** What stands before the first colon. */
export function keyOf(line: string): string {
  const end = line.indexOf(":");
  return end < 0 ? line : line.slice(0, end);
}

export function changedFiles(before: Database, after: Database): readonly AccountFile[] {
  return ACCOUNT_FILES.filter((file) => before.get(file)?.join("\n") !== after.get(file)?.join("\n"));
}
