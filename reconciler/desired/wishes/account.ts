// Merged entries of `accounts:` in; UserWishes and GroupWishes, with the groups that users bring along, out.
import { succeed } from "../../../common/problem.ts";
import type { Result, Where } from "../../../common/problem.ts";
import type { GroupWish, UserWish } from "../../model/desired.ts";
import { present } from "../nullable.ts";
import type { WrittenGroup, WrittenUser } from "../written-system.ts";

export function toGroupWish(name: string, { id }: WrittenGroup, where: Where): Result<GroupWish> {
  return succeed({ name, where, ...present("id", id) });
}

export function toUserWish(name: string, written: WrittenUser, where: Where): Result<UserWish> {
  const { id, group, groups, home, shell } = written;
  const optional = { ...present("id", id), ...present("home", home), ...present("shell", shell) };
  return succeed({ name, where, group: group ?? name, groups: sortedOnce(groups), ...optional });
}

/** A user that names no group gets one of its own name. */
export function withOwnGroups(
  groups: ReadonlyMap<string, GroupWish>,
  users: ReadonlyMap<string, UserWish>,
): Map<string, GroupWish> {
  const own = [...users.values()].filter(({ name, group }) => group === name && !groups.has(group));
  const all = [...groups, ...own.map(({ name, where }): [string, GroupWish] => [name, { name, where }])];
  return new Map(all.sort(([one], [other]) => (one < other ? -1 : 1)));
}

function sortedOnce(names: readonly string[] | null | undefined): string[] {
  return [...new Set(names)].sort();
}
