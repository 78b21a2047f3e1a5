// Account files and a change of one account in, what forbids it out, before anything of the run is done: only system
// accounts, never a person's, and never one that can log in with a password.
import type { Group, User } from "../../model/account-state.ts";
import type { Change } from "../../model/plan.ts";
import { kindOf, nameOf } from "../../model/state.ts";
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import { keyOf, lineOf, type Database } from "./database.ts";
import { hasPassword, looksLikePerson } from "./people.ts";
import { accountFor, isAccount, numberOf, refusal, type Account } from "./refusal.ts";

/** What useradd accepts everywhere. */
const NAME = /^[a-z_][a-z0-9_-]{0,30}$/u;
const PATH = /^\/[^:\p{Cc}]*$/u;

/** Every reason, the weightiest first. */
export function refusals(database: Database, { id, before, after }: Change): readonly Problem[] {
  const account = accountFor(database, id);
  if (!NAME.test(account.name)) return badName(account);
  return [
    ...writtenTwice(account),
    ...(isAccount(before) ? [...looksLikePerson(account, before), ...hasPassword(account)] : []),
    ...(isAccount(after) ? [...looksLikePerson(account, after), ...badPath(account, after)] : []),
    ...(isAccount(after) ? [...otherNumber(account, before, after), ...takenNumber(account, after)] : []),
  ];
}

function badName(account: Account): readonly Problem[] {
  const hint = "write up to 31 small letters, digits, - and _, a letter or _ first";
  return refusal(account, "account-name", "is no name for a system account", hint);
}

function badPath(account: Account, state: Group | User): readonly Problem[] {
  const paths = state.type === "user" ? [state.home ?? "/", state.shell ?? "/"] : [];
  if (paths.every((path) => PATH.test(path))) return [];
  const what = "has a home or a shell that is no absolute path";
  return refusal(account, "account-path", what, "write a path from / without a colon");
}

/** What would have to be guessed is left to a person. */
function writtenTwice(account: Account): readonly Problem[] {
  const { kind, name, database, accounts, main, shadow } = account;
  const known = (kind === "user" ? accounts.users : accounts.groups).has(name);
  const unclear =
    [main, shadow].find((file) => (database.get(file) ?? []).filter((line) => keyOf(line) === name).length > 1) ??
    (!known && lineOf(database, main, name) !== undefined ? main : undefined);
  if (unclear === undefined) return [];
  const hint = `put ${unclear} right by hand (pwck and grpck help)`;
  return refusal(account, "account-unclear", "has two lines, or one that cannot be read", hint);
}

/** Its files would belong to whoever gets the old number next. */
function otherNumber(account: Account, before: Change["before"], after: Group | User): readonly Problem[] {
  if (!isAccount(before) || numberOf(before) === numberOf(after)) return [];
  const has = numberOf(before);
  return refusal(
    account,
    "account-number",
    `has the number ${has} here, and the fleet wants ${numberOf(after)}: its files would belong to nobody`,
    `let the fleet take ${has}, or change the number and the owner of its files by hand`,
  );
}

function takenNumber(account: Account, after: Group | User): readonly Problem[] {
  const { kind, name, accounts } = account;
  for (const [other, state] of kind === "user" ? accounts.users : accounts.groups) {
    if (other === name || !isAccount(state) || numberOf(state) !== numberOf(after)) continue;
    const what = `would get the number ${numberOf(after)}, which belongs to ${printable(other)}`;
    return refusal(account, "account-number", what, "take a number that is free, or leave it out");
  }
  return [];
}

export function noFolder({ id }: Change): Problem {
  return {
    code: "no-etc",
    where: { file: kindOf(id) === "user" ? "/etc/passwd" : "/etc/group", key: printable(nameOf(id)) },
    what: "cannot be made, because this root has no /etc",
    hint: "make that folder first; the next run goes on by itself",
  };
}
