// An account in; why it is, or would be, somebody's own and none of the system out.
import type { Group, User } from "../../model/account-state.ts";
import { printable } from "../../../common/printable.ts";
import type { Problem } from "../../../common/problem.ts";
import { lineOf } from "./database.ts";
import { FIRST_OF_PEOPLE, numberOf, refusal, type Account } from "./refusal.ts";

const HOMES_OF_PEOPLE = /^(?:\/home|\/root)(?:\/|$)/u;

/** By its number (root's, too) and its home. */
export function looksLikePerson(account: Account, state: Group | User): readonly Problem[] {
  const number = numberOf(state);
  if (number <= 0 || number >= FIRST_OF_PEOPLE) {
    return refusal(
      account,
      "not-a-system-account",
      `has the number ${number}, which is not one of a system account`,
      "only accounts with numbers from 1 to 999 are kept; take another name or number",
    );
  }
  if (state.type !== "user" || state.home === undefined || !HOMES_OF_PEOPLE.test(state.home)) return [];
  return refusal(
    account,
    "not-a-system-account",
    `has its home in ${printable(state.home)}, where people live`,
    "give it a home below /var/lib, or none",
  );
}

/** A password is a person's, even when it is locked just now. */
export function hasPassword(account: Account): readonly Problem[] {
  const { kind, name, database, main, shadow } = account;
  const open = lineOf(database, main, name)?.split(":")[1] ?? "x";
  const field = open === "x" ? (lineOf(database, shadow, name)?.split(":")[1] ?? "*") : open;
  // An empty one lets everybody in; for a group it means that there is none.
  if (/^[!*]+$/u.test(field) || (kind === "group" && field === "")) return [];
  return refusal(
    account,
    "account-has-password",
    "has a password, so it belongs to a person",
    kind === "group" ? "take another name" : `take another name, or take its password away: usermod -p '*' ${name}`,
  );
}
