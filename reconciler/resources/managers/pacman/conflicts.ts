// Packages that come and what is installed in; what of it cannot stay beside them out.
import type { MachineReader } from "../../../machine/machine.ts";
import { vercmp } from "./call.ts";
import { parseRequirement, type Relations } from "./parse.ts";

/** Names of installed packages that would have to go. pacman itself finds them only in the midst of a real transaction. */
export async function rivalsOf(
  machine: MachineReader,
  coming: readonly Relations[],
  installed: readonly Relations[],
): Promise<readonly string[]> {
  const replaced = new Set(coming.map(({ name }) => name));
  const rivals: string[] = [];
  for (const old of installed.filter(({ name }) => !replaced.has(name))) {
    for (const one of coming) {
      if (!(await forbids(machine, one, old)) && !(await forbids(machine, old, one))) continue;
      rivals.push(old.name);
      break;
    }
  }
  return rivals;
}

/** The first two of them that cannot stay beside each other; a real transaction would say so, a printed one does not. */
export async function clashAmong(
  machine: MachineReader,
  coming: readonly Relations[],
): Promise<readonly [string, string] | undefined> {
  for (const one of coming) {
    for (const other of coming)
      if (one !== other && (await forbids(machine, one, other))) return [one.name, other.name];
  }
  return undefined;
}

async function forbids(machine: MachineReader, one: Relations, other: Relations): Promise<boolean> {
  for (const word of one.conflicts) {
    const { name, operator, version } = parseRequirement(word);
    const versions = [
      ...(other.name === name ? [other.version] : []),
      ...other.provides.map(parseRequirement).flatMap((each) => (each.name === name ? [each.version] : [])),
    ];
    for (const there of versions) {
      if (operator === undefined || version === undefined) return true;
      if (there !== undefined && suits(await vercmp(machine, there, version), operator)) return true;
    }
  }
  return false;
}

function suits(order: number, operator: string): boolean {
  if (order === 0) return operator.includes("=");
  return operator.startsWith(order < 0 ? "<" : ">");
}
