// Names in; pacman told to leave them at their version, or not any more: in a file of ours that its settings include.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { Machine, MachineReader } from "../../../machine/machine.ts";
import { tellingLater } from "../../file/telling.ts";
import { matchesGlob } from "../rpm/glob.ts";
import { askConf } from "./call.ts";
import { complaints } from "./complaints.ts";
import { textOf } from "./database.ts";
import { badNames } from "./words.ts";

const SETTINGS = "/etc/pacman.conf";
const HOLDS = "/etc/pacman.d/reconciler-holds.conf";

/** Those of anybody: names, or patterns with * and ?. */
export async function ignoredPatterns(machine: MachineReader): Promise<Result<readonly string[]>> {
  const result = await askConf(machine, "IgnorePkg");
  if (result.code !== 0) return refuse(...complaints(result));
  return succeed(
    result.stdout
      .toString()
      .split("\n")
      .filter((line) => line !== ""),
  );
}

export function isIgnored(name: string, patterns: readonly string[]): boolean {
  return patterns.some((pattern) => matchesGlob(name, pattern));
}

/** When nothing is held any more, the settings are as they were before us. */
export function hold(machine: Machine, names: readonly string[], held: boolean): Promise<readonly Problem[]> {
  const bad = badNames(names);
  if (bad.length > 0 || names.length === 0) return Promise.resolve(bad);
  return tellingLater(async () => {
    const own = new Set(namesIn(await textOf(machine.files, HOLDS)));
    for (const name of names) {
      if (held) own.add(name);
      else own.delete(name);
    }
    if (own.size > 0) await write(machine, HOLDS, textFor([...own].sort()));
    await include(machine, own.size > 0);
    if (own.size === 0 && machine.files.stat(HOLDS) !== undefined) machine.files.unlink(HOLDS);
    return stillHeld(machine, held ? [] : names);
  });
}

function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/^IgnorePkg = (\S+)$/gmu)].map(([, name = ""]) => name);
}

function textFor(names: readonly string[]): string {
  return `# Packages that are held; written by the reconciler.\n${names.map((name) => `IgnorePkg = ${name}\n`).join("")}`;
}

/** The line stands right below [options]: there it counts, whatever sections follow. */
async function include(machine: Machine, wanted: boolean): Promise<void> {
  const line = `Include = ${machine.hostPath(HOLDS)}\n`;
  const text = await textOf(machine.files, SETTINGS);
  if (text.includes(line) === wanted) return;
  const next = wanted ? text.replace(/^\[options\][ \t]*\n/mu, (section) => section + line) : text.replace(line, "");
  await write(machine, SETTINGS, next === text ? `[options]\n${line}${text}` : next);
}

async function write({ files }: Machine, path: string, text: string): Promise<void> {
  const folder = path.slice(0, path.lastIndexOf("/"));
  if (files.stat(folder) === undefined) files.makeDirectory(folder, { mode: 0o755 });
  const staged = `${folder}/.reconciler-pacman.new~`;
  if (files.stat(staged) !== undefined) files.unlink(staged);
  const { mode = 0o644, uid, gid } = files.stat(path) ?? {};
  const owner = uid === undefined || gid === undefined ? {} : { uid, gid };
  await files.create(staged, Buffer.from(text), { mode, ...owner });
  files.rename(staged, path);
  await files.syncDirectory(folder);
}

/** By a line of somebody else. */
async function stillHeld(machine: Machine, names: readonly string[]): Promise<readonly Problem[]> {
  const patterns = names.length === 0 ? succeed([]) : await ignoredPatterns(machine);
  if (!patterns.ok) return patterns.problems;
  return names
    .filter((name) => isIgnored(name, patterns.value))
    .map((name) => ({
      code: "held-elsewhere",
      where: { file: SETTINGS, key: name },
      what: `${name} is held by a line that is not ours`,
      hint: "take it out of IgnorePkg there",
    }));
}
