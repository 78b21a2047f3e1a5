// Actions in; exactly these made, in one transaction, or none and the reason why.
import type { Problem } from "../../../../common/problem.ts";
import type { CommandResult, Machine } from "../../../machine/machine.ts";
import type { ManagerOptions, PackageAction } from "../manager.ts";
import { brokenDependencies, causeOf, heldBack, locked, surprise } from "./causes.ts";
import { keepConffiles, noteConffiles } from "./conffiles.ts";
import { readEntries, type Entry } from "./database.ts";
import type { Front, Request } from "./front.ts";
import { lockHolderOf } from "./lock.ts";
import { badActions, splitKey } from "./names.ts";
import { foretell, requestOf, wordsOf } from "./request.ts";
import { clearUnfinished, noteUnfinished } from "./unfinished.ts";

export async function performActions(
  front: Front,
  machine: Machine,
  actions: readonly PackageAction[],
  archives: readonly string[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  if (actions.length === 0) return [];
  const bad = badActions(actions);
  if (bad.length > 0) return bad;
  const entries = await readEntries(machine);
  if (!entries.ok) return entries.problems;
  const request = requestOf(actions, archives, entries.value);
  const obstacles = await lookAhead(front, machine, actions, request);
  if (obstacles.length > 0) return obstacles;
  if (options.signal.aborted) return [noTime(front)];
  return go(front, machine, actions, request, options);
}

/** Everything that can be known beforehand. */
async function lookAhead(
  front: Front,
  machine: Machine,
  actions: readonly PackageAction[],
  request: Request,
): Promise<readonly Problem[]> {
  const moved = foretell(actions, request.entries);
  if (moved.length > 0) return moved.map(surprise);
  const holder = await lockHolderOf(machine, front.pidFiles);
  if (holder !== undefined) return [locked(front.name, holder)];
  const isHeld = await front.holds(machine);
  const held = actions.filter(({ name, from }) => from !== undefined && isHeld(splitKey(name).name));
  if (held.length > 0) return held.map(({ name }) => heldBack(name));
  const rehearsal = await front.rehearse(machine, request);
  if (!rehearsal.ok) return rehearsal.problems;
  const { actions: would, explanation } = rehearsal.value;
  const [wanted, found] = [wordsOf(actions), wordsOf(would)];
  if (wanted.join() === found.join()) return [];
  return [
    explanation === ""
      ? surprise(differenceOf(wanted, found))
      : brokenDependencies(
          actions.map(({ name }) => name),
          explanation,
        ),
  ];
}

function differenceOf(wanted: readonly string[], found: readonly string[]): string {
  const extra = found.filter((words) => !wanted.includes(words));
  const missing = wanted.filter((words) => !found.includes(words));
  return [
    ...(extra.length === 0 ? [] : [`it would also be: ${extra.join(", ")}`]),
    ...(missing.length === 0 ? [] : [`it would not be: ${missing.join(", ")}`]),
  ].join("; ");
}

async function go(
  front: Front,
  machine: Machine,
  actions: readonly PackageAction[],
  request: Request,
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const upgraded = actions.filter(({ from, to }) => from !== undefined && to !== undefined);
  const conffiles = await noteConffiles(
    machine,
    upgraded.map(({ name }) => name),
  );
  const noted = await noteUnfinished(machine, actions);
  if (noted.length > 0) return noted;
  const result = await front.make(machine, request, options);
  keepConffiles(machine, conffiles);
  // One that was killed may have left things half done: the note stays, and tells of it.
  const cleared = result.code === undefined ? [] : await clearUnfinished(machine);
  return [...(await outcomeOf(front, machine, actions, request.entries, result)), ...cleared];
}

/** Judged by what is there afterwards: managers have many ways of saying that something went wrong. */
async function outcomeOf(
  front: Front,
  machine: Machine,
  actions: readonly PackageAction[],
  before: readonly Entry[],
  result: CommandResult,
): Promise<readonly Problem[]> {
  const after = await readEntries(machine);
  if (!after.ok) return after.problems;
  const gone = new Set(actions.map(({ name, from }) => `${name} ${String(from)}`));
  const expected = new Set([
    ...before.map(({ key, version }) => `${key} ${version}`).filter((words) => !gone.has(words)),
    ...actions.flatMap(({ name, to }) => (to === undefined ? [] : [`${name} ${to}`])),
  ]);
  const there = new Set(after.value.map(({ key, version }) => `${key} ${version}`));
  const asPlanned = there.size === expected.size && [...expected].every((words) => there.has(words));
  return asPlanned && result.code !== undefined ? [] : [causeOf(front.name, result)];
}

export function noTime({ name }: Front): Problem {
  return {
    code: "manager-aborted",
    what: `the run has no time left to begin with ${name}`,
    hint: "nothing was changed; the next run goes on",
  };
}
