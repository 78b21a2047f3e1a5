// An item of the repository in, its version beside it out; what the version at hand has already is linked, not written.
import type { Files, Machine } from "../../machine/machine.ts";
import type { Data } from "../../model/data-state.ts";
import type { Permissions } from "../../model/file-state.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import type { Contents, DataEntry, Supply } from "../../model/target.ts";
import { adopt, contentIn } from "./adopt.ts";
import { isAtHand } from "./bring.ts";
import { lookAtTree } from "./look.ts";
import { loadManifest, type Manifest } from "./manifest.ts";
import { join } from "./names.ts";
import { realPath } from "./real-folder.ts";
import { openWorkshop, type Site } from "./site.ts";
import { sourceOf } from "./source.ts";
import type { Problem } from "../../../common/problem.ts";

/** Files written at the same time: enough for the file system to commit several syncs as one. */
const WRITTEN_AT_ONCE = 16;

export async function stageFromRepository(
  machine: Machine,
  site: Site,
  { id, before, after }: Change & { readonly after: Data },
  supply: Supply,
  contents: Contents,
): Promise<Problem | undefined> {
  if (supply.source.type !== "repository" || (await isAtHand(machine, site, after))) return undefined;
  await openWorkshop(machine, site, []);
  const base = before.type === "data" && before.shape === "tree" ? before : undefined;
  const linkable = base === undefined ? NONE : await linkableFrom(machine, nameOf(id), base, ownerOf(machine, after));
  await write(machine.files, contentIn(site), supply.source.listing, {
    contents,
    linkable,
    owner: ownerOf(machine, after),
  });
  const staged = await adopt(machine, {
    site,
    source: sourceOf(supply),
    maxBytes: supply.maxBytes,
    linked: linkable.manifest,
    expected: after.digest,
    synced: true,
  });
  return staged.ok ? undefined : staged.problems[0];
}

/** Files of the version in place that may have a second name in the next one. */
interface Linkable {
  readonly where: string;
  readonly manifest: Manifest;
  /** Modes by path, of files with the owner that is wanted. */
  readonly modes: ReadonlyMap<string, number>;
}

const NONE: Linkable = { where: "/", manifest: new Map(), modes: new Map() };

async function linkableFrom(machine: Machine, path: string, { digest }: Data, owner: Permissions): Promise<Linkable> {
  const where = realPath(machine.files, path);
  const { entries, manifest } = await lookAtTree(machine, where, {
    manifest: await loadManifest(machine.store, path, digest),
  });
  const fits = entries.filter(
    ({ uid, gid }) => (owner.uid === undefined || owner.uid === uid) && (owner.gid === undefined || owner.gid === gid),
  );
  return { where, manifest, modes: new Map(fits.map((entry) => [entry.path, entry.mode])) };
}

function ownerOf({ privileged }: Machine, { uid, gid }: Permissions): Permissions {
  return privileged ? { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) } : {};
}

interface Ingredients {
  readonly contents: Contents;
  readonly linkable: Linkable;
  readonly owner: Permissions;
}

async function write(files: Files, top: string, listing: readonly DataEntry[], from: Ingredients): Promise<void> {
  const sorted = listing.toSorted((one, other) => (one.path < other.path ? -1 : 1));
  const folders = sorted.filter(({ type, path }) => type === "directory" && path !== "");
  const isTree = !(listing.length === 1 && listing[0]?.path === "" && listing[0].type === "regular");
  if (isTree) files.makeDirectory(top, { mode: 0o755 });
  // Their own modes come last: who may not write a folder could not fill it.
  for (const { path } of folders) files.makeDirectory(join(top, path), { mode: 0o700 });
  await fill(files, top, sorted, from);
  for (const { path, mode } of folders.toReversed()) {
    await files.syncDirectory(join(top, path));
    files.setPermissions(join(top, path), { mode, ...from.owner });
  }
  if (isTree) await files.syncDirectory(top);
}

async function fill(files: Files, top: string, listing: readonly DataEntry[], from: Ingredients): Promise<void> {
  const waiting = listing.filter(({ type }) => type !== "directory").values();
  const worker = async (): Promise<void> => {
    for (const entry of waiting) await writeOne(files, entry.path === "" ? top : join(top, entry.path), entry, from);
  };
  const workers = Array.from({ length: WRITTEN_AT_ONCE }, worker);
  // All must have stopped before the caller cleans up, so the first failure waits for the others.
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
}

async function writeOne(
  files: Files,
  to: string,
  { path, type, mode, digest = "", target = "" }: DataEntry,
  { contents, linkable, owner }: Ingredients,
): Promise<void> {
  const isSame = linkable.manifest.get(path)?.digest === digest && linkable.modes.get(path) === mode;
  if (type === "symlink") files.makeSymlink(target, to, owner);
  else if (isSame && path !== "") files.link(join(linkable.where, path), to);
  else {
    const bytes = contents.get(digest);
    if (bytes === undefined) throw new Error(`no content for ${to}`);
    await files.create(to, bytes, { mode, ...owner });
  }
}
