// What has to be in place before what, for the changes of a plan: taken from what owns, reads or serves what.
import type { Change } from "../model/plan.ts";
import { kindOf, type Kind, type ResourceId } from "../model/state.ts";
import type { Target } from "../model/target.ts";

/** What a resource needs directly, as far as the fleet wants it too. */
export function needsOf(id: ResourceId, target: Target): readonly ResourceId[] {
  return (target.wanted.get(id)?.needs ?? []).filter((need) => target.wanted.has(need));
}

/**
 * A server is built up from accounts to services. What stops comes first, because its package or its files may go; and
 * nobody's account goes before the last thing that is theirs.
 */
const PHASES: Readonly<Record<Kind, number>> = { group: 1, user: 2, package: 3, file: 4, data: 5, service: 6 };
const FIRST = 0;
const LAST = 7;

export function phaseOf(change: Change): number {
  const { id, after } = change;
  const kind = kindOf(id);
  if (kind === "service" && stops(after)) return FIRST;
  if (after.type !== "absent" || kind === "package" || kind === "file" || kind === "data") return PHASES[kind];
  return kind === "user" ? LAST : LAST + 1;
}

function stops(after: Change["after"]): boolean {
  return after.type === "absent" || (after.type === "service" && (after.running === false || after.masked === true));
}

/** Circles among the needs of a Target, each as the ids on it; a server could not tell where to begin. */
export function circles(target: Target): readonly (readonly ResourceId[])[] {
  const found: ResourceId[][] = [];
  const done = new Set<ResourceId>();
  const trail: ResourceId[] = [];
  const walk = (id: ResourceId): void => {
    const at = trail.indexOf(id);
    if (at >= 0) found.push(trail.slice(at));
    if (at >= 0 || done.has(id)) return;
    trail.push(id);
    for (const need of needsOf(id, target)) walk(need);
    trail.pop();
    done.add(id);
  };
  for (const [id, { needs }] of target.wanted) if (needs !== undefined) walk(id);
  return found;
}
