// What the changes of every kind will take in; whether all of it fits onto the file systems it falls on, out.
import type { MachineReader, Space } from "../machine/machine.ts";
import { telling } from "../resources/file/telling.ts";
import type { Need, ResourceKind, Step } from "../resources/kind.ts";
import type { Problem } from "../../common/problem.ts";

/** Left free together with the bytes of a margin, so that logs and logins go on working. */
const MARGIN_INODES = 64;

/** Of the whole run together: two kinds that fit one by one may not fit beside one another. */
export function roomFor(
  machine: MachineReader,
  kinds: readonly (readonly [Pick<ResourceKind, "needs">, readonly Step[]])[],
): readonly Problem[] {
  return telling(() => {
    const needs = kinds.flatMap(([kind, own]) => kind.needs(machine, own));
    return [...sharedOut(machine, needs)].flatMap(shortage);
  });
}

/** What the run writes down for itself: the journal holds its intent twice, and Memory is written anew beside the old one. */
export const runItself: Pick<ResourceKind, "needs"> = {
  needs: ({ store: { files } }, steps) => {
    const memory = Math.max(...["/memory.a", "/memory.b"].map((path) => files.stat(path)?.size ?? 0));
    const bytes = memory + steps.length * STEP_BYTES + NOTES_BYTES;
    return [{ path: "/", folder: "/", inStore: true, bytes, inodes: 8, marginBytes: 0 }];
  },
};

const STEP_BYTES = 2048;
const NOTES_BYTES = 64 * 1024;

/** What falls on one file system. */
interface Share {
  readonly space: Space;
  readonly path: string;
  bytes: number;
  inodes: number;
  marginBytes: number;
}

function sharedOut({ files, store }: MachineReader, needs: readonly Need[]): Iterable<Share> {
  const shares = new Map<number, Share>();
  for (const { path, folder, inStore = false, bytes, inodes, marginBytes } of needs) {
    const space = (inStore ? store.files : files).space(folder);
    const told = inStore ? store.hostPath(path) : path;
    const share = shares.get(space.device) ?? { space, path: told, bytes: 0, inodes: 0, marginBytes: 0 };
    share.bytes += bytes;
    share.inodes += inodes;
    share.marginBytes = Math.max(share.marginBytes, marginBytes);
    shares.set(space.device, share);
  }
  return shares.values();
}

function shortage({ space, path, bytes, inodes, marginBytes }: Share): Problem[] {
  const where = { file: path };
  const marginInodes = marginBytes > 0 ? MARGIN_INODES : 0;
  if (space.readOnly) return [readOnly(path)];
  if (space.bytes < bytes + marginBytes) {
    const what = `its file system has ${mebibytes(space.bytes)} free; this run needs ${mebibytes(bytes)} and leaves ${mebibytes(marginBytes)} in reserve`;
    return [{ code: "no-space", where, what, hint: "free some space; nothing was changed" }];
  }
  if (space.inodes < inodes + marginInodes) {
    const what = `its file system has ${space.inodes} inodes free; this run needs ${inodes} and leaves ${marginInodes} in reserve`;
    return [{ code: "no-inodes", where, what, hint: "remove small files that nobody needs; nothing was changed" }];
  }
  return [];
}

function readOnly(path: string): Problem {
  return {
    code: "read-only",
    where: { file: path },
    what: "lies on a file system that is mounted read-only",
    hint: "mount it read-write, or look why the kernel made it read-only (dmesg)",
  };
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
}
