// What the undo of a step goes by: its edits, on disk before the first of them is made.
import { FileError, type Machine } from "../../machine/machine.ts";
import type { Step } from "../kind.ts";
import type { AccountFile } from "./database.ts";
import type { Edit } from "./edit.ts";

export interface Made {
  readonly edits: readonly Edit[];
  /** Account files that were not there before. */
  readonly missing: readonly AccountFile[];
}

const LIMIT = 16 * 1024 * 1024;

export async function writeRecord({ files }: Machine, { backup = "" }: Step, made: Made): Promise<void> {
  await files.create(backup, Buffer.from(`${JSON.stringify(made)}\n`), { mode: 0o600 });
}

/** Undefined where the step was not begun, or is let go of already. */
export async function readRecord({ files }: Machine, { backup = "" }: Step): Promise<Made | undefined> {
  try {
    return parse((await files.read(backup, LIMIT)).toString());
  } catch (error) {
    if (error instanceof FileError && ["ENOENT", "ENOTDIR"].includes(error.code)) return undefined;
    throw error;
  }
}

/** One that is not whole was being written when the power went: nothing had been touched yet. */
function parse(text: string): Made | undefined {
  if (!text.endsWith("}\n")) return undefined;
  return JSON.parse(text) as Made;
}
