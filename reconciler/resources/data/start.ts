// A version at hand in, the same names in a workshop out: what two versions share is neither copied nor compared.
import type { Machine } from "../../machine/machine.ts";
import { removeAll } from "./remove.ts";
import { startFromSpare, type Spare } from "./spare.ts";
import type { WalkedEntry } from "./walk.ts";

const LINK_TIMEOUT_MS = 10 * 60_000;

/** What lies in `content` now; undefined when nobody knows, because it was begun by an earlier run. */
export async function startFromNames(
  machine: Machine,
  { where, entries }: { readonly where: string; readonly entries: readonly WalkedEntry[] },
  spare: Spare,
  content: string,
): Promise<readonly WalkedEntry[] | undefined> {
  if (machine.files.stat(content) !== undefined) return undefined;
  const here = await startFromSpare(machine, spare, entries, content);
  return here ?? ((await linkAll(machine, where, content)) ? entries : undefined);
}

async function linkAll(machine: Machine, from: string, content: string): Promise<boolean> {
  const argv = ["cp", "-a", "-l", "--", machine.hostPath(from), machine.hostPath(content)];
  const { code } = await machine.run(argv, { timeoutMs: LINK_TIMEOUT_MS });
  // Some file systems allow but few names for a file.
  if (code !== 0) await removeAll(machine, content);
  return code === 0;
}
