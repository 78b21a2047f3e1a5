// The content that a change replaces although we had not put it there: a person's edit, or a file from before us.
import type { MachineReader } from "../../machine/machine.ts";
import type { Step } from "../kind.ts";

/** What is larger was not written by hand, and would fill a small disk. */
export const LARGEST_KEPT = 4 * 1024 * 1024;

export async function foreignContent({ files }: MachineReader, { change, backup }: Step): Promise<Buffer | undefined> {
  const { before, standing } = change;
  const ours = standing === "pending" || standing === "in_sync";
  if (ours || backup === undefined || before.type !== "regular" || before.size > LARGEST_KEPT) return undefined;
  return files.stat(backup) === undefined ? undefined : files.read(backup, LARGEST_KEPT);
}
