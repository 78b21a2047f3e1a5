// An item and its source in, the source's version of it beside the item out; or why it did not come.
import { describeFileError } from "../../machine/file-problem.ts";
import { FileError, type Machine } from "../../machine/machine.ts";
import type { Data } from "../../model/data-state.ts";
import { knownMs } from "../../model/moment.ts";
import type { Supply } from "../../model/target.ts";
import { refuse, type Result } from "../../../common/problem.ts";
import type { Brought } from "./adopt.ts";
import { isWhole } from "./base.ts";
import { bringByHttp } from "./bring-http.ts";
import { bringByRsync } from "./bring-rsync.ts";
import { loadItem, saveItem } from "./item.ts";
import { lastingFault, noteFault } from "./lasting.ts";
import { parentOf } from "./names.ts";
import { removeAll } from "./remove.ts";
import type { Request } from "./request.ts";
import { siteOf, versionAt, type Site } from "./site.ts";
import { sourceOf } from "./source.ts";

/** FileErrors become problems: one disk that is full holds back one item. */
export async function bring(machine: Machine, request: Request): Promise<Result<Brought>> {
  try {
    const site = siteOf(machine.files, request.path);
    if (!site.ok) return site;
    await noteWaiting(machine, site.value, request.supply);
    const lasting = await lastingFault(machine, request);
    if (lasting !== undefined) return refuse(lasting);
    const brought = await bringTo(machine, site.value, request).finally(() => makeRoom(machine, site.value));
    if (!brought.ok) await noteFault(machine, request, brought.problems);
    return brought;
  } catch (error) {
    if (error instanceof FileError) return refuse(describeFileError(error));
    throw error;
  }
}

/** A folder above the item's own one is written down: later nobody could tell which it was. */
export async function noteWaiting({ store }: Machine, { path, folder }: Site, supply: Supply): Promise<void> {
  const item = await loadItem(store, path, sourceOf(supply));
  if ((item.waitsIn ?? parentOf(path)) === folder) return;
  const { waitsIn, ...rest } = item;
  await saveItem(store.files, path, folder === parentOf(path) ? rest : { ...rest, waitsIn: folder });
}

function bringTo(machine: Machine, site: Site, request: Request): Promise<Result<Brought>> {
  const { source } = request.supply;
  switch (source.type) {
    case "http":
      return bringByHttp(machine, site, request, source);
    case "rsync":
      return bringByRsync(machine, site, request, source.url);
    case "repository":
      throw new Error(`${site.path} comes with the repository`);
  }
}

/** Less than this, and others on the same disk are in trouble. */
const RESERVE_BYTES = 8 * 1024 * 1024;

/** A part of something that does not fit helps nobody. */
async function makeRoom(machine: Machine, { folder, workshop }: Site): Promise<void> {
  if (machine.files.stat(workshop) === undefined) return;
  if (machine.files.space(folder).bytes < RESERVE_BYTES) await removeAll(machine, workshop);
}

/** What came so lately need not be looked at again. */
const FRESH_MS = 10 * 60_000;

/** Whether this version lies there and is whole: files that it shares with another one may have been written to. */
export async function isAtHand(machine: Machine, site: Site, state: Data): Promise<boolean> {
  const version = versionAt(site, state.digest);
  const stat = machine.files.stat(version);
  const age = (knownMs(machine.clock) ?? Infinity) - (stat?.stamp.ctimeMs ?? 0);
  if (stat?.type === "directory" && state.shape === "tree" && age >= 0 && age < FRESH_MS) return true;
  return isWhole(machine, site.path, version, state);
}
