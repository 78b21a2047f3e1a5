// Wishes in; the whole transaction that would fulfil them out, and nothing done.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import type { PackageAction, PackageWish } from "../manager.ts";
import { AS_TARGETS, askPacman, printPacman, vercmp } from "./call.ts";
import { clash, complaints } from "./complaints.ts";
import { clashAmong, rivalsOf } from "./conflicts.ts";
import { ignoredPatterns, isIgnored } from "./hold.ts";
import { readInstalled, type Versions } from "./installed.ts";
import { parseRelations, parseTargets, type Offered, type Relations } from "./parse.ts";
import { badWishes } from "./words.ts";

export async function simulateWishes(
  machine: MachineReader,
  wishes: readonly PackageWish[],
): Promise<Result<readonly PackageAction[]>> {
  const bad = badWishes(wishes);
  if (bad.length > 0) return refuse(...bad);
  const [versions, ignored] = [await readInstalled(machine), await ignoredPatterns(machine)];
  if (!versions.ok) return versions;
  if (!ignored.ok) return ignored;
  const open = await unfulfilled(machine, wishes, versions.value);
  const held = open.filter(({ name }) => versions.value.has(name) && isIgnored(name, ignored.value));
  if (held.length > 0) return refuse(...held.map(({ name }) => heldBack(name)));
  const coming = await comingFor(machine, open);
  if (!coming.ok) return coming;
  const going = await goingFor(machine, open, coming.value);
  return going.ok ? actionsOf(wishes, coming.value, going.value, versions.value) : going;
}

async function unfulfilled(
  machine: MachineReader,
  wishes: readonly PackageWish[],
  versions: Versions,
): Promise<readonly PackageWish[]> {
  const open: PackageWish[] = [];
  for (const wish of wishes) {
    const there = versions.get(wish.name);
    if (wish.type === "absent" ? there !== undefined : !(await suits(machine, wish, there))) open.push(wish);
  }
  return open;
}

async function suits(
  machine: MachineReader,
  { version, minimum }: Extract<PackageWish, { type: "installed" }>,
  there: string | undefined,
): Promise<boolean> {
  if (there === undefined || (version !== undefined && there !== version)) return false;
  return minimum === undefined || (await vercmp(machine, there, minimum)) >= 0;
}

async function comingFor(machine: MachineReader, open: readonly PackageWish[]): Promise<Result<readonly Offered[]>> {
  const targets = open.flatMap((wish) => (wish.type === "absent" ? [] : [targetOf(wish)]));
  if (targets.length === 0) return succeed([]);
  const result = await printPacman(machine, "-S", ...AS_TARGETS, "--", ...targets);
  if (result.code !== 0) return refuse(...complaints(result));
  const offered = parseTargets(result.stdout);
  // What only provides the name is not what was asked for.
  const missed = open.filter((wish) => wish.type !== "absent" && !offered.some(({ name }) => name === wish.name));
  return missed.length === 0 ? succeed(offered) : refuse(...missed.map(({ name }) => notItself(name)));
}

/** pacman's own way of asking for a version. */
function targetOf({ name, version, minimum }: Extract<PackageWish, { type: "installed" }>): string {
  if (version !== undefined) return `${name}=${version}`;
  return minimum === undefined ? name : `${name}>=${minimum}`;
}

/** What is not wanted, what needs that, and what cannot stay beside what comes. */
async function goingFor(
  machine: MachineReader,
  open: readonly PackageWish[],
  coming: readonly Offered[],
): Promise<Result<readonly string[]>> {
  const unwanted = open.flatMap((wish) => (wish.type === "absent" ? [wish.name] : []));
  const going = new Set<string>();
  if (unwanted.length > 0) {
    const result = await printPacman(machine, "-R", "--cascade", ...AS_TARGETS, "--", ...unwanted);
    if (result.code !== 0) return refuse(...complaints(result));
    for (const { name } of parseTargets(result.stdout)) going.add(name);
  }
  const offered = coming.length === 0 ? [] : await relationsOf(machine, coming);
  const clashing = await clashAmong(machine, offered);
  if (clashing !== undefined) return refuse(clash(...clashing));
  const there = offered.length === 0 ? [] : parseRelations((await askPacman(machine, "-Qi")).stdout);
  for (const name of await rivalsOf(machine, offered, there)) going.add(name);
  const both = coming.filter(({ name }) => going.has(name));
  return both.length === 0 ? succeed([...going]) : refuse(...both.map(({ name }) => clash(name, unwanted.join(", "))));
}

async function relationsOf(machine: MachineReader, coming: readonly Offered[]): Promise<readonly Relations[]> {
  const names = coming.map(({ repository, name }) => `${repository}/${name}`);
  return parseRelations((await askPacman(machine, "-Si", "--", ...names)).stdout);
}

function actionsOf(
  wishes: readonly PackageWish[],
  coming: readonly Offered[],
  going: readonly string[],
  versions: Versions,
): Result<readonly PackageAction[]> {
  const made = coming.map(({ name, version }) => {
    const from = versions.get(name);
    const pulledIn = from === undefined && !wishes.some((wish) => wish.name === name);
    return { name, to: version, ...(from === undefined ? {} : { from }), ...(pulledIn && { pulledIn }) };
  });
  const removed = going.map((name) => ({ name, from: versions.get(name) ?? "" }));
  return succeed([...made.filter((action) => action.from !== action.to), ...removed]);
}

function heldBack(name: string): Problem {
  return {
    code: "held-back",
    where: { key: name },
    what: `this server is told to leave ${name} at its version (IgnorePkg)`,
    hint: "take the hold out of the desired state, or the line out of /etc/pacman.conf",
  };
}

function notItself(name: string): Problem {
  return {
    code: "unknown-package",
    where: { key: name },
    what: `${name} is only a name that other packages provide`,
    hint: `name the package itself: pacman -Si ${name}`,
  };
}
