// What apt-get prints of a simulated transaction in, its actions out.
import type { PackageAction } from "../manager.ts";

export interface Planned extends PackageAction {
  /** Where the new version comes from: `Debian-Security:12/stable-security`. */
  readonly origins: readonly string[];
}

// Inst hello [1.0] (2.0 Debian:12.5/stable, Debian-Security:12/stable-security [amd64]) []
const PUT = /^Inst (\S+)(?: \[(\S+)\])? \((\S+) (.*)\[[^\]]+\]\)/u;
// Remv hello [1.0]
const TAKEN = /^(?:Remv|Purg) (\S+) \[(\S+)\]/u;

export function parsePlanned(text: string): readonly Planned[] {
  const planned = new Map<string, Planned>();
  for (const line of text.split("\n")) {
    const action = parsePut(line) ?? parseTaken(line);
    // Taken away to be put in anew in another version is one action.
    if (action !== undefined) planned.set(action.name, { ...planned.get(action.name), ...action });
  }
  return [...planned.values()];
}

function parsePut(line: string): Planned | undefined {
  const [, name, from, to, origins] = PUT.exec(line) ?? [];
  if (name === undefined || to === undefined) return undefined;
  const places = (origins ?? "").split(", ").map((place) => place.trim());
  return { name, ...(from !== undefined && { from }), to, origins: places.filter((place) => place !== "") };
}

function parseTaken(line: string): Planned | undefined {
  const [, name, from] = TAKEN.exec(line) ?? [];
  return name === undefined || from === undefined ? undefined : { name, from, origins: [] };
}
