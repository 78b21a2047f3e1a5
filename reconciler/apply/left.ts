// The steps of a run that could not be walked back in full in; what of it stands in which state now, told, out.
import { describeFileError } from "../machine/file-problem.ts";
import { FileError, type MachineReader } from "../machine/machine.ts";
import { satisfies } from "../model/satisfies.ts";
import { titleOf, type ResourceId, type State } from "../model/state.ts";
import type { Memory, Target } from "../model/target.ts";
import type { Looked, ResourceKind, Step } from "../resources/kind.ts";
import type { Problem } from "../../common/problem.ts";
import { eachKind } from "./apply.ts";

/** One problem for each thing that is not as before, after one that counts them; none when all is. Only looks. */
export async function tellLeft(machine: MachineReader, steps: readonly Step[]): Promise<readonly Problem[]> {
  const left: Problem[] = [];
  for (const [kind, own] of eachKind(steps)) {
    const looked = await look(kind, machine, own);
    for (const step of own) left.push(...tellOne(step, looked));
  }
  return left.length === 0 ? [] : [incomplete(left.length, steps.length), ...left];
}

async function look(kind: ResourceKind, machine: MachineReader, steps: readonly Step[]): Promise<Looked> {
  const ids = steps.map(({ change }) => change.id);
  try {
    return await kind.observe(machine, ids, asWanted(steps), asRemembered(steps));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { seen: new Map<ResourceId, never>(), problems: [describeFileError(error)] };
  }
}

function tellOne({ change: { id, before, after } }: Step, { seen, troubles = [] }: Looked): readonly Problem[] {
  const state: State | undefined = seen.get(id)?.state;
  const where = { file: titleOf(id) };
  if (state === undefined) {
    const why = troubles.find((trouble) => trouble.id === id)?.problem.what;
    return [{ code: "left-unknown", where, what: `nobody knows how it stands${why === undefined ? "" : `: ${why}`}` }];
  }
  if (satisfies(state, before)) return [];
  if (satisfies(state, after)) return [{ code: "left-as-new", where, what: "is still as the new revision wants it" }];
  return [{ code: "left-in-between", where, what: "is neither as before nor as the new revision wants it" }];
}

function incomplete(left: number, steps: number): Problem {
  return {
    code: "rollback-incomplete",
    what: `${steps - left} of ${steps} things are as before, ${left} are not`,
    hint: "mend what stands in the way (told above); every run first tries to bring them back, and does nothing else until it can",
  };
}

/** As far as a look has to know what is looked for. */
function asWanted(steps: readonly Step[]): Target {
  const wanted = steps.map(({ change: { id, after: state, implied } }) => {
    return [id, { state, policy: "enforce", ...(implied === undefined ? {} : { implied }) }] as const;
  });
  return { key: "", wanted: new Map(wanted), health: [], brake: { maxRemovals: 0, maxShare: 0 } };
}

/** Without stamps, so that nothing is believed unread. */
function asRemembered(steps: readonly Step[]): Memory {
  return new Map(steps.map(({ change: { id, before: state } }) => [id, { state, origin: "adopted" }]));
}
