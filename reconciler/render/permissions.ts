// Owner, group and mode as they were written in; numbers for this server out.
import { idOf } from "../accounts.ts";
import type { FileWish } from "../model/desired.ts";
import type { Permissions } from "../model/file-state.ts";
import type { Work } from "./work.ts";

export interface Names {
  readonly owner?: string;
  readonly group?: string;
}

/** The wish wins over the service; root owns what nobody speaks of. */
export function permissionsFor(
  work: Work,
  service: Names & { readonly mode?: number },
  wish: Pick<FileWish, "owner" | "group" | "mode" | "where"> | undefined,
  path: string,
): Permissions {
  const mode = wish?.mode ?? service.mode;
  const [owner, group] = [wish?.owner ?? service.owner, wish?.group ?? service.group];
  if (owner !== undefined || group !== undefined) work.owners = true;
  const kept = mode === undefined ? {} : { mode };
  if (!work.input.privileged) return kept;
  const uid = resolve(work, owner, "user", wish, path);
  const gid = resolve(work, group, "group", wish, path);
  return { ...kept, uid, gid };
}

function resolve(
  work: Work,
  word: string | undefined,
  kind: "user" | "group",
  wish: Pick<FileWish, "owner" | "group" | "mode" | "where"> | undefined,
  path: string,
): number {
  if (word === undefined) return 0;
  const ids = kind === "user" ? work.input.accounts.users : work.input.accounts.groups;
  const id = idOf(word, ids);
  if (id !== undefined) return id;
  work.problems.push({
    code: `unknown-${kind}`,
    where: wish?.where ?? { file: path },
    what: `${path} is to belong to the ${kind} "${word}", which this server does not have`,
    hint: `declare it under accounts.${kind}s, or write another ${kind === "user" ? "owner" : "group"}`,
  });
  return 0;
}

/** Only those that somebody wrote. */
export function definedNames(owner: string | undefined, group: string | undefined): Names {
  return { ...(owner === undefined ? {} : { owner }), ...(group === undefined ? {} : { group }) };
}
