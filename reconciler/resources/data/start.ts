// The versions at hand in, a workshop that begins with their names out: what two versions share is neither copied nor
// compared.
import type { Machine } from "../../machine/machine.ts";
import { baseOf, placesOfBase, type Base } from "./base.ts";
import { spareName } from "./names.ts";
import { removeAll } from "./remove.ts";
import type { Request } from "./request.ts";
import type { Site } from "./site.ts";
import { startFromSpare, walkSpare } from "./spare.ts";
import { walkBelow, type WalkedEntry } from "./walk.ts";

const LINK_TIMEOUT_MS = 10 * 60_000;

export interface Start {
  readonly base: Base | undefined;
  /** What lies in the workshop now; undefined when nobody knows, or nothing does. */
  readonly here?: readonly WalkedEntry[] | undefined;
}

/** Of a tree. The names are made while it is still found out whether they are the right ones. */
export async function startFromNames(machine: Machine, site: Site, request: Request, content: string): Promise<Start> {
  const { files } = machine;
  // What an earlier run began.
  if (files.stat(content) !== undefined) return { base: await baseOf(machine, site, request) };
  const at = spareName(site.folder, site.path);
  const [where] = files.stat(at) === undefined ? await placesOfBase(machine, site, request) : [];
  if (where === undefined) {
    const [entries, base] = await Promise.all([walkSpare(machine, at), baseOf(machine, site, request)]);
    if (base?.entries === undefined) return { base };
    const kept = await startFromSpare(machine, { at, entries }, base.entries, content);
    const here = kept ?? ((await linkAll(machine, base.where, content)) ? base.entries : undefined);
    return { base, here };
  }
  // A new name moves the ctime of a file: first it is looked at.
  const walked = { where, walk: await walkBelow(machine, where) };
  const [made, found] = await Promise.allSettled([
    linkAll(machine, where, content),
    baseOf(machine, site, request, walked),
  ]);
  if (made.status === "rejected") throw made.reason;
  if (found.status === "rejected") throw found.reason;
  const base = found.value;
  if (made.value && base?.where === where && base.entries !== undefined) return { base, here: base.entries };
  if (made.value) await removeAll(machine, content);
  return { base };
}

/** Whether it could: some file systems allow but few names for a file. */
async function linkAll(machine: Machine, from: string, content: string): Promise<boolean> {
  const argv = ["cp", "-a", "-l", "--", machine.hostPath(from), machine.hostPath(content)];
  const { code } = await machine.run(argv, { timeoutMs: LINK_TIMEOUT_MS });
  if (code !== 0) await removeAll(machine, content);
  return code === 0;
}
