// Wishes in a few words in; a Target with its bytes out, as rendering would make it.
import { createHash } from "node:crypto";
import type { HealthCheck } from "../../reconciler/model/health.ts";
import { policyOf } from "../../reconciler/model/policy.ts";
import type { FileState, Permissions } from "../../reconciler/model/file-state.ts";
import { fileId, nameOf, type ResourceId } from "../../reconciler/model/state.ts";
import type { Brake, Contents, Policy, Target, Wanted } from "../../reconciler/model/target.ts";

/** A text alone is a file with mode 0644; everything belongs to root unless it says otherwise. */
export type Wish =
  | string
  | ({ readonly content: string } & Permissions)
  | ({ readonly link: string } & Permissions)
  | ({ readonly directory: true } & Permissions)
  | { readonly absent: true };

export interface WishOptions {
  readonly health?: readonly HealthCheck[];
  readonly policies?: ReadonlyMap<string, Policy>;
  readonly brake?: Brake;
}

export interface Wished {
  readonly target: Target;
  readonly contents: Contents;
}

const NO_BRAKE: Brake = { maxRemovals: 1_000_000, maxShare: 1 };

export function wish(wishes: Readonly<Record<string, Wish>>, options: WishOptions = {}): Wished {
  const { health = [], policies = new Map<string, Policy>(), brake = NO_BRAKE } = options;
  const contents = new Map<string, Buffer>();
  const wanted = new Map<ResourceId, Wanted>();
  const add = (path: string, state: FileState, implied?: true): void => {
    wanted.set(fileId(path), { state, policy: policyOf(path, policies), ...(implied && { implied }) });
  };
  for (const [path, words] of Object.entries(wishes)) {
    const { state, bytes } = stateOf(words);
    if (bytes !== undefined && state.type === "regular") contents.set(state.digest, bytes);
    add(path, state);
  }
  for (const [path, { state }] of Array.from(wanted, ([id, each]) => [nameOf(id), each] as const)) {
    if (state.type === "absent") continue;
    for (const folder of foldersAbove(path)) if (!wanted.has(fileId(folder))) add(folder, { type: "directory" }, true);
  }
  return { target: { key: "desk", wanted, policies, health, brake }, contents };
}

/** What a wish is made of; the bytes only where it has some. */
export function stateOf(words: Wish): { readonly state: FileState; readonly bytes?: Buffer } {
  if (typeof words === "string") return stateOf({ content: words });
  if ("absent" in words) return { state: { type: "absent" } };
  const { mode, uid = 0, gid = 0 } = words;
  if ("link" in words) return { state: { type: "symlink", target: words.link, uid, gid } };
  if ("directory" in words) return { state: { type: "directory", mode: mode ?? 0o755, uid, gid } };
  const bytes = Buffer.from(words.content);
  const digest = createHash("sha256").update(bytes).digest("hex");
  return { state: { type: "regular", digest, size: bytes.length, mode: mode ?? 0o644, uid, gid }, bytes };
}

function foldersAbove(path: string): string[] {
  const folders: string[] = [];
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) folders.push(path.slice(0, end));
  return folders;
}
