// Names and versions from outside in, words that may stand in an argument list of pacman out.
import type { Problem } from "../../../../common/problem.ts";
import { printable } from "../../../../common/printable.ts";
import type { PackageAction, PackageWish } from "../manager.ts";

const NAME = /^[a-z0-9@_+][a-z0-9@._+-]*$/u;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9:._+~-]*$/u;
const LONGEST = 200;

export function isName(text: string): boolean {
  return NAME.test(text) && text.length <= LONGEST;
}

export function badNames(names: readonly string[]): readonly Problem[] {
  return names.filter((name) => !isName(name)).map((name) => unfit("package-name", name, "name"));
}

export function badWishes(wishes: readonly PackageWish[]): readonly Problem[] {
  const versions = wishes.flatMap((wish) => (wish.type === "absent" ? [] : [wish.version, wish.minimum]));
  return [...badNames(wishes.map(({ name }) => name)), ...badVersions(versions)];
}

export function badActions(actions: readonly PackageAction[]): readonly Problem[] {
  return [...badNames(actions.map(({ name }) => name)), ...badVersions(actions.flatMap(({ from, to }) => [from, to]))];
}

function badVersions(versions: readonly (string | undefined)[]): readonly Problem[] {
  return versions
    .filter((version) => version !== undefined)
    .filter((version) => !VERSION.test(version) || version.length > LONGEST)
    .map((version) => unfit("package-version", version, "version"));
}

function unfit(code: string, text: string, what: string): Problem {
  return {
    code,
    what: `${printable(text.slice(0, LONGEST))} cannot be the ${what} of a package of pacman`,
    hint: what === "name" ? "write small letters, digits and @ . _ + -" : "write it as pacman -Si does: 1.0-1",
  };
}
