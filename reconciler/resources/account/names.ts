// What our own files beside the account files are called.
import type { AccountFile } from "./database.ts";

/** What a step's undo goes by. */
export function recordName(run: string, n: number): string {
  return `/etc/.reconciler-${run}-${n}.old~`;
}

/** A second name of an account file as it was before the step, and before those that were made together with it. */
export function keptName(record: string, file: AccountFile): string {
  return `${stem(record)}.${file.slice("/etc/".length)}.old~`;
}

/** Where the new one waits. */
export function stagedName(record: string, file: AccountFile): string {
  return `${stem(record)}.${file.slice("/etc/".length)}.new~`;
}

function stem(record: string): string {
  return record.replace(/\.old~$/u, "");
}
