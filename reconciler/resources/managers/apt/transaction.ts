// Actions in, the words that make apt-get do exactly these and nothing else out.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import { printable } from "../../../../common/printable.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import type { PackageAction } from "../manager.ts";
import { readArchive } from "./archive.ts";
import { planTransaction } from "./simulate.ts";
import { isAtLeast } from "./versions.ts";
import { unfitActions } from "./words.ts";

export interface Transaction {
  readonly flags: readonly string[];
  readonly words: readonly string[];
}

/** Asks apt-get anew what it would do, since the plan may be hours old. */
export async function agreeOn(
  machine: MachineReader,
  actions: readonly PackageAction[],
  archives: readonly string[],
): Promise<Result<Transaction>> {
  const bad = unfitActions(actions);
  if (bad.length > 0) return refuse(...bad);
  const words = await wordsOf(machine, actions, archives);
  if (!words.ok) return words;
  const flags = [
    ...((await hasDowngrade(machine, actions)) ? ["--allow-downgrades"] : []),
    ...(actions.some(({ from, to }) => from !== undefined && from === to) ? ["--reinstall"] : []),
  ];
  const planned = await planTransaction(machine, flags, words.value);
  if (!planned.ok) return planned;
  const differences = compare(actions, planned.value);
  return differences.length > 0 ? refuse(surprise(differences)) : succeed({ flags, words: words.value });
}

async function wordsOf(
  machine: MachineReader,
  actions: readonly PackageAction[],
  archives: readonly string[],
): Promise<Result<readonly string[]>> {
  const files = new Map<string, string>();
  for (const path of archives) {
    const archive = await readArchive(machine, path);
    if (archive === undefined) return refuse(unreadable(path));
    for (const name of archive.names) files.set(`${name}=${archive.version}`, path);
  }
  return succeed(
    actions.map(({ name, to }) => {
      if (to === undefined) return `${name}-`;
      const pinned = `${name}=${to}`;
      return files.get(pinned) ?? pinned;
    }),
  );
}

async function hasDowngrade(machine: MachineReader, actions: readonly PackageAction[]): Promise<boolean> {
  for (const { from, to } of actions) {
    if (from !== undefined && to !== undefined && !(await isAtLeast(machine, to, from))) return true;
  }
  return false;
}

/** One line each way: what was agreed and would not happen, and what would happen and was not agreed. */
function compare(agreed: readonly PackageAction[], planned: readonly PackageAction[]): readonly string[] {
  const [was, is] = [agreed, planned].map((actions) => new Set(actions.map(describe)));
  return [
    ...[...(was ?? [])].filter((line) => is?.has(line) === false).map((line) => `not ${line}`),
    ...[...(is ?? [])].filter((line) => was?.has(line) === false),
  ];
}

function describe({ name, from, to }: PackageAction): string {
  if (to === undefined) return `remove ${name} ${from ?? ""}`;
  return from === undefined ? `install ${name} ${to}` : `change ${name} from ${from} to ${to}`;
}

function surprise(differences: readonly string[]): Problem {
  return {
    code: "surprise",
    what: `apt-get would not do what was planned: ${printable(differences.join("; "))}`,
    hint: "somebody changed the packages meanwhile, or the repositories moved; the next run plans anew",
  };
}

function unreadable(path: string): Problem {
  return {
    code: "archive-unreadable",
    where: { file: path },
    what: "is not a Debian package that can be read",
    hint: "it was kept for a way back; look whether the disk has errors (dmesg)",
  };
}
