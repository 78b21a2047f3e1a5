// A package database that was left half done in; put right with dpkg's and apt's own means out, and nothing taken away.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import { printable } from "../../../../common/printable.ts";
import type { CommandResult, Machine } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { broken } from "./broken.ts";
import { aptGet, dpkg, look, touch } from "./call.ts";
import { complaints, distinct } from "./complaints.ts";
import { prepareGround } from "./ground.ts";
import { parsePlanned } from "./planned.ts";
import { statuses } from "./status.ts";

export async function repair(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]> {
  const ground = await prepareGround(machine);
  if (ground.length > 0) return ground;
  const configured = await touch(machine, configure(machine), options, { toTheEnd: true });
  if (isLocked(configured)) return complaints(configured, "dpkg --configure -a");
  const tried: Tried[] = [[configured, "dpkg --configure -a"]];
  for (const words of [() => FIX, () => reinstall(machine)]) {
    const made = await unlessItTakesAway(machine, await words(), options);
    if (!made.ok) return made.problems;
    tried.push(...made.value);
  }
  return verdict(machine, tried);
}

/** An answer, and what was asked. */
type Tried = readonly [CommandResult, string];

const FIX = ["--fix-broken", "install"];

/** Packages of which only half is unpacked: apt fetches them to mend them, and then forgets to unless they are named. */
async function reinstall(machine: Machine): Promise<readonly string[]> {
  const known = await statuses(machine);
  const half = known.ok ? known.value.filter(({ wantsReinstall }) => wantsReinstall) : [];
  return half.length === 0
    ? []
    : ["--reinstall", "install", "--", ...half.map(({ name, version }) => `${name}=${version}`)];
}

async function unlessItTakesAway(
  machine: Machine,
  words: readonly string[],
  options: ManagerOptions,
): Promise<Result<readonly Tried[]>> {
  if (words.length === 0) return succeed([]);
  const answer = await look(machine, aptGet(machine, "--simulate", ...words));
  const taken = parsePlanned(answer.stdout.toString()).filter(({ to }) => to === undefined);
  if (taken.length > 0) return refuse(wouldRemove(taken.map(({ name }) => name)));
  const asked = `apt-get ${words.slice(0, 2).join(" ")}`;
  return succeed([[await touch(machine, aptGet(machine, ...words), options, { toTheEnd: true }), asked]]);
}

function configure(machine: Machine): readonly string[] {
  return dpkg(machine, "--force-confdef", "--force-confold", "--configure", "--pending");
}

function isLocked(answer: CommandResult): boolean {
  return answer.code !== 0 && complaints(answer, "dpkg").some(({ code }) => code === "manager-locked");
}

/** Goes by what is there now: what the first of them could not do, the next may have done. */
async function verdict(machine: Machine, answers: readonly Tried[]): Promise<readonly Problem[]> {
  const left = await broken(machine);
  if (!left.ok) return left.problems;
  if (left.value.length === 0) return [];
  const told = answers.filter(([{ code }]) => code !== 0).flatMap((answer) => complaints(...answer));
  return [stillBroken(left.value), ...distinct(told)];
}

function stillBroken(left: readonly string[]): Problem {
  return {
    code: "still-broken",
    what: `dpkg --configure -a and apt-get -f install could not put right: ${printable(left.join(", "))}`,
    hint: "look what dpkg --audit says; taking the package away or going back to its last version may help",
  };
}

function wouldRemove(names: readonly string[]): Problem {
  return {
    code: "repair-would-remove",
    what: `apt-get -f install would take away ${printable(names.join(", "))} to make the packages fit together again`,
    hint: "nothing was taken away; give it a repository with what is missing, or remove them by hand",
  };
}
