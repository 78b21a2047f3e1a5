// The changes of a plan in; those whose hour it is not, and until when they wait, out.
import type { MachineReader } from "../machine/machine.ts";
import { knownMs } from "../model/moment.ts";
import type { Change, Wait } from "../model/plan.ts";
import type { ResourceId } from "../model/state.ts";
import type { Target } from "../model/target.ts";
import type { Guard, Window } from "../model/window.ts";
import { isOpen } from "../plan/window.ts";
import { windowsOf } from "../plan/windows-of.ts";
import { guardReason } from "./guards.ts";

export async function occasionsFor(
  machine: MachineReader,
  changes: readonly Change[],
  target: Target,
): Promise<ReadonlyMap<ResourceId, Wait>> {
  const names = windowsOf(changes, target);
  const shut = new Map<string, Wait | undefined>();
  const asked = new Map<Guard, Promise<string | undefined>>();
  for (const name of new Set([...names.values()].flat())) {
    const window = target.windows?.get(name);
    if (window !== undefined) shut.set(name, await waitOf(machine, name, window, target, asked));
  }
  const waits = new Map<ResourceId, Wait>();
  for (const [id, own] of names) {
    const wait = own.map((name) => shut.get(name)).find((found) => found !== undefined);
    if (wait !== undefined) waits.set(id, wait);
  }
  return waits;
}

async function waitOf(
  machine: MachineReader,
  name: string,
  window: Window,
  { calendars = new Map() }: Target,
  asked: Map<Guard, Promise<string | undefined>>,
): Promise<Wait | undefined> {
  const nowMs = knownMs(machine.clock);
  if (nowMs === undefined && asksForTheHour(window))
    return { for: "window", what: `the clock is not believed, so nobody knows whether the window ${name} is open` };
  const hours = isOpen(window, calendars, nowMs ?? 0);
  if (!hours.open) {
    const until = hours.untilMs === undefined ? {} : { untilMs: hours.untilMs };
    return { for: "window", what: `the window ${name} is not open`, ...until };
  }
  for (const guard of window.guards) {
    const answer = asked.get(guard) ?? guardReason(machine, guard);
    asked.set(guard, answer);
    const reason = await answer;
    if (reason !== undefined) return { for: "guard", what: `${reason} (window ${name})` };
  }
  return undefined;
}

/** One with guards alone is open at any hour. */
function asksForTheHour({ hours, notDuring, onlyDuring }: Window): boolean {
  return hours.length + notDuring.length + onlyDuring.length > 0;
}
