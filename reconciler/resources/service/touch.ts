// The changes of a plan in; those that a running service has to take notice of out. It asks the machine nothing.
import type { Change } from "../../model/plan.ts";
import { kindOf, nameOf, type ResourceId, type State } from "../../model/state.ts";
import type { Running } from "../../model/target.ts";

export interface Touched {
  /** What changes of all that the service reads. */
  readonly because: readonly ResourceId[];
  /** Its definition or its program changes: a reload would not help. */
  readonly restart: boolean;
  /** Its definition changes. */
  readonly redefined: boolean;
}

/** `definitions` are the paths that its supervisor reads. */
export function touched(
  changes: readonly Change[],
  running: Pick<Running, "reads" | "packages"> | undefined,
  definitions: readonly string[],
): Touched {
  const defining = changes.filter((change) => isRead(change, definitions));
  const packages = changes.filter((change) => isOtherVersion(change, running?.packages ?? []));
  const read = changes.filter((change) => isRead(change, running?.reads ?? []));
  const all = new Set([...packages, ...defining, ...read]);
  return {
    because: changes.filter((change) => all.has(change)).map(({ id }) => id),
    restart: defining.length > 0 || packages.length > 0,
    redefined: defining.length > 0,
  };
}

function isOtherVersion({ id, before, after }: Change, packages: readonly string[]): boolean {
  if (kindOf(id) !== "package" || !packages.includes(nameOf(id))) return false;
  if (before.type !== "installed" || after.type !== "installed") return before.type !== after.type;
  const version = after.version !== undefined && after.version !== before.version;
  return version || (after.minimum !== undefined && after.minimum !== before.minimum);
}

function isRead(change: Change, paths: readonly string[]): boolean {
  const kind = kindOf(change.id);
  if ((kind !== "file" && kind !== "data") || isOnlyFolder(change)) return false;
  const path = nameOf(change.id);
  return paths.some(
    (read) => read === path || (read.endsWith("/") && `${path}/`.startsWith(read)) || leadsTo(change, path, read),
  );
}

/** What lies in a folder that comes or goes is a change of its own. */
function isOnlyFolder({ before, after }: Change): boolean {
  const isFolder = ({ type }: State): boolean => type === "directory" || type === "absent";
  return isFolder(before) && isFolder(after);
}

/** A tree of data, or a link on the way, is switched under what is read. */
function leadsTo({ before, after }: Change, path: string, read: string): boolean {
  const leads = ({ type }: State): boolean => type === "data" || type === "symlink";
  return read.startsWith(`${path}/`) && (leads(before) || leads(after));
}
