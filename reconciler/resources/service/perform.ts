// Changes of services, made as sets: definitions read again, stopped, set, started, renewed; and then watched.
import type { Machine } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Performing, Step } from "../kind.ts";
import { detectSupervisor } from "../supervisors/detect.ts";
import type { SupervisedService, Supervisor } from "../supervisors/supervisor.ts";
import { doAll, optionsFor } from "./acting.ts";
import { deedsFor, wishOf, type Deed, type Wish } from "./deeds.ts";
import { noSupervisor, notAsWanted, unknown } from "./told.ts";
import { watchServices, type Watched } from "./watch.ts";

export async function performServices(
  machine: Machine,
  batch: readonly Step[],
  performing: Performing,
): Promise<readonly Problem[]> {
  const supervisor = detectSupervisor(machine);
  const changes = batch.map(({ change }) => change);
  if (supervisor === undefined) return changes.map(({ id }) => noSupervisor(nameOf(id)));
  const { signal } = performing;
  const options = optionsFor(signal);
  if (changes.some(mayBeRedefined)) {
    const problems = await supervisor.reread(machine, options);
    if (problems.length > 0) return problems;
  }
  const names = changes.map(({ id }) => nameOf(id));
  const before = await supervisor.look(machine, names);
  if (!before.ok) return before.problems;
  const wishes = changes.map(wishOf);
  const missing = changes.filter((change) => isMissing(change, before.value));
  if (missing.length > 0) return missing.map(({ id }) => unknown(nameOf(id), supervisor.name));
  const deeds = deedsFor(wishes, before.value);
  const problems = await doAll(machine, supervisor, deeds, options);
  if (problems.length > 0) return problems;
  for (const step of batch) await performing.done(step);
  const watched = watchedOf(deeds, before.value);
  const settleMs = Math.max(
    0,
    ...changes.map((change) => (watched.has(nameOf(change.id)) ? (change.settleMs ?? 0) : 0)),
  );
  // A service that does not come up says more by its end than by not being what was wanted.
  const faults = await watchServices(machine, supervisor, watched, settleMs, signal);
  return faults.length > 0 ? faults : verify(machine, supervisor, wishes);
}

/** A supervisor that keeps definitions in memory reads them all at once, so one that may be new is enough. */
function mayBeRedefined({ because = [], before }: Change): boolean {
  return before.type === "absent" || because.length > 0;
}

function isMissing({ id, after }: Change, now: ReadonlyMap<string, SupervisedService>): boolean {
  return after.type === "service" && now.get(nameOf(id))?.known !== true;
}

/** A supervisor counts from 0 again for what it is told to start. */
function watchedOf(deeds: readonly Deed[], before: ReadonlyMap<string, SupervisedService>): Watched {
  return new Map(
    deeds.flatMap(({ action, names }) => {
      if (action === "start" || action === "restart") return names.map((name) => [name, 0] as const);
      return action === "reload" ? names.map((name) => [name, before.get(name)?.restarts ?? 0] as const) : [];
    }),
  );
}

async function verify(machine: Machine, supervisor: Supervisor, wishes: readonly Wish[]): Promise<readonly Problem[]> {
  const looked = await supervisor.look(
    machine,
    wishes.map(({ name }) => name),
  );
  if (!looked.ok) return looked.problems;
  return wishes.flatMap(({ name, state }) => {
    const now = looked.value.get(name);
    if (now === undefined || supervisor.offline === true) return [];
    const open = deedsFor([{ name, state }], looked.value)
      .map(({ action }) => STILL.get(action) ?? [])
      .flat();
    return open.map((what) => notAsWanted(name, what, now.detail));
  });
}

const STILL: ReadonlyMap<string, string> = new Map([
  ["unmask", "is still masked"],
  ["stop", "still runs"],
  ["disable", "is still enabled"],
  ["mask", "is not masked"],
  ["enable", "is not enabled"],
  ["start", "does not run"],
  ["restart", "does not run"],
]);
