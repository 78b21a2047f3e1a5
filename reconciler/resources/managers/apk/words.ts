// Names and versions from outside in, words that may stand in an argument list of apk out.
import type { Problem } from "../../../../common/problem.ts";
import { printable } from "../../../../common/printable.ts";
import type { PackageAction, PackageWish } from "../manager.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/u;
const VERSION = /^\d[A-Za-z0-9._~-]*$/u;

export function isVersion(text: string): boolean {
  return VERSION.test(text);
}

export function badNames(names: readonly string[]): readonly Problem[] {
  return names.filter((name) => !NAME.test(name)).map((name) => unfit("package-name", name));
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
    .filter((version) => version !== undefined && !isVersion(version))
    .map((version) => unfit("package-version", version ?? ""));
}

function unfit(code: string, text: string): Problem {
  return {
    code,
    what: `${printable(text)} cannot be the ${code === "package-name" ? "name" : "version"} of a package of Alpine`,
    hint: "write it as apk policy does: hello, 1.0-r0",
  };
}
