// Wishes in, the whole transaction that fulfils them out, and nothing done.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import type { InstalledPackage, PackageAction, PackageWish } from "../manager.ts";
import { aptGet, look } from "./call.ts";
import { complaints } from "./complaints.ts";
import { parsePlanned, type Planned } from "./planned.ts";
import { clash, noSuchVersion, withoutCandidate } from "./problems.ts";
import { installed } from "./status.ts";
import { isAtLeast } from "./versions.ts";
import { unfitWishes } from "./words.ts";

type Versions = ReadonlyMap<string, Pick<InstalledPackage, "version">>;

export async function simulate(
  machine: MachineReader,
  wishes: readonly PackageWish[],
): Promise<Result<readonly PackageAction[]>> {
  const bad = unfitWishes(wishes);
  if (bad.length > 0) return refuse(...bad);
  const now = await installed(machine);
  if (!now.ok) return now;
  const open = await unfulfilled(machine, wishes, now.value);
  if (open.length === 0) return succeed([]);
  const fixed = wishes.filter((wish) => wish.type === "installed" && wish.version !== undefined);
  const planned = await planTransaction(machine, ["--allow-downgrades"], wordsOf(new Set([...fixed, ...open])));
  if (!planned.ok) return planned;
  const missed = await unfulfilled(machine, wishes, after(now.value, planned.value));
  if (missed.length > 0) return refuse(...missed.map((wish) => explain(wish, planned.value, now.value)));
  return succeed(planned.value.map((action) => asked(action, wishes)));
}

/** What apt-get would do with these words. */
export async function planTransaction(
  machine: MachineReader,
  flags: readonly string[],
  words: readonly string[],
): Promise<Result<readonly Planned[]>> {
  const answer = await look(machine, aptGet(machine, "--simulate", ...flags, "install", "--", ...words));
  if (answer.code !== 0) return refuse(...complaints(answer, "apt-get install"));
  return succeed(parsePlanned(answer.stdout.toString()));
}

async function unfulfilled(
  machine: MachineReader,
  wishes: readonly PackageWish[],
  versions: Versions,
): Promise<readonly PackageWish[]> {
  const open: PackageWish[] = [];
  for (const wish of wishes) if (!(await isFulfilled(machine, wish, versions.get(wish.name)?.version))) open.push(wish);
  return open;
}

async function isFulfilled(machine: MachineReader, wish: PackageWish, version: string | undefined): Promise<boolean> {
  if (wish.type === "absent") return version === undefined;
  if (version === undefined) return false;
  if (wish.version !== undefined) return version === wish.version;
  return wish.minimum === undefined || isAtLeast(machine, version, wish.minimum);
}

function wordsOf(wishes: Iterable<PackageWish>): readonly string[] {
  return [...wishes].map((wish) => {
    if (wish.type === "absent") return `${wish.name}-`;
    return wish.version === undefined ? wish.name : `${wish.name}=${wish.version}`;
  });
}

function after(now: Versions, planned: readonly Planned[]): Versions {
  const versions = new Map(now);
  for (const { name, to } of planned) {
    if (to === undefined) versions.delete(name);
    else versions.set(name, { version: to });
  }
  return versions;
}

function explain(wish: PackageWish, planned: readonly Planned[], now: Versions): Problem {
  const { name } = wish;
  if (wish.type === "absent") return clash(name, "is wanted away, and something else that is wanted needs it");
  const action = planned.find((one) => one.name === name);
  // apt-get knew the name, and took what provides it.
  if (action === undefined && !now.has(name)) return withoutCandidate(name);
  if (action !== undefined && action.to === undefined)
    return clash(name, "is wanted, and something else that is wanted takes it away");
  if (wish.minimum !== undefined) return noSuchVersion(name, `${wish.minimum} or newer`);
  return clash(name, `is wanted in version ${wish.version ?? ""}, and something else that is wanted needs another one`);
}

function asked({ name, from, to }: Planned, wishes: readonly PackageWish[]): PackageAction {
  const pulledIn = from === undefined && !wishes.some((wish) => wish.name === name);
  return {
    name,
    ...(from !== undefined && { from }),
    ...(to !== undefined && { to }),
    ...(pulledIn && { pulledIn }),
  };
}
