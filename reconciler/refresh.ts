// A Target in; the same with the states that only their sources know, such as the newest version of a list, out.
import type { Course } from "./course.ts";
import type { Machine } from "./machine/machine.ts";
import type { DataAge } from "./model/event.ts";
import type { ResourceId, State } from "./model/state.ts";
import type { Memory, Target, Wanted } from "./model/target.ts";
import type { Asking } from "./resources/kind.ts";
import { everyKind } from "./resources/kinds.ts";

/** Where nobody outside may be asked, what was offered last still counts. */
export async function refresh(
  machine: Machine,
  target: Target,
  memory: Memory,
  asking: Omit<Asking, "signal">,
  course: Course,
): Promise<Target> {
  const offers = new Map<ResourceId, State>();
  const ages: DataAge[] = [];
  for (const kind of Object.values(everyKind)) {
    const refreshed = await kind.refresh?.(machine, target, memory, { signal: course.signal, ...asking });
    if (refreshed === undefined) continue;
    for (const [id, state] of refreshed.offers) offers.set(id, state);
    ages.push(...(refreshed.ages ?? []));
    course.tell(refreshed.problems);
  }
  course.emit({ type: "data-ages", ages });
  return offers.size === 0 ? target : { ...target, wanted: withOffers(target.wanted, offers) };
}

function withOffers(wanted: Target["wanted"], offers: ReadonlyMap<ResourceId, State>): ReadonlyMap<ResourceId, Wanted> {
  const next = new Map(wanted);
  for (const [id, state] of offers) {
    const wish = next.get(id);
    if (wish !== undefined) next.set(id, { ...wish, state });
  }
  return next;
}
