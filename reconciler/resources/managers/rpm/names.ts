// Names and versions of packages: which may reach an argument list, and how a package of another architecture is called.
import type { Problem } from "../../../../common/problem.ts";
import type { PackageAction, PackageWish } from "../manager.ts";

const NAME = /^[A-Za-z0-9][A-Za-z0-9+._-]*$/u;
const VERSION = /^[A-Za-z0-9][A-Za-z0-9:.+_~^-]*$/u;
const LONGEST = 200;
const ARCHES = [
  "x86_64",
  "i686",
  "i586",
  "i486",
  "i386",
  "aarch64",
  "armv7hl",
  "ppc64le",
  "s390x",
  "riscv64",
  "noarch",
];
/** What rpm calls the architectures that Node names otherwise. */
const NATIVE: Readonly<Record<string, readonly string[]>> = {
  x64: ["x86_64"],
  arm64: ["aarch64"],
  ia32: ["i686", "i586", "i486", "i386"],
  arm: ["armv7hl"],
  ppc64: ["ppc64le"],
};

/** `hello`, or `glibc.i686` for a package of an architecture that is not this machine's own. */
export function keyOf(name: string, arch: string): string {
  const own = NATIVE[process.arch] ?? [process.arch];
  return arch === "noarch" || arch === "(none)" || own.includes(arch) ? name : `${name}.${arch}`;
}

/** The same, said so that no package of another architecture is meant. */
export function ownKey(key: string): string {
  const [own = process.arch] = NATIVE[process.arch] ?? [];
  return `${key}.${own}`;
}

export function splitKey(key: string): { readonly name: string; readonly arch?: string } {
  const dot = key.lastIndexOf(".");
  const arch = key.slice(dot + 1);
  return dot > 0 && ARCHES.includes(arch) ? { name: key.slice(0, dot), arch } : { name: key };
}

/** `hello-1.0-1`, `glibc-2.38-1.i686`: how rpm and dnf take one version of a package. */
export function versionedName(key: string, version: string): string {
  const { name, arch } = splitKey(key);
  return `${name}-${version}${arch === undefined ? "" : `.${arch}`}`;
}

/** The usual name of an archive; the epoch is never part of it. */
export function archiveName(name: string, version: string, arch: string): string {
  return `${name}-${version.replace(/^[0-9]+:/u, "")}.${arch}.rpm`;
}

export function isName(text: string): boolean {
  return NAME.test(text) && text.length <= LONGEST;
}

function isVersionText(text: string): boolean {
  return VERSION.test(text) && text.length <= LONGEST;
}

export function badNames(names: readonly string[]): readonly Problem[] {
  return names.filter((name) => !isName(name)).map((name) => bad("name", name));
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
    .filter((version) => !isVersionText(version))
    .map((version) => bad("version", version));
}

function bad(what: "name" | "version", text: string): Problem {
  return {
    code: `package-${what}`,
    what: `${JSON.stringify(text.slice(0, LONGEST))} cannot be the ${what} of a package`,
    hint: `write letters, digits and ${what === "name" ? ". + _ -" : ". + _ ~ ^ : -"}, beginning with a letter or digit`,
  };
}
