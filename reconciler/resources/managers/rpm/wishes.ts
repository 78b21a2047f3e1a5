// Wishes and what is installed in; those not fulfilled yet out, and what a transaction leaves of them.
import type { Problem } from "../../../../common/problem.ts";
import type { PackageAction, PackageWish } from "../manager.ts";
import { heldBack } from "./causes.ts";
import { installedOf, type Entry } from "./database.ts";
import { splitKey } from "./names.ts";
import { compareVersions } from "./version.ts";

type Wanted = Extract<PackageWish, { type: "installed" }>;

/** Versions there are, by key. */
export type Versions = ReadonlyMap<string, string>;

export function versionsOf(entries: readonly Entry[]): Versions {
  return new Map([...installedOf(entries, () => false)].map(([key, { version }]) => [key, version]));
}

export function isFulfilled(wish: PackageWish, version: string | undefined): boolean {
  if (wish.type === "absent") return version === undefined;
  return version !== undefined && suits(wish, version);
}

function suits({ version, minimum }: Wanted, there: string): boolean {
  return (
    (version === undefined || there === version) && (minimum === undefined || compareVersions(there, minimum) >= 0)
  );
}

export function versionsAfter(versions: Versions, actions: readonly PackageAction[]): Versions {
  const after = new Map(versions);
  for (const { name, from, to } of actions) {
    if (to !== undefined) after.set(name, to);
    else if (after.get(name) === from) after.delete(name);
  }
  return after;
}

/** Held packages that would change: what a wish asks for, or what a transaction would do on the way. */
export function heldAmong(
  names: readonly string[],
  versions: Versions,
  isHeld: (name: string) => boolean,
): readonly Problem[] {
  return names.filter((name) => versions.has(name) && isHeld(splitKey(name).name)).map(heldBack);
}

/** A wish that the manager has no way to fulfil, and what there is instead. */
export function notToBeHad(wish: PackageWish, offered: readonly string[]): Problem {
  const asked = wish.type === "absent" ? undefined : (wish.version ?? wish.minimum);
  if (asked === undefined || offered.length === 0) return unknownPackage(wish.name);
  return {
    code: "no-such-version",
    what: `no repository has ${wish.name} ${asked}${wish.type === "installed" && wish.version === undefined ? " or newer" : ""}`,
    hint: `write one of those there are: ${offered.join(", ")}`,
  };
}

function unknownPackage(name: string): Problem {
  return {
    code: "unknown-package",
    what: `no repository has a package called ${name}`,
    hint: "look at the spelling, and whether the repository that has it is among those of this server",
  };
}
