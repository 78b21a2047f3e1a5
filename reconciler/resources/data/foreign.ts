// The content of a file that a change replaces although we had not put it there: a person's edit, or one from before us.
import type { MachineReader } from "../../machine/machine.ts";
import { LARGEST_KEPT } from "../file/foreign.ts";
import type { Step } from "../kind.ts";

export async function foreignData({ files }: MachineReader, { change, backup }: Step): Promise<Buffer | undefined> {
  const { before, standing } = change;
  const ours = standing === "pending" || standing === "in_sync";
  if (ours || backup === undefined || before.type !== "data" || before.shape !== "file") return undefined;
  return before.size > LARGEST_KEPT || files.stat(backup) === undefined ? undefined : files.read(backup, LARGEST_KEPT);
}
