// Actions in; exactly these made from archives that are at hand, or none and the reason why. No network is needed.
import { succeed, refuse, type Problem, type Result } from "../../../../common/problem.ts";
import type { CommandResult, Machine } from "../../../machine/machine.ts";
import { tellingLater } from "../../file/telling.ts";
import type { ManagerOptions, PackageAction } from "../manager.ts";
import { cachedArchive, isArchiveOf } from "./cache.ts";
import { AS_TARGETS, askPacman, markAsNeeded, printPacman, runPacman } from "./call.ts";
import { complaints, managerLocked, noTime } from "./complaints.ts";
import { returnConffiles } from "./conffiles.ts";
import { rivalsOf } from "./conflicts.ts";
import { readInstalled, type Versions } from "./installed.ts";
import { lockHolderOf } from "./lock.ts";
import { clearUnfinished, isDone, noteUnfinished } from "./note.ts";
import { parseRelations, parseTargets } from "./parse.ts";
import { badActions } from "./words.ts";

/** Answers "Remove it?" with yes, when something new cannot stand beside something old; asked only for what goes anyway. */
const REPLACING = ["--ask", "4"];

export async function performActions(
  machine: Machine,
  actions: readonly PackageAction[],
  archives: readonly string[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const bad = badActions(actions);
  if (bad.length > 0 || actions.length === 0) return bad;
  if (options.signal.aborted) return [noTime()];
  const holder = await lockHolderOf(machine);
  if (holder !== undefined) return [managerLocked(holder)];
  const moved = await movedSince(machine, actions);
  if (moved.length > 0) return moved;
  const files = await filesFor(machine, actions, archives);
  if (!files.ok) return files.problems;
  const surprises = await rehearse(machine, actions, files.value);
  if (surprises.length > 0) return surprises;
  return tellingLater(() => make(machine, actions, files.value, archives.length > 0, options));
}

async function movedSince(machine: Machine, actions: readonly PackageAction[]): Promise<readonly Problem[]> {
  const versions = await readInstalled(machine);
  if (!versions.ok) return versions.problems;
  const moved = actions.filter(({ name, from }) => versions.value.get(name) !== from);
  return moved.map(({ name }) => surprise(`${name} is not at the version that was planned from`));
}

/** One archive for each package that comes: those given first, then pacman's own. */
async function filesFor(
  machine: Machine,
  actions: readonly PackageAction[],
  archives: readonly string[],
): Promise<Result<readonly string[]>> {
  const files: string[] = [];
  for (const { name, to } of actions) {
    if (to === undefined) continue;
    const given = archives.find((path) => isArchiveOf(path.slice(path.lastIndexOf("/") + 1), name, to));
    const file = given ?? (await cachedArchive(machine, name, to));
    if (file === undefined) return refuse(notFetched(name, to));
    files.push(file);
  }
  return succeed(files);
}

/** Whether pacman would do just this. */
async function rehearse(
  machine: Machine,
  actions: readonly PackageAction[],
  files: readonly string[],
): Promise<readonly Problem[]> {
  const going = actions.flatMap(({ name, to }) => (to === undefined ? [name] : []));
  // What goes after something new has come may still be needed now.
  const result =
    files.length > 0
      ? await printPacman(machine, "-U", ...AS_TARGETS, "--", ...files)
      : await printPacman(machine, "-R", ...AS_TARGETS, "--", ...going);
  if (result.code !== 0) return complaints(result);
  const would = new Set(parseTargets(result.stdout).map(({ name }) => name));
  const wanted = files.length > 0 ? actions.filter(({ to }) => to !== undefined).map(({ name }) => name) : going;
  const extra = [...would].filter((name) => !wanted.includes(name));
  const rivals = await rivalsHere(machine, files);
  const unexpected = rivals.filter((name) => !going.includes(name));
  return [
    ...extra.map((name) => surprise(`${name} would be touched as well`)),
    ...unexpected.map((name) => surprise(`${name} would have to go as well`)),
  ];
}

async function rivalsHere(machine: Machine, files: readonly string[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const [coming, there] = [await askPacman(machine, "-Qip", "--", ...files), await askPacman(machine, "-Qi")];
  return rivalsOf(machine, parseRelations(coming.stdout), parseRelations(there.stdout));
}

async function make(
  machine: Machine,
  actions: readonly PackageAction[],
  files: readonly string[],
  isWayBack: boolean,
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  await noteUnfinished(machine.store, { actions, archives: files });
  const result = await bothHalves(machine, actions, files, options);
  const versions = await readInstalled(machine);
  if (!versions.ok) return versions.problems;
  await returnConffiles(machine, actions, isWayBack);
  // One that was killed may have left things half done: the note stays, and tells of it.
  if (result.code !== undefined && !isTorn(actions, versions.value)) await clearUnfinished(machine.store);
  const isMade = actions.every((action) => isDone(action, versions.value));
  return isMade && result.code !== undefined ? [] : complaints(result);
}

async function bothHalves(
  machine: Machine,
  actions: readonly PackageAction[],
  files: readonly string[],
  options: ManagerOptions,
): Promise<CommandResult> {
  const going = actions.filter(({ to }) => to === undefined);
  const made =
    files.length === 0 ? undefined : await runPacman(machine, options, "-U", ...replacing(going), "--", ...files);
  if (made !== undefined && made.code !== 0) return made;
  // What comes as a file counts as wished for; without this, nobody would find what is not needed any more.
  const along = actions.filter(({ to, pulledIn }) => to !== undefined && pulledIn === true).map(({ name }) => name);
  if (along.length > 0) await markAsNeeded(machine, along);
  const versions = await readInstalled(machine);
  const left = going.filter(({ name }) => versions.ok && versions.value.has(name)).map(({ name }) => name);
  if (left.length > 0 || made === undefined) return runPacman(machine, options, "-R", "--", ...left);
  return made;
}

function replacing(going: readonly PackageAction[]): readonly string[] {
  return going.length === 0 ? [] : REPLACING;
}

/** Some of it done, and some not: pacman gave up in the middle. */
function isTorn(actions: readonly PackageAction[], versions: Versions): boolean {
  return actions.some(({ name, from, to }) => ![from, to].includes(versions.get(name)));
}

function notFetched(name: string, version: string): Problem {
  return {
    code: "not-fetched",
    where: { key: name },
    what: `the archive of ${name} ${version} is not at hand`,
    hint: "the next run fetches it again",
  };
}

function surprise(what: string): Problem {
  return { code: "surprise", what, hint: "nothing was changed; the next run plans anew" };
}
