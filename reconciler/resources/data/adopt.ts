// Content that came to be in a workshop in, a version beside the item out: checked, on disk, and known by its digest.
import { FileError, type Machine } from "../../machine/machine.ts";
import type { Data } from "../../model/data-state.ts";
import type { Digest, Permissions } from "../../model/file-state.ts";
import type { Problem, Result } from "../../../common/problem.ts";
import { refuse, succeed } from "../../../common/problem.ts";
import { lookAtTree } from "./look.ts";
import { lookOf } from "./known-look.ts";
import { loadManifest, NOTHING_KNOWN, restamped, saveManifest, withCopied, type Manifest } from "./manifest.ts";
import { goneName, join } from "./names.ts";
import { removeAll, removeIfThere } from "./remove.ts";
import { versionAt, type Site } from "./site.ts";
import { faultOfTree } from "./tree-rules.ts";
import { entriesOf, walkBelow } from "./walk.ts";

export interface Brought {
  readonly digest: Digest;
  /** Bytes of all files together. */
  readonly size: number;
  readonly shape: Data["shape"];
}

export interface Coming {
  readonly site: Site;
  /** For a person: where it came from. */
  readonly source: string;
  readonly maxBytes: number;
  /** What is known of files that were linked from another version. */
  readonly linked?: Manifest;
  /** Digests by path of files that we ourselves just wrote. */
  readonly copied?: ReadonlyMap<string, Digest>;
  /** Nothing else is taken. */
  readonly expected?: Digest;
  /** Whether all of it is on disk already. */
  readonly synced?: true;
}

const SYNC_TIMEOUT_MS = 60 * 60_000;
const OWNER_TIMEOUT_MS = 60 * 60_000;

export function contentIn({ workshop }: Site): string {
  return join(workshop, "content");
}

export async function adopt(machine: Machine, coming: Coming): Promise<Result<Brought>> {
  const content = contentIn(coming.site);
  const shape = machine.files.stat(content)?.type === "directory" ? "tree" : "file";
  // The disk works while the content is read; should it be refused, nothing but time was lost.
  const [known] = await Promise.all([
    weigh(machine, coming, content, shape),
    coming.synced === true ? undefined : syncTree(machine, content),
  ]);
  if (!known.ok) return known;
  const { digest, size, manifest } = known.value;
  if (coming.expected !== undefined && digest !== coming.expected) return refuse(movedOn(coming));
  if (shape === "tree") await saveManifest(machine.store.files, coming.site.path, digest, manifest, known.value.look);
  await enter(machine, coming.site, digest);
  return succeed({ digest, size, shape });
}

async function weigh(machine: Machine, coming: Coming, content: string, shape: Data["shape"]) {
  const { files } = machine;
  if (shape === "file") {
    const size = files.stat(content)?.size ?? 0;
    return succeed({ digest: await files.digest(content), size, manifest: NOTHING_KNOWN, look: undefined });
  }
  const { linked = NOTHING_KNOWN, copied } = coming;
  const walk = await walkBelow(machine, content);
  const manifest = copied === undefined ? linked : withCopied(linked, copied, entriesOf(walk, content));
  const found = await lookAtTree(machine, content, { manifest, walk, exact: false });
  const inside = found.entries
    .filter(({ path }) => path !== "")
    // A folder's own size is the file system's business.
    .map((entry) => (entry.type === "regular" ? entry : { ...entry, size: 0 }));
  const fault = faultOfTree(coming.source, inside, coming.maxBytes);
  return fault === undefined ? succeed({ ...found, look: lookOf(walk, found.entries) }) : refuse(fault);
}

/** One call for the file system instead of one for each of thousands of files. */
async function syncTree(machine: Machine, path: string): Promise<void> {
  const argv = ["sync", "-f", "--", machine.hostPath(path)];
  const { code } = await machine.run(argv, { timeoutMs: SYNC_TIMEOUT_MS });
  if (code !== 0) throw new FileError("EIO", "sync", path);
}

async function enter(machine: Machine, site: Site, digest: Digest): Promise<void> {
  const version = versionAt(site, digest);
  await removeIfThere(machine, version, goneName(version));
  machine.files.rename(contentIn(site), version);
  await machine.files.syncDirectory(site.folder);
  await removeAll(machine, site.workshop);
}

/** Of everything in it; where it was linked from another version, it has that owner already. */
export async function giveTo(machine: Machine, path: string, { uid, gid }: Permissions): Promise<void> {
  if (!machine.privileged || uid === undefined || gid === undefined) return;
  const argv = ["chown", "-R", "-h", "--", `${uid}:${gid}`, machine.hostPath(path)];
  const { code } = await machine.run(argv, { timeoutMs: OWNER_TIMEOUT_MS });
  if (code !== 0) throw new FileError("EPERM", "set the owner of", path);
}

/** Links that we made or removed moved the ctime of a version that is otherwise as it was. */
export async function knowAgain(machine: Machine, path: string, where: string, digest: Digest): Promise<void> {
  const manifest = await loadManifest(machine.store, path, digest);
  if (manifest.size === 0 || machine.files.stat(where)?.type !== "directory") return;
  const walk = await walkBelow(machine, where);
  const entries = entriesOf(walk, where);
  const known = restamped(manifest, entries);
  const isAsItWas = (await lookAtTree(machine, where, { manifest: known, walk })).digest === digest;
  await saveManifest(machine.store.files, path, digest, known, isAsItWas ? lookOf(walk, entries) : undefined);
}

function movedOn({ source, site }: Coming): Problem {
  return {
    code: "data-moved-on",
    where: { file: site.path },
    what: `${source} has something else now than a moment ago`,
    hint: "the next run takes what it has then",
  };
}
