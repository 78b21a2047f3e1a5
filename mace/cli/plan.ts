// `mace plan`: what apply would change, as sentences and diffs. Touches nothing.
import { serviceOf } from "../apply/activate.ts";
import { compare, type Change, type Comparison, type Departure } from "../apply/compare.ts";
import { openDestination } from "../apply/destination.ts";
import { digestOf } from "../apply/memory.ts";
import { type Result, succeed } from "../../common/problem.ts";
import { make } from "../make.ts";
import type { Rendering } from "../model.ts";
import { difference } from "./difference.ts";
import { coloursFor, oneLine, type Output, paintDiff, printJson, printNotices } from "./print.ts";
import type { Options, Settings } from "./settings.ts";

export async function plan(settings: Settings, options: Options, output: Output): Promise<Result<void>> {
  const made = make(settings.input, settings.providers);
  if (!made.ok) return made;
  const destination = openDestination(settings.dst ?? "/");
  if (!destination.ok) return destination;
  const comparison = compare(made.value, destination.value);
  if (!comparison.ok) return comparison;
  if (options.json === true) printJson(output, "mace-plan", true, planAsJson(settings, made.value, comparison.value));
  else printPlan(output, made.value, comparison.value);
  return succeed(undefined);
}

function planAsJson(settings: Settings, rendering: Rendering, comparison: Comparison): object {
  const unchanged = comparison.unchanged.map((file) => ({
    path: file.path,
    service: file.service,
    action: "unchanged",
  }));
  return {
    destination: settings.dst ?? "/",
    family: settings.family,
    changes: [...comparison.changes.map(changeAsJson), ...comparison.departures.map(departureAsJson)],
    unchanged,
    notices: [...rendering.notices, ...comparison.notices],
  };
}

export function changeAsJson({ file, action, before, byHand }: Change): object {
  return {
    path: file.path,
    service: file.service,
    action,
    mode: octal(file.mode),
    sha256: digestOf(file.bytes),
    changedByHand: byHand,
    diff: action === "permissions" ? "" : difference(file.path, before.bytes, file.bytes),
  };
}

export function departureAsJson({ path, part, why }: Departure): object {
  return { path, service: part === undefined ? null : serviceOf(part), action: "remove", why };
}

function printPlan(output: Output, rendering: Rendering, comparison: Comparison): void {
  printNotices(output, [...rendering.notices, ...comparison.notices]);
  for (const change of comparison.changes) {
    output.out(`${coloursFor(output).bold(describeChange(change))}\n`);
    if (change.action === "permissions") continue;
    output.out(paintDiff(output, difference(change.file.path, change.before.bytes, change.file.bytes)));
  }
  for (const departure of comparison.departures) {
    output.out(`${coloursFor(output).bold(describeDeparture(departure))}\n`);
  }
  output.out(countChanges(comparison));
}

export function describeChange({ file, action, before }: Change): string {
  const path = oneLine(file.path);
  return action === "permissions"
    ? `permissions ${path}: ${octal(before.mode)} to ${octal(file.mode)}`
    : `${action} ${path}`;
}

export function describeDeparture({ path, part, why }: Departure): string {
  const reason = why === "in-the-way" ? `${part ?? ""} does not bear it` : "its sources are gone";
  return `remove ${oneLine(path)}: ${oneLine(reason)}`;
}

/** `2 to change, 3 unchanged`, or only `unchanged: 5 files`. */
function countChanges({ changes, departures, unchanged }: Comparison): string {
  const count = changes.length + departures.length;
  if (count === 0) return `unchanged: ${unchanged.length === 1 ? "1 file" : `${unchanged.length} files`}\n`;
  return `${count} to change, ${unchanged.length} unchanged\n`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
