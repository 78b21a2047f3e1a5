// Wishes in; as many of them as go together out, and for each of the others why not. One broken package holds back itself.
import type { Change } from "../../model/plan.ts";
import type { Problem, Result } from "../../../common/problem.ts";
import type { PackageAction, PackageWish } from "../managers/manager.ts";

export interface Wished {
  readonly change: Change;
  readonly wish: PackageWish;
}

export interface Refused {
  readonly wished: Wished;
  readonly problems: readonly Problem[];
}

export interface Sifted {
  readonly accepted: readonly Wished[];
  /** The transaction for what is accepted. */
  readonly actions: readonly PackageAction[];
  readonly refused: readonly Refused[];
}

export const NOTHING: Sifted = { accepted: [], actions: [], refused: [] };

/** What the manager would do for all of these, or why they cannot be had together. */
export type Trial = (wishes: readonly Wished[]) => Promise<Result<readonly PackageAction[]>>;

/** On top of what `base` has accepted. The suspects are left out first, and are then tried for themselves. */
export async function sift(trial: Trial, base: Sifted, candidates: readonly Wished[]): Promise<Sifted> {
  const { accepted, actions } = base;
  if (candidates.length === 0) return { accepted, actions, refused: [] };
  const tried = await trial([...accepted, ...candidates]);
  if (tried.ok) return { accepted: [...accepted, ...candidates], actions: tried.value, refused: [] };
  const [only, another] = candidates;
  if (only !== undefined && another === undefined)
    return { accepted, actions, refused: [{ wished: only, problems: tried.problems }] };
  const [likely, suspects] = divide(candidates, tried.problems);
  const first = await sift(trial, base, likely);
  const second = await sift(trial, first, suspects);
  return { ...second, refused: [...first.refused, ...second.refused] };
}

/** Those that the problems name, or else one half; never all or none of them. */
function divide(candidates: readonly Wished[], problems: readonly Problem[]): [readonly Wished[], readonly Wished[]] {
  const words = new Set(
    problems.flatMap(({ what }) => what.split(/[^\w.+~-]+/u)).map((word) => word.replace(/\.$/u, "")),
  );
  const suspects = candidates.filter(({ wish }) => words.has(wish.name));
  if (suspects.length > 0 && suspects.length < candidates.length)
    return [candidates.filter((wished) => !suspects.includes(wished)), suspects];
  const half = Math.ceil(candidates.length / 2);
  return [candidates.slice(0, half), candidates.slice(half)];
}
