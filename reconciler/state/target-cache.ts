// The last Target, so that a tree that did not move needs no rendering. Only a shortcut: it may be deleted at any time.
import { FileError, type Files } from "../machine/machine.ts";
import type { HealthCheck } from "../model/health.ts";
import type { Brake, Policy, Target } from "../model/target.ts";
import { frame, unframe } from "./frame.ts";
import { wantedFromRows, wantedToRows } from "./rows.ts";
import { replaceFile } from "./slots.ts";

const CACHE = "/target.cache";
const LIMIT = 256 * 1024 * 1024;

/** A Target and what it was made from: git's id of the whole tree, and the digest of what this host reads of it. */
export interface CachedTarget {
  readonly tree: string;
  /** Digest of everything else that the Target depends on: program, templates, accounts, host. */
  readonly ground: string;
  readonly digest: string;
  readonly target: Target;
}

export async function loadTarget(state: Files): Promise<CachedTarget | undefined> {
  try {
    const [head, rows] = unframe(await state.read(CACHE, LIMIT)).values;
    const wanted = wantedFromRows(rows);
    if (wanted === undefined) return undefined;
    const { tree, ground, digest, key, policies, health, brake } = head as Head;
    return { tree, ground, digest, target: { key, wanted, policies: new Map(policies), health, brake } };
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

interface Head {
  readonly tree: string;
  readonly ground: string;
  readonly digest: string;
  readonly key: string;
  readonly policies: readonly (readonly [string, Policy])[];
  readonly health: readonly HealthCheck[];
  readonly brake: Brake;
}

export async function saveTarget(state: Files, cached: CachedTarget): Promise<void> {
  const { tree, ground, digest, target } = cached;
  const { key, policies, health, brake } = target;
  const head: Head = { tree, ground, digest, key, policies: [...(policies ?? [])], health, brake };
  await replaceFile(state, CACHE, Buffer.concat([frame(head), frame(wantedToRows(target.wanted))]));
}
