// Wishes in, the transaction that apk would make out; and exactly that one made, or none.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions, PackageAction, PackageWish } from "../manager.ts";
import { askApk, INSTALLED, runApk, textOf } from "./call.ts";
import { complaints } from "./complaints.ts";
import { parseActions, parseInstalled } from "./parse.ts";
import { badActions, badWishes } from "./words.ts";

export async function simulate(
  machine: MachineReader,
  wishes: readonly PackageWish[],
): Promise<Result<readonly PackageAction[]>> {
  const bad = badWishes(wishes);
  if (bad.length > 0) return refuse(...bad);
  const targets = wishes.flatMap((wish) => (wish.type === "absent" ? [] : [targetOf(wish)]));
  const there = new Set(parseInstalled(await textOf(machine, INSTALLED)).map(({ name }) => name));
  const going = wishes.flatMap((wish) => (wish.type === "absent" && there.has(wish.name) ? [wish.name] : []));
  return rehearse(machine, targets, going);
}

function targetOf({ name, version, minimum }: Extract<PackageWish, { type: "installed" }>): string {
  if (version !== undefined) return `${name}=${version}`;
  return minimum === undefined ? name : `${name}>=${minimum}`;
}

async function rehearse(
  machine: MachineReader,
  targets: readonly string[],
  going: readonly string[],
): Promise<Result<readonly PackageAction[]>> {
  const actions = new Map<string, PackageAction>();
  for (const words of halves(targets, going, "--rdepends")) {
    const result = await askApk(machine, words[0] ?? "", "--simulate", ...words.slice(1));
    if (result.code !== 0) return refuse(...complaints(result));
    for (const action of parseActions(result.stdout.toString())) actions.set(action.name, action);
  }
  const kept = going.filter((name) => actions.get(name)?.to !== undefined || !actions.has(name));
  return kept.length === 0 ? succeed([...actions.values()]) : refuse(...kept.map(stillNeeded));
}

function halves(targets: readonly string[], going: readonly string[], ...more: readonly string[]): string[][] {
  return [
    ...(targets.length === 0 ? [] : [["add", "--", ...targets]]),
    ...(going.length === 0 ? [] : [["del", ...more, "--", ...going]]),
  ];
}

export async function perform(
  machine: Machine,
  actions: readonly PackageAction[],
  archives: readonly string[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const bad = badActions(actions);
  if (bad.length > 0 || actions.length === 0) return bad;
  const targets = actions.flatMap(({ name, to }) =>
    to === undefined ? [] : [archiveOf(archives, name, to) ?? `${name}=${to}`],
  );
  const going = actions.flatMap(({ name, to }) => (to === undefined ? [name] : []));
  const would = await rehearse(machine, targets, going);
  if (!would.ok) return would.problems;
  const extra = would.value.filter(({ name }) => !actions.some((action) => action.name === name));
  if (extra.length > 0) return extra.map(({ name }) => surprise(name));
  let last: CommandResult | undefined;
  for (const words of halves(targets, going)) {
    last = await runApk(machine, options, ...words);
    if (last.code !== 0) return complaints(last);
  }
  return (await isMade(machine, actions)) || last === undefined ? [] : complaints(last);
}

/** `hello-1.0-r0.apk`, or with a part of its digest before the end as in the cache. */
function archiveOf(archives: readonly string[], name: string, version: string): string | undefined {
  return archives.find((path) => {
    const file = path.slice(path.lastIndexOf("/") + 1);
    return file.startsWith(`${name}-${version}.`) && file.endsWith(".apk");
  });
}

async function isMade(machine: Machine, actions: readonly PackageAction[]): Promise<boolean> {
  const versions = new Map(
    parseInstalled(await textOf(machine, INSTALLED)).map(({ name, version }) => [name, version]),
  );
  return actions.every(({ name, to }) => versions.get(name) === to);
}

function stillNeeded(name: string): Problem {
  return {
    code: "broken-dependencies",
    where: { key: name },
    what: `${name} is needed by others, so apk would keep it`,
    hint: `look by whom: apk info -r ${name}`,
  };
}

function surprise(name: string): Problem {
  return {
    code: "surprise",
    what: `${name} would be touched as well`,
    hint: "nothing was changed; the next run plans anew",
  };
}
