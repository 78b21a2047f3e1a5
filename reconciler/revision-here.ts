// The revision that this server follows out; the one that git wants, when it follows none yet. Only looks.
import type { Ground } from "./ground.ts";
import type { Revision } from "./model/revision.ts";
import { trusted } from "./revisions.ts";
import type { Mirror } from "./source/mirror.ts";
import { loadLedger } from "./state/ledger.ts";
import { refuse, succeed, type Result } from "../common/problem.ts";

/** Problems: `no-revision`, or why the newest one is not trusted. */
export async function revisionHere({ config, state }: Ground, mirror: Mirror): Promise<Result<Revision>> {
  const { ledger } = await loadLedger(state);
  if (ledger.applied !== undefined) return succeed(ledger.applied);
  const remotes = config.remotes.map(({ name }) => name);
  const tip = await mirror.tip(remotes, config.branch);
  if (tip === undefined)
    return refuse({
      code: "no-revision",
      what: "no revision of the fleet is known here yet",
      hint: "run reconcile --now first",
    });
  const distrust = await trusted(config, mirror, tip);
  return distrust.length > 0 ? refuse(...distrust) : succeed(tip);
}
