// Wishes in; the whole transaction that fulfils them out, or every reason why none does.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import type { PackageAction, PackageWish } from "../manager.ts";
import { brokenDependencies } from "./causes.ts";
import { readEntries, type Entry } from "./database.ts";
import type { Front, Job, Rehearsal } from "./front.ts";
import { badWishes, splitKey } from "./names.ts";
import { distinguished, wordsOf } from "./request.ts";
import { heldAmong, isFulfilled, notToBeHad, versionsAfter, versionsOf, type Versions } from "./wishes.ts";

export async function simulateWishes(
  front: Front,
  machine: MachineReader,
  wishes: readonly PackageWish[],
): Promise<Result<readonly PackageAction[]>> {
  const bad = badWishes(wishes);
  if (bad.length > 0) return refuse(...bad);
  const read = await readEntries(machine);
  if (!read.ok) return read;
  const versions = versionsOf(read.value);
  const open = wishes.filter((wish) => !isFulfilled(wish, versions.get(wish.name)));
  if (open.length === 0) return succeed([]);
  return ask(front, machine, open, read.value, versions);
}

async function ask(
  front: Front,
  machine: MachineReader,
  open: readonly PackageWish[],
  entries: readonly Entry[],
  versions: Versions,
): Promise<Result<readonly PackageAction[]>> {
  const isHeld = await front.holds(machine);
  const names = open.map(({ name }) => name);
  const held = heldAmong(names, versions, isHeld);
  if (held.length > 0) return refuse(...held);
  const jobs = distinguished(open.flatMap((wish) => jobsOf(wish, entries, versions)));
  const rehearsal = await front.rehearse(machine, { jobs, exact: false, entries });
  if (!rehearsal.ok) return rehearsal;
  const after = versionsAfter(versions, rehearsal.value.actions);
  const unfulfilled = open.filter((wish) => !isFulfilled(wish, after.get(wish.name)));
  if (unfulfilled.length > 0) {
    const inTheWay = heldAmong(namesIn(rehearsal.value.explanation, versions), versions, isHeld);
    return refuse(...(inTheWay.length > 0 ? inTheWay : await reasons(front, machine, unfulfilled, rehearsal.value)));
  }
  const alsoHeld = heldAmong(
    rehearsal.value.actions.map(({ name }) => name),
    versions,
    isHeld,
  );
  return alsoHeld.length > 0
    ? refuse(...alsoHeld)
    : succeed(rehearsal.value.actions.map((action) => asked(action, names)));
}

function asked(action: PackageAction, names: readonly string[]): PackageAction {
  return action.from === undefined && !names.includes(action.name) ? { ...action, pulledIn: true } : action;
}

function jobsOf(wish: PackageWish, entries: readonly Entry[], versions: Versions): readonly Job[] {
  const { name: key } = wish;
  if (wish.type === "absent") {
    const there = entries.filter((entry) => entry.key === key);
    return there.map(({ version, arch }) => ({ type: "remove", key, version, arch }));
  }
  const { version, minimum } = wish;
  const from = versions.get(key);
  return [
    {
      type: "install",
      key,
      ...(version === undefined ? {} : { version }),
      ...(minimum === undefined ? {} : { minimum }),
      ...(from === undefined ? {} : { from }),
    },
  ];
}

/** Installed packages that an explanation speaks of. */
function namesIn(explanation: string, versions: Versions): readonly string[] {
  return [...versions.keys()].filter((key) => explanation.includes(` ${splitKey(key).name}-`));
}

/** What no repository has is told by name; the rest is what the manager said about them together. */
async function reasons(
  front: Front,
  machine: MachineReader,
  unfulfilled: readonly PackageWish[],
  { actions, explanation }: Rehearsal,
): Promise<readonly Problem[]> {
  const names = unfulfilled.map(({ name }) => name);
  const offers = await front.offers(machine, names);
  const missing = unfulfilled.filter((wish) => isNowhere(wish, offers.get(wish.name) ?? []));
  const told = missing.map((wish) => notToBeHad(wish, offers.get(wish.name) ?? []));
  if (explanation === "" && told.length > 0) return told;
  return [...told, brokenDependencies(names, explanation || insteadOf(front, actions))];
}

function isNowhere(wish: PackageWish, offered: readonly string[]): boolean {
  return wish.type === "installed" && !offered.some((version) => isFulfilled(wish, version));
}

/** A package may have a new name, for example. */
function insteadOf({ name }: Front, actions: readonly PackageAction[]): string {
  if (actions.length === 0) return `${name} does not say why`;
  return `${name} would do this instead: ${wordsOf(actions).join(", ")}`;
}
