// Rules for accounts, once everything that speaks for a host is merged.
import { nearest } from "../../../common/nearest.ts";
import type { Problem } from "../../../common/problem.ts";
import type { AccountWish, GroupWish, UserWish } from "../../model/desired.ts";
import type { Wishes } from "../wishes/wishes.ts";

export function idsAreOnce({ accounts: { users, groups } }: Pick<Wishes, "accounts">): Problem[] {
  return [...doubled("user", users), ...doubled("group", groups)];
}

function doubled(noun: string, accounts: ReadonlyMap<string, AccountWish>): Problem[] {
  const first = new Map<number, string>();
  return [...accounts.values()].flatMap(({ name, id, where }) => {
    if (id === undefined) return [];
    const other = first.get(id);
    if (other === undefined) first.set(id, name);
    if (other === undefined) return [];
    const what = `the ${noun} ${name} has the number ${id}, and so has ${other}`;
    return [{ code: "doubled-id", where, what, hint: "write another number from 100 to 999, or none" }];
  });
}

/**
 * The primary group has to be written, so that it is there when the user is made. A further one may be the
 * distribution's, of which nothing is known here; only a slip of the pen is told.
 */
export function groupsAreKnown({ accounts: { users, groups } }: Pick<Wishes, "accounts">): Problem[] {
  return [...users.values()].flatMap((user) => [
    ...(groups.has(user.group) ? [] : [unknownGroup(user, user.group, groups)]),
    ...user.groups
      .filter((group) => !groups.has(group) && nearest(group, groups.keys()) !== undefined)
      .map((group) => unknownGroup(user, group, groups)),
  ]);
}

function unknownGroup({ name, where }: UserWish, group: string, groups: ReadonlyMap<string, GroupWish>): Problem {
  const near = nearest(group, groups.keys());
  const meant = near === undefined ? "" : `did you mean ${near}? Otherwise `;
  const what = `the user ${name} is to be in the group ${group}, which is not among the groups of accounts`;
  return { code: "unknown-group", where, what, hint: `${meant}write it there: groups: {${group}: {}}` };
}
