// zypper's own list of locks: which packages stay as they are.
import type { Problem } from "../../../../common/problem.ts";
import type { Machine, MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { toTheEnd } from "../rpm/call.ts";
import type { Entry } from "../rpm/database.ts";
import { matchesGlob } from "../rpm/glob.ts";
import { parseLocks } from "./answers.ts";
import { runZypper } from "./call.ts";
import { isDone, whyNot } from "./done.ts";

const LOCKS = "/etc/zypp/locks";

export async function zypperHolds({ files }: MachineReader): Promise<(name: string) => boolean> {
  const patterns = files.stat(LOCKS) === undefined ? [] : parseLocks((await files.read(LOCKS)).toString());
  return (name) => patterns.some((pattern) => matchesGlob(name, pattern));
}

export async function holdInZypper(
  machine: Machine,
  entries: readonly Entry[],
  held: boolean,
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const isHeld = await zypperHolds(machine);
  const names = [...new Set(entries.map(({ name }) => name))].filter((name) => isHeld(name) !== held);
  if (names.length === 0) return [];
  const verb = held ? "addlock" : "removelock";
  const result = await runZypper(machine, toTheEnd(options), verb, "--type", "package", "--", ...names);
  return isDone(result) ? [] : [whyNot(result)];
}
