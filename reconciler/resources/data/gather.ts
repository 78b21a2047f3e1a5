// Changes of data in, the content that each will need beside its item out; what cannot be had holds back only itself.
import { describeFileError } from "../../machine/file-problem.ts";
import { FileError, type Machine } from "../../machine/machine.ts";
import type { Data } from "../../model/data-state.ts";
import { sameContent } from "../../model/satisfies.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import type { Supply, Target } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Timed, Trouble } from "../kind.ts";
import { bring, isAtHand, noteWaiting } from "./bring.ts";
import { neverCame } from "./observe.ts";
import { versionAt, siteOf, type Site } from "./site.ts";
import { loadItem } from "./item.ts";
import { sourceOf } from "./source.ts";
import { versionName } from "./names.ts";

export async function gatherData(
  machine: Machine,
  changes: readonly Change[],
  target: Target,
  { signal }: Timed,
): Promise<readonly Trouble[]> {
  const troubles: Trouble[] = [];
  for (const change of changes) {
    const supply = change.supply ?? target.wanted.get(change.id)?.supply;
    const problem = await gatherOne(machine, change, supply, signal);
    if (problem !== undefined) troubles.push({ id: change.id, problem });
  }
  return troubles;
}

async function gatherOne(
  machine: Machine,
  { id, before, after }: Change,
  supply: Supply | undefined,
  signal: AbortSignal,
): Promise<Problem | undefined> {
  if (after.type !== "data" || sameContent(before, after)) return undefined;
  const path = nameOf(id);
  if (after.digest === "") return neverCame(path);
  if (supply === undefined) return noSource(path);
  try {
    const site = siteOf(machine.files, path);
    if (!site.ok) return site.problems[0];
    await moveAlong(machine, site.value, supply, after);
    await noteWaiting(machine, site.value, supply);
    // That comes out of the repository when the run prepares.
    if (supply.source.type === "repository" || (await isAtHand(machine, site.value, after))) return undefined;
    const brought = await bring(machine, {
      path,
      shape: after.shape,
      owner: after,
      supply,
      expected: after.digest,
      signal,
    });
    return brought.ok ? undefined : brought.problems[0];
  } catch (error) {
    if (error instanceof FileError) return describeFileError(error);
    throw error;
  }
}

/** Its folder came to be since: what waited above waits beside it from now on. */
async function moveAlong(machine: Machine, site: Site, supply: Supply, { digest }: Data): Promise<void> {
  const { waitsIn } = await loadItem(machine.store, site.path, sourceOf(supply));
  if (waitsIn === undefined || waitsIn === site.folder) return;
  const [from, to] = [versionName(waitsIn, site.path, digest), versionAt(site, digest)];
  const { files } = machine;
  if (files.stat(from) !== undefined && files.stat(to) === undefined) files.rename(from, to);
}

function noSource(path: string): Problem {
  return {
    code: "data-no-source",
    where: { file: path },
    what: "is wanted, but nothing says where it comes from",
    hint: "write its source in the desired state",
  };
}
