// The way back of changes of services: what was set is set back at once, what ran runs again when the files are back.
import type { Machine } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import type { Service } from "../../model/service-state.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Step } from "../kind.ts";
import { detectSupervisor } from "../supervisors/detect.ts";
import type { SupervisedService } from "../supervisors/supervisor.ts";
import { doAll, optionsFor } from "./acting.ts";
import { deedsFor, wishOf, type Wish } from "./deeds.ts";
import { notRevived } from "./told.ts";

/** Goes by what is there now. After a power cut everything was started anew, with whatever files there were. */
export async function undoServices(machine: Machine, batch: readonly Step[]): Promise<readonly Problem[]> {
  const supervisor = detectSupervisor(machine);
  if (supervisor === undefined) return [];
  const wishes = batch.map(({ change }) => backwards(change));
  const looked = await supervisor.look(
    machine,
    wishes.map(({ name }) => name),
  );
  if (!looked.ok) return looked.problems;
  return doAll(machine, supervisor, deedsFor(wishes, onlyKnown(looked.value)), optionsFor());
}

/** Only the flags that the change was about; what has to run again waits for its files. */
function backwards(change: Change): Wish {
  const { name, state: made } = wishOf(change);
  const was = change.before.type === "service" ? change.before : NOTHING;
  const differs = (flag: keyof typeof NOTHING): boolean => made[flag] !== undefined && made[flag] !== was[flag];
  const state: Partial<Service> = {
    ...(differs("enabled") && was.enabled !== undefined ? { enabled: was.enabled } : {}),
    ...(differs("masked") && was.masked !== undefined ? { masked: was.masked } : {}),
    ...(differs("running") && was.running === false ? { running: false } : {}),
  };
  return { name, state };
}

/** Before its package or its unit came. */
const NOTHING = { enabled: false, running: false, masked: false } satisfies Partial<Service>;

function onlyKnown(now: ReadonlyMap<string, SupervisedService>): ReadonlyMap<string, SupervisedService> {
  return new Map([...now].filter(([, { known }]) => known));
}

/** A service that was renewed may have read the new files, and one that was stopped has to come back. */
export async function reviveServices(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]> {
  const supervisor = detectSupervisor(machine);
  if (supervisor === undefined) return [];
  const wishes = steps.flatMap(({ change }) => (ranBefore(change) ? [revival(change)] : []));
  const reread = await supervisor.reread(machine, optionsFor());
  const looked = await supervisor.look(
    machine,
    wishes.map(({ name }) => name),
  );
  if (!looked.ok) return [...reread, ...looked.problems].map(notRevived);
  const able = new Map([...onlyKnown(looked.value)].filter(([, { masked }]) => !masked));
  const problems = await doAll(machine, supervisor, deedsFor(wishes, able), optionsFor());
  return [...reread, ...problems].map(notRevived);
}

function ranBefore({ before }: Change): boolean {
  return before.type === "service" && before.running === true;
}

function revival({ id, renew }: Change): Wish {
  return { name: nameOf(id), state: { running: true }, ...(renew === undefined ? {} : { renew }) };
}
