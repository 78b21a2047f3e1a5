// One account of the files, and a reason not to touch it.
import type { Group, User } from "../../model/account-state.ts";
import { kindOf, nameOf, type ResourceId, type State } from "../../model/state.ts";
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import type { AccountFile, Database } from "./database.ts";
import { accountsOf, type Accounts } from "./states.ts";

/** From here on the numbers are people's. */
export const FIRST_OF_PEOPLE = 1000;

export interface Account {
  readonly kind: "group" | "user";
  readonly name: string;
  readonly database: Database;
  readonly accounts: Accounts;
  /** Where it is, and where its password would be. */
  readonly main: AccountFile;
  readonly shadow: AccountFile;
}

export function accountFor(database: Database, id: ResourceId): Account {
  const account = { name: nameOf(id), database, accounts: accountsOf(database) };
  return kindOf(id) === "group"
    ? { ...account, kind: "group", main: "/etc/group", shadow: "/etc/gshadow" }
    : { ...account, kind: "user", main: "/etc/passwd", shadow: "/etc/shadow" };
}

export function refusal({ main, name }: Account, code: string, what: string, hint: string): readonly Problem[] {
  return [{ code, where: { file: main, key: printable(name) }, what, hint }];
}

export function isAccount(state: State): state is Group | User {
  return state.type === "group" || state.type === "user";
}

export function numberOf(state: Group | User): number {
  return state.type === "user" ? state.uid : state.gid;
}
