// pacman's own records of what is installed: which of them are torn, and which files are configuration.
import { FileError, type FileReader } from "../../../machine/machine.ts";

export const LOCAL = "/var/lib/pacman/local";

/** Folders of entries that a killed transaction left without the one file that pacman cannot do without. */
export function tornEntries(files: FileReader): readonly string[] {
  if (files.stat(LOCAL) === undefined) return [];
  const folders = files.list(LOCAL).filter((name) => files.stat(`${LOCAL}/${name}`)?.type === "directory");
  return folders.filter((name) =>
    ["desc", "files"].some((part) => files.stat(`${LOCAL}/${name}/${part}`) === undefined),
  );
}

/** `hello-1.0-1` is hello, in version 1.0-1. */
export function splitEntry(folder: string): { readonly name: string; readonly version: string } | undefined {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)$/u.exec(folder) ?? [];
  return name === undefined || version === undefined ? undefined : { name, version };
}

/** Absolute paths of a package's files that pacman keeps when they were edited. */
export async function backupFiles(files: FileReader, name: string, version: string): Promise<readonly string[]> {
  const lines = sectionsOf(await textOf(files, `${LOCAL}/${name}-${version}/files`)).get("BACKUP") ?? [];
  return lines.map((line) => `/${line.split("\t")[0] ?? ""}`).filter((path) => path !== "/");
}

/** `%NAME%`, then its values, a line each. */
export function sectionsOf(text: string): ReadonlyMap<string, readonly string[]> {
  const sections = new Map<string, string[]>();
  let section: string[] = [];
  for (const line of text.split("\n")) {
    const key = /^%([A-Z0-9]+)%$/u.exec(line)?.[1];
    if (key !== undefined) sections.set(key, (section = []));
    else if (line !== "") section.push(line);
  }
  return sections;
}

export async function textOf(files: FileReader, path: string): Promise<string> {
  try {
    return (await files.read(path)).toString();
  } catch (error) {
    if (error instanceof FileError && ["ENOENT", "ENOTDIR"].includes(error.code)) return "";
    throw error;
  }
}
