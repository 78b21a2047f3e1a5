// What apk wrote down or answered in, plain values out.
import type { PackageAction, Upgrade } from "../manager.ts";

export interface Entry {
  readonly name: string;
  readonly version: string;
  /** Whether its files or its scripts were left half done. */
  readonly broken: boolean;
  /** Absolute paths. */
  readonly files: readonly string[];
}

/** Blocks of lines such as `P:musl`, `V:1.2.4-r2`, `F:etc`, `R:motd`, `f:s`; a blank line ends each. */
export function parseInstalled(text: string): readonly Entry[] {
  return text
    .split(/\n\n+/u)
    .map((block) => block.split("\n").map((line) => [line.slice(0, 2), line.slice(2)] as const))
    .map((lines) => {
      const valueOf = (key: string): string => lines.find(([each]) => each === key)?.[1] ?? "";
      const broken = /[fsx]/u.test(valueOf("f:"));
      return { name: valueOf("P:"), version: valueOf("V:"), broken, files: filesIn(lines) };
    })
    .filter(({ name }) => name !== "");
}

function filesIn(lines: readonly (readonly [string, string])[]): readonly string[] {
  const files: string[] = [];
  let folder = "";
  for (const [key, value] of lines) {
    if (key === "F:") folder = value;
    if (key === "R:") files.push(`/${folder === "" ? "" : `${folder}/`}${value}`);
  }
  return files;
}

/** apk keeps edited files below /etc, and puts the maintainer's beside them. */
export function configurationIn({ files }: Entry): readonly string[] {
  return files.filter((path) => path.startsWith("/etc/"));
}

/** Names that are pinned to one version: `hello=1.0-r0`. */
export function pinsIn(world: string): ReadonlySet<string> {
  return new Set([...world.matchAll(/^([^\s!<>=~@]+)=\S+$/gmu)].map(([, name = ""]) => name));
}

/** Lines such as `busybox-1.36.1-r4                       < 1.36.1-r5`. */
export function parseUpgrades(text: string): readonly Upgrade[] {
  return [...text.matchAll(/^(\S+)-(\d[^\s-]*-r\d+)\s+< (\S+)/gmu)].map(([, name = "", from = "", to = ""]) => ({
    name,
    from,
    to,
  }));
}

/** Lines such as `(1/2) Installing hello (1.0-r0)` and `(2/2) Upgrading libhello (1.0-r0 -> 2.0-r0)`. */
export function parseActions(text: string): readonly PackageAction[] {
  const lines = text.matchAll(
    /^\(\d+\/\d+\) (Installing|Upgrading|Downgrading|Replacing|Purging) (\S+) \((\S+)(?: -> (\S+))?\)$/gmu,
  );
  return [...lines].map(([, verb, name = "", one = "", other]) => {
    if (verb === "Purging") return { name, from: one };
    return other === undefined ? { name, to: one } : { name, from: one, to: other };
  });
}
