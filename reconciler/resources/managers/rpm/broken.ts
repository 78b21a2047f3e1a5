// rpm's database and our own note in; what a killed transaction left behind out.
import { refuse, succeed, type Result } from "../../../../common/problem.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import { queryRpm } from "./call.ts";
import { damageOf, ENTRY_FORMAT, parseEntries, type Entry } from "./database.ts";
import { unfinishedActions } from "./unfinished.ts";

const DATABASE = "the database of rpm";

/** What marks packages of which several versions may be installed side by side. */
const SIDE_BY_SIDE = [
  "installonlypkg(kernel)",
  "installonlypkg(kernel-module)",
  "installonlypkg(vm)",
  "multiversion(kernel)",
  "kernel",
];

export async function findBroken(machine: MachineReader): Promise<Result<readonly string[]>> {
  const result = await queryRpm(machine, "-qa", "--qf", ENTRY_FORMAT);
  const damage = damageOf(result, true);
  if (damage !== undefined) return result.ended === undefined ? succeed([DATABASE]) : refuse(damage);
  const doubled = await doubledEntries(machine, parseEntries(result.stdout.toString()));
  const unfinished = await unfinishedActions(machine.store);
  return succeed([...new Set([...doubled.flat().map(({ key }) => key), ...unfinished.map(({ name }) => name)])]);
}

/** Packages with several versions, of which only one should be: each with all its entries, the latest one last. */
export async function doubledEntries(
  machine: MachineReader,
  entries: readonly Entry[],
): Promise<readonly (readonly Entry[])[]> {
  const doubled = [...groupsOf(entries)].filter((group) => group.length > 1);
  if (doubled.length === 0) return [];
  const several = await readSideBySide(machine);
  return doubled
    .filter(([first]) => first !== undefined && !several.has(first.name))
    .map((group) => [...group].sort((one, other) => one.installedAt - other.installedAt));
}

function groupsOf(entries: readonly Entry[]): Iterable<readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) groups.set(entry.key, [...(groups.get(entry.key) ?? []), entry]);
  return groups.values();
}

async function readSideBySide(machine: MachineReader): Promise<ReadonlySet<string>> {
  const { stdout } = await queryRpm(machine, "-q", "--qf", ENTRY_FORMAT, "--whatprovides", "--", ...SIDE_BY_SIDE);
  return new Set(parseEntries(stdout.toString()).map(({ name }) => name));
}

/** Whether the files of a package are those it came with; its configuration may differ. */
export async function isWhole(machine: MachineReader, { name, version, arch }: Entry): Promise<boolean> {
  const { stdout } = await queryRpm(machine, "-V", "--nodeps", "--noscripts", "--", `${name}-${version}.${arch}`);
  return !stdout.toString().split("\n").some(isLoss);
}

/** Lines such as `missing     /usr/bin/hello` and `S.5....T.  c /etc/hello.conf`. */
export function isLoss(line: string): boolean {
  const [, kind = "", attribute = ""] = /^(missing|[.?A-Z0-9]{8,9}) +(?:([cdgnlra]) +)?\//u.exec(line) ?? [];
  const lost = kind === "missing" || kind[2] === "5";
  return lost && !["c", "g", "n"].includes(attribute);
}
