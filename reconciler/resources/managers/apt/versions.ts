// Two versions in, which of them is newer out: dpkg's own order.
import type { MachineReader } from "../../../machine/machine.ts";
import { look } from "./call.ts";
import { isVersion } from "./words.ts";

export async function isAtLeast(machine: MachineReader, version: string, minimum: string): Promise<boolean> {
  if (!isVersion(version) || !isVersion(minimum)) return false;
  if (version === minimum) return true;
  return (await look(machine, ["dpkg", "--compare-versions", version, "ge", minimum])).code === 0;
}
