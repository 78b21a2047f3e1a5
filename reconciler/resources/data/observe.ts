// What lies at the paths of data; a tree of which nothing moved costs one walk, and nothing of it is read.
import { describeFileError } from "../../machine/file-problem.ts";
import { FileError, type MachineReader, type Stat } from "../../machine/machine.ts";
import { ABSENT } from "../../model/absent.ts";
import type { Data } from "../../model/data-state.ts";
import { nameOf, type ResourceId } from "../../model/state.ts";
import type { Memory, Remembered, Seen, Stamp, Target } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Looked, Trouble } from "../kind.ts";
import { knownLook } from "./known-look.ts";
import { lookAtTree } from "./look.ts";
import { fitting, loadManifest, type Manifest } from "./manifest.ts";
import { realPath } from "./real-folder.ts";
import { entriesOf, fingerprintOf, newestCtime, walkBelow, type Walk, type WalkedEntry } from "./walk.ts";

/** Trees walked at the same time. */
const WALKED_AT_ONCE = 4;

export async function observeData(
  machine: MachineReader,
  ids: readonly ResourceId[],
  target: Target,
  memory: Memory,
): Promise<Looked> {
  const found = new Map<ResourceId, Seen>();
  const troubles: Trouble[] = [];
  const waiting = ids.values();
  const worker = async (): Promise<void> => {
    for (const id of waiting) {
      const seen = await lookOrTell(machine, nameOf(id), target.wanted.get(id)?.state, memory.get(id));
      if ("code" in seen) troubles.push({ id, problem: seen });
      else found.set(id, seen);
      if (isUnknown(target, id)) troubles.push({ id, problem: neverCame(nameOf(id)) });
    }
  };
  await Promise.all(Array.from({ length: Math.min(WALKED_AT_ONCE, ids.length) }, worker));
  return { seen: found, problems: [], troubles };
}

/** Its source has not said yet which content it has. */
function isUnknown(target: Target, id: ResourceId): boolean {
  const state = target.wanted.get(id)?.state;
  return state?.type === "data" && state.digest === "";
}

export function neverCame(path: string): Problem {
  return {
    code: "data-unavailable",
    where: { file: path },
    what: "its source has not answered yet, so nobody knows what should lie here",
    hint: "the notice about its source says why; what is here stays, and every run tries again",
  };
}

async function lookOrTell(
  machine: MachineReader,
  path: string,
  wanted: Remembered["state"] | undefined,
  memory: Remembered | undefined,
): Promise<Seen | Problem> {
  try {
    const stat = machine.files.stat(path);
    if (stat === undefined) return { state: ABSENT };
    if (stat.type === "regular") return await lookAtFile(machine, path, stat, memory);
    if (stat.type === "directory") return await lookAtFolder(machine, path, stat, wanted, memory);
    return obstacle(path, stat.type);
  } catch (error) {
    if (error instanceof FileError) return describeFileError(error);
    throw error;
  }
}

function obstacle(path: string, type: string): Problem {
  return {
    code: "data-obstacle",
    where: { file: path },
    what: `a ${type === "symlink" ? "symlink" : "device, socket or pipe"} stands where data should lie`,
    hint: "move it away, or write the path that it leads to",
  };
}

async function lookAtFile(
  machine: MachineReader,
  path: string,
  { stamp, size, mode, uid, gid }: Stat,
  memory: Remembered | undefined,
): Promise<Seen> {
  const remembered = rememberedData(memory, "file");
  const known = memory?.stamp !== undefined && sameStamp(memory.stamp, stamp) ? remembered?.digest : undefined;
  const digest = known ?? (await machine.files.digest(path));
  return { state: { type: "data", shape: "file", digest, size, mode, uid, gid }, stamp };
}

async function lookAtFolder(
  machine: MachineReader,
  path: string,
  { mode, uid, gid }: Stat,
  wanted: Remembered["state"] | undefined,
  memory: Remembered | undefined,
): Promise<Seen> {
  const where = realPath(machine.files, path);
  const walk = await walkBelow(machine, where);
  const remembered = rememberedData(memory, "tree");
  if (remembered !== undefined && isOfStamp(walk, memory?.stamp)) {
    return { state: { ...remembered, mode, uid, gid }, ...(memory?.stamp && { stamp: memory.stamp }) };
  }
  const known = await knownContent(machine, path, walk, [wanted, remembered]);
  if (known !== undefined) {
    const { digest, size, newest } = known;
    return { state: { type: "data", shape: "tree", digest, size, mode, uid, gid }, stamp: stampOf(walk, newest) };
  }
  const entries = entriesOf(walk, where);
  const manifest = await manifestOf(machine, path, entries, [wanted, remembered]);
  const { digest, size } = await lookAtTree(machine, where, { manifest, walk });
  const stamp = stampOf(walk, newestCtime(entries));
  return { state: { type: "data", shape: "tree", digest, size, mode, uid, gid }, stamp };
}

/** Most often it is what was put there, and looks as it did then. */
async function knownContent(
  { store }: MachineReader,
  path: string,
  walk: Walk,
  states: readonly (Remembered["state"] | undefined)[],
): Promise<(Pick<Data, "digest" | "size"> & { readonly newest: number }) | undefined> {
  for (const state of states) {
    if (state?.type !== "data" || state.shape !== "tree" || state.digest === "") continue;
    const known = await knownLook(store, path, state.digest, walk);
    if (known !== undefined) return { digest: state.digest, size: state.size, newest: known.newest };
  }
  return undefined;
}

function rememberedData(memory: Remembered | undefined, shape: Data["shape"]): Data | undefined {
  return memory?.state.type === "data" && memory.state.shape === shape ? memory.state : undefined;
}

/** What lies there may be what is wanted, what was put there last, or some of each. */
async function manifestOf(
  machine: MachineReader,
  path: string,
  entries: readonly WalkedEntry[],
  states: readonly (Remembered["state"] | undefined)[],
): Promise<Manifest> {
  const manifests: Manifest[] = [];
  const digests = new Set(states.map((state) => (state?.type === "data" ? state.digest : "")));
  for (const digest of digests) if (digest !== "") manifests.push(await loadManifest(machine.store, path, digest));
  return fitting(manifests, entries);
}

/**
 * Of a whole tree: in place of one inode a number that stands for the stamps of all, in place of its size that of the
 * walk, and the newest times in it.
 */
function stampOf(walk: Walk, newest: number): Stamp {
  return { ino: fingerprintOf(walk), size: walk.length, mtimeMs: newest * 1000, ctimeMs: newest * 1000 };
}

function isOfStamp(walk: Walk, stamp: Stamp | undefined): boolean {
  return stamp?.size === walk.length && stamp.ino === fingerprintOf(walk);
}

function sameStamp(one: Stamp, other: Stamp): boolean {
  return (
    one.ino === other.ino && one.size === other.size && one.mtimeMs === other.mtimeMs && one.ctimeMs === other.ctimeMs
  );
}
