// A user that is to go in; whether it still runs something out. What it owns would run on under a number of nobody.
import { FileError, type MachineReader } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";

export function busyUser(machine: MachineReader, { id, before, after }: Change): readonly Problem[] {
  if (!machine.live || before.type !== "user" || after.type !== "absent") return [];
  const pids = processesOf(machine, before.uid);
  if (pids.length === 0) return [];
  return [
    {
      code: "account-in-use",
      where: { file: "/etc/passwd", key: nameOf(id) },
      what: `is logged in or runs something (process ${pids.slice(0, 3).join(", ")})`,
      hint: "stop what it runs, or keep the user",
    },
  ];
}

/** A process's folder below /proc belongs to whom it runs as. */
function processesOf({ files }: MachineReader, uid: number): readonly string[] {
  try {
    const pids = files.list("/proc").filter((name) => /^\d+$/u.test(name));
    const stats = files.stats(pids.map((pid) => `/proc/${pid}`));
    return pids.filter((_, index) => stats[index]?.uid === uid);
  } catch (error) {
    if (error instanceof FileError) return [];
    throw error;
  }
}
