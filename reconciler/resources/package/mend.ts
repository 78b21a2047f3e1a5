// A package manager in; one that can be asked to do something out: its lock free, and nothing left half done.
import { setTimeout } from "node:timers/promises";
import type { Machine } from "../../machine/machine.ts";
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import type { ManagerOptions, PackageManager } from "../managers/manager.ts";

/** How long somebody else's transaction is waited for. */
export interface Patience {
  readonly lockMs: number;
  readonly pollMs: number;
}

export const PATIENT: Patience = { lockMs: 120_000, pollMs: 500 };

/** Problems say why it cannot be asked now. Repairs first, always: a manager refuses everything else until then. */
export async function makeReady(
  manager: PackageManager,
  machine: Machine,
  options: ManagerOptions,
  patience: Patience,
): Promise<readonly Problem[]> {
  const busy = await waitForLock(manager, machine, options.signal, patience);
  if (busy !== undefined) return [busy];
  const broken = await manager.broken(machine);
  if (!broken.ok) return broken.problems;
  return broken.value.length === 0 ? [] : manager.repair(machine, options);
}

export async function waitForLock(
  manager: PackageManager,
  machine: Machine,
  signal: AbortSignal,
  { lockMs, pollMs }: Patience,
): Promise<Problem | undefined> {
  const until = machine.clock.monotonicMs() + lockMs;
  for (;;) {
    const holder = await manager.lockHolder(machine);
    if (holder === undefined) return undefined;
    if (signal.aborted || machine.clock.monotonicMs() >= until) return busy(holder);
    await setTimeout(pollMs, undefined, { signal }).catch(() => undefined);
  }
}

function busy(holder: string): Problem {
  return {
    code: "package-manager-busy",
    what: `the package manager is in use by ${printable(holder)}`,
    hint: "the next run tries again by itself; if it hangs, look what it waits for (a question on a terminal?)",
  };
}

/** Told wherever it is found; nothing when all is well. */
export function halfDone(broken: readonly string[]): readonly Problem[] {
  if (broken.length === 0) return [];
  return [
    {
      code: "packages-half-done",
      what: `left half done by whoever was at work before (killed, or no power): ${namesOf(broken)}`,
      hint: "it is repaired before packages are changed the next time; nothing has to be done by hand",
    },
  ];
}

const MOST_NAMED = 10;

/** For a person: so many names, and how many more. */
export function namesOf(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).map(printable).join(", ");
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}
