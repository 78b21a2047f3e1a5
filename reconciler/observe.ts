// What the machine has, for everything that is wanted and everything that is remembered.
import type { MachineReader } from "./machine/machine.ts";
import type { Memory, Observed, Seen, Target } from "./model/target.ts";
import { policyOf } from "./model/policy.ts";
import { kindOf, nameOf, type ResourceId } from "./model/state.ts";
import type { Trouble } from "./resources/kind.ts";
import { everyKind } from "./resources/kinds.ts";
import type { Problem } from "../common/problem.ts";

export interface Observation {
  readonly observed: Observed;
  readonly problems: readonly Problem[];
  /** What only holds back what depends on it. */
  readonly troubles: readonly Trouble[];
  /** Wall clock when it began, Unix milliseconds. */
  readonly at: number;
}

export async function observe(machine: MachineReader, target: Target, memory: Memory): Promise<Observation> {
  const at = machine.clock.wallMs();
  const ids: ResourceId[] = [];
  for (const [id, { policy }] of target.wanted) if (policy !== "ignore") ids.push(id);
  for (const id of memory.keys()) {
    if (!target.wanted.has(id) && policyOf(nameOf(id), target.policies) !== "ignore") ids.push(id);
  }
  const observed = new Map<ResourceId, Seen>();
  const problems: Problem[] = [];
  const troubles: Trouble[] = [];
  for (const [kind, resource] of Object.entries(everyKind)) {
    const own = ids.filter((id) => kindOf(id) === kind);
    if (own.length === 0) continue;
    const looked = await resource.observe(machine, own, target, memory);
    for (const [id, seen] of looked.seen) observed.set(id, seen);
    problems.push(...looked.problems);
    troubles.push(...(looked.troubles ?? []));
  }
  return { observed, problems, troubles, at };
}
