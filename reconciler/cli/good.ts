// The revisions that were good on this server in, the one to go back to out.
import type { Revision } from "../model/revision.ts";
import type { Mirror } from "../source/mirror.ts";
import type { Ledger } from "../state/ledger.ts";
import { refuse, succeed, type Result } from "../../common/problem.ts";

/** By full or abbreviated id. Problems: `not-good`, `ambiguous-revision`. */
export function findGood({ good }: Pick<Ledger, "good">, wanted: string): Result<Revision> {
  const named = /^[0-9a-f]{4,64}$/u.test(wanted) ? good.filter(({ commit }) => commit.startsWith(wanted)) : [];
  const [first] = named;
  if (first !== undefined && named.length === 1) return succeed(first);
  const code = first === undefined ? "not-good" : "ambiguous-revision";
  const what =
    first === undefined ? "this is not the id of a revision that was good here" : "several revisions begin so";
  return refuse({ code, what: `${wanted}: ${what}`, hint: listed(first === undefined ? good : named) });
}

/**
 * The newest of those from which the applied one grew; the order in which they were good does not tell, because going
 * back makes an old one good anew. Problems: `nothing-before`.
 */
export async function goodBefore(ledger: Ledger, mirror: Pick<Mirror, "isAncestor">): Promise<Result<Revision>> {
  const { applied, good } = ledger;
  let newest: Revision | undefined;
  for (const revision of applied === undefined ? [] : good) {
    const isOlder =
      revision.commit !== applied?.commit && (await mirror.isAncestor(revision.commit, applied?.commit ?? ""));
    if (isOlder && (newest === undefined || (await mirror.isAncestor(newest.commit, revision.commit))))
      newest = revision;
  }
  if (newest !== undefined) return succeed(newest);
  return refuse({
    code: "nothing-before",
    what: "no revision is known that was good here before the one that stands",
    hint: listed(good),
  });
}

function listed(good: readonly Revision[]): string {
  if (good.length === 0) return "no run has ended well here yet; undo in git instead: git revert, and push";
  return `good here:\n${good.map(({ commit, subject }) => `    ${commit.slice(0, 12)}  ${subject}`).join("\n")}`;
}
