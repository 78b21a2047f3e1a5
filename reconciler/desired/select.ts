// A Fleet and the name of a host in; the DesiredState of that host, or what does not fit together in it, out.
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";
import type { DesiredState } from "../model/desired.ts";
import type { Brake } from "../model/target.ts";
import type { Tree } from "../model/revision.ts";
import type { Layer } from "./layer.ts";
import { mergeBrake, mergeConfirm, mergeEnv, mergePolicy, mergeTemplates } from "./merge.ts";
import type { Merged } from "./merge-named.ts";
import { mergeIrreversible } from "./merge-system.ts";
import { hostsOf, parseHost, unknownHost } from "./parse.ts";
import type { Fleet } from "./parse.ts";
import { brokenHostRules } from "./rules/one-host.ts";
import { toCalendar, toWindow } from "./wishes/window.ts";
import { wishesOf } from "./wishes/wishes.ts";

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
  const wishes = wishesOf(layers, problems);
  problems.push(...brokenHostRules(wishes));
  if (problems.length > 0) return refuse(...problems);
  const { health, updates, windows, calendars, ...kept } = wishes;
  const times = { windows: mapValues(windows, toWindow), calendars: mapValues(calendars, toCalendar) };
  const own = updates === undefined ? {} : { updates: updates.value };
  return succeed({ host, groups, ...wordsOf(layers), ...kept, health: [...health.values()], ...own, ...times });
}

function wordsOf(layers: readonly Layer[]) {
  const templates = [...mergeTemplates(layers)].filter(([, { value }]) => value).map(([name]) => name);
  const policy = mapValues(mergePolicy(layers), (value) => value);
  const brake = toBrake(mergeBrake(layers));
  const marked = [...mergeConfirm(layers).keys()];
  const confirm = marked.length === 0 ? {} : { confirm: marked };
  return { templates, env: mergeEnv(layers), policy, brake, ...confirm, irreversible: mergeIrreversible(layers) };
}

function mapValues<From, To>(merged: Merged<From>, one: (value: From) => To): Map<string, To> {
  return new Map([...merged].map(([name, { value }]) => [name, one(value)]));
}

function toBrake({ max_removals: maxRemovals, max_share: maxShare }: ReturnType<typeof mergeBrake>): Brake {
  return { maxRemovals: maxRemovals ?? DEFAULT_BRAKE.maxRemovals, maxShare: maxShare ?? DEFAULT_BRAKE.maxShare };
}
