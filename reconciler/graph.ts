// What the fleet wants of this server in; every resource that needs another or is needed, in the order of making, out.
import { aim } from "./aim.ts";
import type { Ground } from "./ground.ts";
import { ABSENT } from "./model/absent.ts";
import type { Change } from "./model/plan.ts";
import type { Revision } from "./model/revision.ts";
import { kindOf, type ResourceId } from "./model/state.ts";
import type { Target } from "./model/target.ts";
import { arrange } from "./plan/arrange.ts";
import { needsOf } from "./plan/graph.ts";
import { revisionHere } from "./revision-here.ts";
import type { Mirror } from "./source/mirror.ts";
import { succeed, type Result } from "../common/problem.ts";

export interface Graph {
  readonly revision: Revision;
  readonly resources: readonly GraphResource[];
}

export interface GraphResource {
  readonly id: ResourceId;
  readonly needs: readonly ResourceId[];
}

export async function graphOf(ground: Ground, mirror: Mirror): Promise<Result<Graph>> {
  const revision = await revisionHere(ground, mirror);
  if (!revision.ok) return revision;
  const aimed = await aim(ground, mirror, revision.value);
  return aimed.ok ? succeed({ revision: revision.value, resources: resourcesOf(aimed.value.target) }) : aimed;
}

/** Thousands of files that need nothing and that nothing needs would hide the rest. */
function resourcesOf(target: Target): readonly GraphResource[] {
  const needed = new Set(Array.from(target.wanted.keys(), (id) => needsOf(id, target)).flat());
  const told = [...target.wanted.keys()].filter(
    (id) => kindOf(id) !== "file" || needed.has(id) || needsOf(id, target).length > 0,
  );
  const made = told.map((id): Change => {
    const after = target.wanted.get(id)?.state ?? ABSENT;
    return { id, before: ABSENT, after, why: "new", standing: "pending" };
  });
  return arrange(made, target).map(({ id }) => ({ id, needs: needsOf(id, target) }));
}
