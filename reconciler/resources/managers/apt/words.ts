// Names and versions from outside in, words that may stand in an argument list of apt-get or dpkg out.
import type { Problem } from "../../../../common/problem.ts";
import { printable } from "../../../../common/printable.ts";
import type { PackageAction, PackageWish } from "../manager.ts";

/** With its architecture where it is not the machine's own. apt-get reads a "-" at the end as "take away". */
const NAME = /^[a-z0-9][a-z0-9+.-]*[a-z0-9+.](:[a-z0-9][a-z0-9-]*)?$/u;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9.+~:-]*$/u;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

/** What is wrong with the names and versions of wishes or actions. */
export function unfit(words: readonly { readonly name: string; readonly versions: readonly string[] }[]): Problem[] {
  return words.flatMap(({ name, versions }) => [
    ...(NAME.test(name) ? [] : [unfitName(name)]),
    ...versions.filter((version) => !VERSION.test(version)).map((version) => unfitVersion(name, version)),
  ]);
}

export function unfitNames(names: readonly string[]): Problem[] {
  return unfit(names.map((name) => ({ name, versions: [] })));
}

export function unfitWishes(wishes: readonly PackageWish[]): Problem[] {
  return unfit(
    wishes.map((wish) => ({
      name: wish.name,
      versions: wish.type === "absent" ? [] : given(wish.version, wish.minimum),
    })),
  );
}

export function unfitActions(actions: readonly PackageAction[]): Problem[] {
  return unfit(actions.map(({ name, from, to }) => ({ name, versions: given(from, to) })));
}

function given(...words: readonly (string | undefined)[]): string[] {
  return words.filter((word) => word !== undefined);
}

function unfitName(name: string): Problem {
  return {
    code: "package-name",
    where: { key: name },
    what: `${printable(name)} cannot be the name of a Debian package`,
    hint: "write it as dpkg does: small letters, digits, and + - . in between",
  };
}

function unfitVersion(name: string, version: string): Problem {
  return {
    code: "package-version",
    where: { key: name },
    what: `${printable(version)} cannot be the version of a Debian package`,
    hint: `write one of those that this prints: apt-cache policy ${printable(name)}`,
  };
}
