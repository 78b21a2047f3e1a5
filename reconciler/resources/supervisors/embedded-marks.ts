// Which services start with the embedded supervisor, and which may not be started at all: one small file in the store.
import type { FileReader, Files } from "../../machine/machine.ts";
import type { ServiceAction } from "./supervisor.ts";

const FOLDER = "/supervise";
const FILE = `${FOLDER}/marks.json`;
const LARGEST = 1024 * 1024;

export interface Marks {
  readonly enabled: ReadonlySet<string>;
  readonly masked: ReadonlySet<string>;
}

/** What cannot be read counts as nothing: then nothing starts by itself, and the next run of the reconciler sees that. */
export async function readMarks(files: FileReader): Promise<Marks> {
  if (files.stat(FILE) === undefined) return { enabled: new Set(), masked: new Set() };
  try {
    const written = JSON.parse((await files.read(FILE, LARGEST)).toString("utf8")) as Partial<Record<string, unknown>>;
    return { enabled: namesIn(written["enabled"]), masked: namesIn(written["masked"]) };
  } catch {
    return { enabled: new Set(), masked: new Set() };
  }
}

function namesIn(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.filter((name) => typeof name === "string") : []);
}

/** On disk when it resolves. */
export async function writeMarks(files: Files, { enabled, masked }: Marks): Promise<void> {
  if (files.stat(FOLDER) === undefined) files.makeDirectory(FOLDER, { mode: 0o700 });
  const next = `${FILE}.new`;
  const text = JSON.stringify({ enabled: [...enabled].sort(), masked: [...masked].sort() }, undefined, 2);
  if (files.stat(next) !== undefined) files.unlink(next);
  await files.create(next, Buffer.from(`${text}\n`), { mode: 0o600 });
  files.rename(next, FILE);
  await files.syncDirectory(FOLDER);
}

/** The same value when the action is about neither. */
export function afterMarking(marks: Marks, action: ServiceAction, names: readonly string[]): Marks {
  const { enabled, masked } = marks;
  const [more, without] = [(set: ReadonlySet<string>) => new Set([...set, ...names]), withoutThese(names)];
  switch (action) {
    case "enable":
      return { enabled: more(enabled), masked };
    case "disable":
      return { enabled: without(enabled), masked };
    case "mask":
      return { enabled, masked: more(masked) };
    case "unmask":
      return { enabled, masked: without(masked) };
    default:
      return marks;
  }
}

function withoutThese(names: readonly string[]): (set: ReadonlySet<string>) => ReadonlySet<string> {
  return (set) => new Set([...set].filter((name) => !names.includes(name)));
}
