// What was left half done: packages that dpkg has begun with, its unmerged notes, and dependencies that do not fit.
import { refuse, succeed, type Result } from "../../../../common/problem.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import { FileError } from "../../../machine/machine.ts";
import { aptGet, look } from "./call.ts";
import { isHalfDone, statuses } from "./status.ts";

/** dpkg writes what it does into numbered files here and merges them into its status when it is done. */
const NOTES = "/var/lib/dpkg/updates";

/**
 * Goes by the states that `dpkg --audit` goes by. What else that tells (packages without checksums) no repair can put
 * right.
 */
export async function broken(machine: MachineReader): Promise<Result<readonly string[]>> {
  const known = await statuses(machine);
  if (!known.ok) return refuse(...known.problems);
  const halfDone = known.value.filter(isHalfDone).map(({ name }) => name);
  const found = [...halfDone, ...unmergedNotes(machine)];
  return succeed(found.length > 0 ? found : await unmetDependencies(machine));
}

function unmergedNotes({ files }: MachineReader): readonly string[] {
  try {
    const names = files.list(NOTES).filter((name) => /^\d+$/u.test(name));
    return names.map((name) => `${NOTES}/${name}`);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}

/** Packages whose dependencies are not there, as a hand that forced dpkg leaves them. */
async function unmetDependencies(machine: MachineReader): Promise<readonly string[]> {
  const answer = await look(machine, aptGet(machine, "--simulate", "check"));
  return answer.code === 0 ? [] : parseUnmet(`${answer.stdout.toString()}\n${answer.stderr}`);
}

/** Only the first line of a package begins with its name. */
export function parseUnmet(text: string): readonly string[] {
  if (!text.includes("have unmet dependencies")) return [];
  return [...new Set([...text.matchAll(/^ (\S+) : /gmu)].map(([, name = ""]) => name))];
}
