// The list of dnf's versionlock plugin: which packages stay as they are. It is kept in its format whether the plugin is
// installed or not: we go by it ourselves, and with the plugin so does everybody's dnf.
import type { FileReader, Files, Machine, MachineReader } from "../../../machine/machine.ts";
import type { Problem } from "../../../../common/problem.ts";
import { tellingLater } from "../../file/telling.ts";
import type { Entry } from "../rpm/database.ts";
import { matchesGlob } from "../rpm/glob.ts";

const FOLDERS = ["/etc", "/etc/dnf", "/etc/dnf/plugins"];
const LIST = "/etc/dnf/plugins/versionlock.list";
const NEW_LIST = `${LIST}.reconciler~`;
const NAME = /^[A-Za-z0-9*?][A-Za-z0-9+._*?-]*$/u;

export async function heldPatterns({ files }: MachineReader): Promise<readonly string[]> {
  return (await readLines(files)).map(nameOfLine).filter((name) => name !== undefined);
}

export async function dnfHolds(machine: MachineReader): Promise<(name: string) => boolean> {
  const patterns = await heldPatterns(machine);
  return (name) => patterns.some((pattern) => matchesGlob(name, pattern));
}

/** `hello-0:1.0-1.*`; a line with `!` keeps a version out instead. */
export function nameOfLine(line: string): string | undefined {
  const text = line.trim();
  if (text === "" || text.startsWith("#") || text.startsWith("!")) return undefined;
  const name = /^(.+)-(?:[0-9*]+:)?[^-:]+-[^-:]+$/u.exec(text)?.[1] ?? text;
  return NAME.test(name) ? name : undefined;
}

export function holdInDnf({ files }: Machine, entries: readonly Entry[], held: boolean): Promise<readonly Problem[]> {
  return tellingLater(async () => {
    const names = new Set(entries.map(({ name }) => name));
    const lines = await readLines(files);
    const kept = lines.filter((line) => !names.has(nameOfLine(line) ?? ""));
    const wanted = held ? [...kept, ...new Set(entries.map(lineOf))] : kept;
    if (wanted.join("\n") !== lines.join("\n")) await writeLines(files, wanted);
    return [];
  });
}

function lineOf({ name, version }: Entry): string {
  return `${name}-${version.includes(":") ? version : `0:${version}`}.*`;
}

async function readLines(files: FileReader): Promise<readonly string[]> {
  if (files.stat(LIST) === undefined) return [];
  return (await files.read(LIST))
    .toString()
    .split("\n")
    .filter((line) => line !== "");
}

async function writeLines(files: Files, lines: readonly string[]): Promise<void> {
  for (const folder of FOLDERS) if (files.stat(folder) === undefined) files.makeDirectory(folder, { mode: 0o755 });
  if (files.stat(NEW_LIST) !== undefined) files.unlink(NEW_LIST);
  await files.create(NEW_LIST, Buffer.from(lines.map((line) => `${line}\n`).join("")), { mode: 0o644 });
  files.rename(NEW_LIST, LIST);
  await files.syncDirectory("/etc/dnf/plugins");
}
