// Agreed actions in; made in one transaction of apt-get, or refused.
import type { Problem } from "../../../../common/problem.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { ManagerOptions, PackageAction } from "../manager.ts";
import { aptGet, aptMark, look, touch } from "./call.ts";
import { complaints } from "./complaints.ts";
import { prepareGround } from "./ground.ts";
import { installed } from "./status.ts";
import { agreeOn, type Transaction } from "./transaction.ts";

export async function perform(
  machine: Machine,
  actions: readonly PackageAction[],
  archives: readonly string[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  if (actions.length === 0) return [];
  const ground = await prepareGround(machine);
  if (ground.length > 0) return ground;
  const agreed = await agreeOn(machine, actions, archives);
  if (!agreed.ok) return agreed.problems;
  const marks = await automaticOnes(machine, actions);
  const answer = await touch(machine, install(machine, agreed.value), options, { toTheEnd: true });
  const problems = answer.code === 0 ? await notAsAgreed(machine, actions) : complaints(answer, "apt-get install");
  // What apt-get is told by name counts as asked for by a person, which nobody did.
  if (marks.length > 0) await touch(machine, aptMark(machine, "auto", "--", ...marks), options, { toTheEnd: true });
  return problems;
}

/** Fetches all archives of the transaction into apt's own cache. */
export async function download(
  machine: Machine,
  actions: readonly PackageAction[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  if (actions.every(({ to }) => to === undefined)) return [];
  const ground = await prepareGround(machine);
  if (ground.length > 0) return ground;
  const agreed = await agreeOn(machine, actions, []);
  if (!agreed.ok) return agreed.problems;
  const answer = await touch(machine, install(machine, agreed.value, "--download-only"), options);
  return answer.code === 0 ? [] : complaints(answer, "apt-get install --download-only");
}

function install(machine: Machine, { flags, words }: Transaction, ...more: readonly string[]): readonly string[] {
  return aptGet(machine, ...flags, ...more, "install", "--", ...words);
}

/** Those that stay, or come in, as something that only others need. */
async function automaticOnes(machine: Machine, actions: readonly PackageAction[]): Promise<readonly string[]> {
  const answer = await look(machine, aptMark(machine, "showauto"));
  const automatic = new Set(answer.code === 0 ? answer.stdout.toString().split("\n") : []);
  return actions
    .filter(({ name, to, pulledIn }) => to !== undefined && (pulledIn === true || automatic.has(name)))
    .map(({ name }) => name);
}

async function notAsAgreed(machine: Machine, actions: readonly PackageAction[]): Promise<readonly Problem[]> {
  const now = await installed(
    machine,
    actions.map(({ name }) => name),
  );
  if (!now.ok) return now.problems;
  return actions
    .filter(({ name, to }) => now.value.get(name)?.version !== to)
    .map(({ name, to }) => ({
      code: "not-as-planned",
      where: { key: name },
      what: `apt-get says that all went well, yet ${name} is ${now.value.get(name)?.version ?? "not there"} instead of ${to ?? "gone"}`,
      hint: "look in /var/log/dpkg.log who else changes packages on this server",
    }));
}
