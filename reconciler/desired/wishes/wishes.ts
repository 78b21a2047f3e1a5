// The files that speak for one host in, the farthest first; every wish that they make together out.
import type { Problem, Result, Where } from "../../../common/problem.ts";
import type { DesiredState, Placed } from "../../model/desired.ts";
import type { HealthCheck } from "../../model/health.ts";
import type { Updates } from "../../model/target.ts";
import type { Layer } from "../layer.ts";
import { mergeFiles, mergeHealth } from "../merge.ts";
import type { Merged } from "../merge-named.ts";
import {
  mergeCalendars,
  mergeData,
  mergeGroups,
  mergePackages,
  mergeServices,
  mergeUpdates,
  mergeUsers,
  mergeWindows,
} from "../merge-system.ts";
import type { WrittenCalendar, WrittenWindow } from "../written-system.ts";
import { toGroupWish, toUserWish, withOwnGroups } from "./account.ts";
import { toDataWish } from "./data.ts";
import { toFileWish } from "./file.ts";
import { toHealthCheck } from "./health-check.ts";
import { toPackageWish, toUpdates } from "./package.ts";
import { toServiceWish } from "./service.ts";

export interface Wishes extends Pick<DesiredState, "accounts" | "packages" | "files" | "data" | "services"> {
  readonly health: ReadonlyMap<string, HealthCheck>;
  readonly updates: Placed<Updates> | undefined;
  /** As written, because the rules have to point at them. */
  readonly windows: Merged<WrittenWindow>;
  readonly calendars: Merged<WrittenCalendar>;
}

/** A wish that contradicts itself becomes a problem, and the others are made all the same. */
export function wishesOf(layers: readonly Layer[], problems: Problem[]): Wishes {
  const updates = mergeUpdates(layers);
  return {
    accounts: accountsOf(layers, problems),
    packages: convert(mergePackages(layers), toPackageWish, problems),
    files: convert(mergeFiles(layers), toFileWish, problems),
    data: convert(mergeData(layers), toDataWish, problems),
    services: convert(mergeServices(layers), toServiceWish, problems),
    health: convert(mergeHealth(layers), toHealthCheck, problems),
    updates: updates && { ...updates, value: toUpdates(updates.value) },
    windows: mergeWindows(layers),
    calendars: mergeCalendars(layers),
  };
}

function accountsOf(layers: readonly Layer[], problems: Problem[]): Wishes["accounts"] {
  const users = convert(mergeUsers(layers), toUserWish, problems);
  const groups = convert(mergeGroups(layers), toGroupWish, problems);
  return { users, groups: withOwnGroups(groups, users) };
}

function convert<From, To>(
  merged: Merged<From>,
  one: (name: string, from: From, where: Where) => Result<To>,
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
