// Services that were started or renewed in; watched for a while, and what became of them out.
import { setTimeout as pause } from "node:timers/promises";
import type { MachineReader } from "../../machine/machine.ts";
import type { Problem } from "../../../common/problem.ts";
import type { SupervisedService, Supervisor } from "../supervisors/supervisor.ts";
import { failed, outOfTime } from "./told.ts";

const LOOK_EVERY_MS = 500;

/** Each with the restarts that its supervisor had made by itself before. */
export type Watched = ReadonlyMap<string, number>;

/** Never ends early but for a fault: what crashes does so when everybody has gone home. */
export async function watchServices(
  machine: MachineReader,
  supervisor: Supervisor,
  watched: Watched,
  settleMs: number,
  signal: AbortSignal,
): Promise<readonly Problem[]> {
  if (watched.size === 0) return [];
  const end = machine.clock.monotonicMs() + settleMs;
  for (;;) {
    if (signal.aborted) return [outOfTime()];
    const looked = await supervisor.look(machine, [...watched.keys()]);
    if (!looked.ok) return looked.problems;
    const faults = await faultsOf(machine, supervisor, watched, looked.value);
    const leftMs = end - machine.clock.monotonicMs();
    if (faults.length > 0 || leftMs <= 0) return faults;
    await pause(Math.min(leftMs, LOOK_EVERY_MS), undefined, { signal }).catch(() => undefined);
  }
}

async function faultsOf(
  machine: MachineReader,
  supervisor: Supervisor,
  watched: Watched,
  now: ReadonlyMap<string, SupervisedService>,
): Promise<readonly Problem[]> {
  const faults: Problem[] = [];
  for (const [name, restartsBefore] of watched) {
    const service = now.get(name);
    const how = fault(service, restartsBefore);
    if (how !== undefined) faults.push(failed(name, how, service, await supervisor.lastWords(machine, name)));
  }
  return faults;
}

function fault(service: SupervisedService | undefined, restartsBefore: number): string | undefined {
  if (service?.failed === true) return "has failed";
  if ((service?.restarts ?? 0) > restartsBefore) return "crashed and was started again by its supervisor";
  return service?.running === true ? undefined : "ended";
}
