// Account files in, the states of users and groups out.
import { ABSENT } from "../../model/absent.ts";
import type { GroupState, UserState } from "../../model/account-state.ts";
import { kindOf, nameOf, type ResourceId } from "../../model/state.ts";
import { accountsIn, type Database } from "./database.ts";

export interface Accounts {
  readonly groups: ReadonlyMap<string, GroupState>;
  readonly users: ReadonlyMap<string, UserState>;
}

/** All of them, each line looked at once. Where a name stands twice, its first line counts, as for the system. */
export function accountsOf(database: Database): Accounts {
  const groups = new Map<string, GroupState>();
  const nameOfGid = new Map<string, string>();
  const groupsOfUser = new Map<string, string[]>();
  for (const [name = "", , gid = "", members = ""] of accountsIn(database.get("/etc/group"))) {
    if (groups.has(name) || !isId(gid)) continue;
    groups.set(name, { type: "group", gid: Number(gid) });
    if (!nameOfGid.has(gid)) nameOfGid.set(gid, name);
    for (const member of membersOf(members)) addTo(groupsOfUser, member, name);
  }
  const users = new Map<string, UserState>();
  for (const [name = "", , uid = "", gid = "", , home = "", shell = ""] of accountsIn(database.get("/etc/passwd"))) {
    if (users.has(name) || !isId(uid) || !isId(gid)) continue;
    const further = [...new Set(groupsOfUser.get(name))].sort();
    // A group without a name is told by its number, which no name can look like.
    users.set(name, { type: "user", uid: Number(uid), group: nameOfGid.get(gid) ?? gid, groups: further, home, shell });
  }
  return { groups, users };
}

export function stateIn({ groups, users }: Accounts, id: ResourceId): GroupState | UserState {
  return (kindOf(id) === "group" ? groups : users).get(nameOf(id)) ?? ABSENT;
}

export function membersOf(field: string): readonly string[] {
  return field === "" ? [] : field.split(",");
}

function isId(text: string): boolean {
  return /^\d{1,10}$/u.test(text);
}

function addTo(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
