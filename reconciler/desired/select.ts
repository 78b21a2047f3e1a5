// A Fleet and the name of a host in; the DesiredState of that host, or what does not fit together in it, out.
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";
import type { DesiredState, FileWish } from "../model/desired.ts";
import type { Brake } from "../model/target.ts";
import type { Tree } from "../model/revision.ts";
import type { Layer } from "./layer.ts";
import { mergeBrake, mergeEnv, mergeFiles, mergeHealth, mergePolicy, mergeTemplates } from "./merge.ts";
import type { Merged } from "./merge.ts";
import { hostsOf, parseHost, unknownHost } from "./parse.ts";
import type { Fleet } from "./parse.ts";
import { toHealthCheck } from "./health-check.ts";
import { toFileWish } from "./file-wish.ts";
import { nothingBelowAFile } from "./rules-host.ts";

const DEFAULT_BRAKE: Brake = { maxRemovals: 50, maxShare: 0.25 };

/** Nearest word wins: the school over its groups, a later group over an earlier one, all of them over the fleet. */
export function select(fleet: Fleet, host: string): Result<DesiredState> {
  const school = fleet.schools.get(host);
  if (school === undefined) return refuse(unknownHost(host, hostsOf(fleet)));
  const groups = school.says.groups ?? [];
  const between = groups.flatMap((group) => fleet.groups.get(group) ?? []);
  return assemble(host, groups, [fleet.fleet, ...between, school]);
}

/** The line of a server: reads what speaks for one host, and selects. */
export function readHost(tree: Tree, host: string, hosts?: readonly string[]): Result<DesiredState> {
  const fleet = parseHost(tree, host, hosts);
  return fleet.ok ? select(fleet.value, host) : fleet;
}

function assemble(host: string, groups: readonly string[], layers: readonly Layer[]): Result<DesiredState> {
  const problems: Problem[] = [];
  const files = convert(mergeFiles(layers), toFileWish, problems);
  const health = convert(mergeHealth(layers), toHealthCheck, problems);
  problems.push(...nothingBelowAFile(files));
  if (problems.length > 0) return refuse(...problems);
  const templates = [...mergeTemplates(layers)].filter(([, { value }]) => value).map(([name]) => name);
  const policy = new Map([...mergePolicy(layers)].map(([path, { value }]) => [path, value]));
  const env = mergeEnv(layers);
  const brake = toBrake(mergeBrake(layers));
  return succeed({ host, groups, templates, env, files, policy, health: [...health.values()], brake });
}

function convert<From, To>(
  merged: Merged<From>,
  one: (name: string, from: From, where: FileWish["where"]) => Result<To>,
  problems: Problem[],
): Map<string, To> {
  const converted = new Map<string, To>();
  for (const [name, { value, where }] of merged) {
    const result = one(name, value, where);
    if (result.ok) converted.set(name, result.value);
    else problems.push(...result.problems);
  }
  return converted;
}

function toBrake({ max_removals: maxRemovals, max_share: maxShare }: ReturnType<typeof mergeBrake>): Brake {
  return { maxRemovals: maxRemovals ?? DEFAULT_BRAKE.maxRemovals, maxShare: maxShare ?? DEFAULT_BRAKE.maxShare };
}
