// Account files at the moment of a change in, what forbids it then out: an earlier change of the same run may have put
// it right, so nobody can say so before.
import type { User } from "../../model/account-state.ts";
import type { Change } from "../../model/plan.ts";
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Database } from "./database.ts";
import { accountFor, FIRST_OF_PEOPLE, refusal, type Account } from "./refusal.ts";

/** The group of who has none, on Debian and most others. */
const NOGROUP = 65534;

export function lateRefusals(database: Database, { id, before, after }: Change): readonly Problem[] {
  const account = accountFor(database, id);
  if (after.type === "absent") return stillUsed(account);
  if (after.type !== "user") return [];
  const had = before.type === "user" ? [before.group, ...before.groups] : [];
  const groups = new Set([after.group, ...after.groups]);
  return [...groups].filter((group) => !had.includes(group)).flatMap((group) => mayJoin(account, after, group));
}

function stillUsed(account: Account): readonly Problem[] {
  const { kind, name, accounts } = account;
  if (kind === "user") return [];
  const user = [...accounts.users].find(([, state]) => state.type === "user" && state.group === name);
  if (user === undefined) return [];
  return refusal(
    account,
    "group-in-use",
    `is the first group of ${printable(user[0])}`,
    "give that user another group, or remove it as well",
  );
}

/** Root's group and those of people open doors that a service has no business at. */
function mayJoin(account: Account, user: User, group: string): readonly Problem[] {
  const state = account.accounts.groups.get(group);
  if (state?.type !== "group") {
    return refusal(
      account,
      "no-such-group",
      `wants the group ${printable(group)}, which is not there`,
      "let the fleet make that group as well",
    );
  }
  const isOfSystem = state.gid > 0 && state.gid < FIRST_OF_PEOPLE;
  if (isOfSystem || (state.gid === NOGROUP && group === user.group)) return [];
  return refusal(
    account,
    "not-a-system-account",
    `wants the group ${printable(group)}, which is not one of the system`,
    "take a group with a number from 1 to 999",
  );
}
