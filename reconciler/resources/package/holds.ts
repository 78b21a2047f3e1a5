// Changes that a hold of our own stands in the way of in; its release out. Every manager refuses to plan for a package that
// is held, so the rest of the change comes with the next run, when it is not any more.
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Draft } from "../kind.ts";
import { namesOf } from "./mend.ts";
import { heldOf, wishOf } from "./states.ts";

export interface Unheld {
  /** What nothing holds. */
  readonly asked: readonly Change[];
  readonly released: readonly Change[];
  readonly notices: readonly Problem[];
}

/** A hold that somebody else put there stays, and the manager says that it is in the way. */
export function releaseFirst(changes: readonly Change[], { target, memory }: Draft): Unheld {
  const isOurs = ({ id, why }: Change): boolean => {
    const state = why === "retired" ? memory.get(id)?.state : target.wanted.get(id)?.state;
    return state !== undefined && heldOf(state) !== undefined;
  };
  const inTheWay = changes.filter(
    (change) => heldOf(change.before) === true && wishOf(change) !== undefined && isOurs(change),
  );
  return {
    asked: changes.filter((change) => !inTheWay.includes(change)),
    released: inTheWay.map((change) => ({ ...change, after: { ...change.before, held: false } as Change["after"] })),
    notices: inTheWay.length === 0 ? [] : [releasedFirst(inTheWay.map(({ id }) => nameOf(id)))],
  };
}

/** Only a hold: the package stays what it is. */
export function atItsVersion(change: Change): Change {
  const { before, after } = change;
  return before.type === "installed" && after.type === "installed"
    ? { ...change, after: { ...before, ...after } }
    : change;
}

function releasedFirst(names: readonly string[]): Problem {
  return {
    code: "hold-released-first",
    what: `held at their version, and wanted otherwise: ${namesOf(names)}; this run releases them`,
    hint: "nothing has to be done: the next run brings them to what is wanted",
  };
}
