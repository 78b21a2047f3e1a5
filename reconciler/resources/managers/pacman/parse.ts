// What pacman answered in, plain values out.
import type { Upgrade } from "../manager.ts";

export interface Offered {
  readonly repository: string;
  readonly name: string;
  readonly version: string;
}

/** What decides whether two packages may be installed together. */
export interface Relations {
  readonly name: string;
  readonly version: string;
  readonly provides: readonly string[];
  readonly conflicts: readonly string[];
}

/** Lines such as `hello 1.0-1`. */
export function parseVersions(stdout: Buffer): ReadonlyMap<string, string> {
  const lines = [...stdout.toString().matchAll(/^(\S+) (\S+)$/gmu)];
  return new Map(lines.map(([, name = "", version = ""]) => [name, version]));
}

/** Lines such as `solo 1.0-1 -> 2.0-1`; what is held is no offer. */
export function parseUpgrades(stdout: Buffer): readonly Upgrade[] {
  const lines = [...stdout.toString().matchAll(/^(\S+) (\S+) -> (\S+)$/gmu)];
  return lines.map(([, name = "", from = "", to = ""]) => ({ name, from, to }));
}

/** Lines such as `extra hello 1.0-1`; `local` for what is installed, and for an archive. */
export function parseTargets(stdout: Buffer): readonly Offered[] {
  const lines = [...stdout.toString().matchAll(/^(\S+) (\S+) (\S+)$/gmu)];
  return lines
    .filter(([line]) => !line.startsWith(":: "))
    .map(([, repository = "", name = "", version = ""]) => ({ repository, name, version }));
}

/** Blocks of `Name            : hello`. */
export function parseRelations(stdout: Buffer): readonly Relations[] {
  return stdout
    .toString()
    .split(/\n\n+/u)
    .map(
      (block) =>
        new Map([...block.matchAll(/^(\S[^:]*?) *: (.*)$/gmu)].map(([, key = "", value = ""]) => [key, value])),
    )
    .filter((fields) => fields.has("Name"))
    .map((fields) => ({
      name: fields.get("Name") ?? "",
      version: fields.get("Version") ?? "",
      provides: wordsOf(fields.get("Provides")),
      conflicts: wordsOf(fields.get("Conflicts With")),
    }));
}

function wordsOf(value = "None"): readonly string[] {
  return value === "None" ? [] : value.split(/ +/u).filter((word) => word !== "");
}

/** `libhello>=1.0` */
export interface Requirement {
  readonly name: string;
  readonly operator?: string;
  readonly version?: string;
}

export function parseRequirement(word: string): Requirement {
  const [, name = word, operator, version] = /^([^<>=]+)(?:(<=|>=|=|<|>)(.+))?$/u.exec(word) ?? [];
  return operator === undefined || version === undefined ? { name } : { name, operator, version };
}
