// The changes of a plan in; the windows in which each may be made out.
import type { Change } from "../model/plan.ts";
import { kindOf, nameOf, type ResourceId } from "../model/state.ts";
import type { Running, Target } from "../model/target.ts";

/**
 * Its own window, that of unattended updates, and those of the services that read it: a new file would otherwise wait
 * for the restart that makes it count, and nobody would remember why.
 */
export function windowsOf(changes: readonly Change[], target: Target): ReadonlyMap<ResourceId, readonly string[]> {
  const guarded = guardedServices(target);
  const windows = new Map<ResourceId, readonly string[]>();
  for (const change of changes) {
    const own = target.wanted.get(change.id)?.window;
    const ofUpdates = change.why === "updated" ? target.updates?.window : undefined;
    const ofReaders = guarded.filter(({ running }) => reads(running, change.id)).map(({ window }) => window);
    const all = [own, ofUpdates, ...ofReaders].filter((name) => name !== undefined);
    if (all.length > 0) windows.set(change.id, [...new Set(all)]);
  }
  return windows;
}

interface Guarded {
  readonly running: Running;
  readonly window: string;
}

function guardedServices({ wanted, windows }: Target): readonly Guarded[] {
  if (windows === undefined || windows.size === 0) return [];
  return [...wanted.values()].flatMap(({ running, window }) =>
    running === undefined || window === undefined ? [] : [{ running, window }],
  );
}

/** Whether a service goes by this file, data or package. */
function reads({ reads: paths, packages }: Running, id: ResourceId): boolean {
  const kind = kindOf(id);
  const name = nameOf(id);
  if (kind === "package") return packages.includes(name);
  if (kind !== "file" && kind !== "data") return false;
  return paths.some((path) => path === name || (path.endsWith("/") && `${name}/`.startsWith(path)));
}
