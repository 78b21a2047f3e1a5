// A manager's folders of fetched archives in; where the archive of a version lies out.
import { FileError, type FileReader, type Files } from "../../../machine/machine.ts";

const DEEPEST = 4;

/** The first of that name below the folder; a manager sorts them by repository and architecture. */
export function findArchive(files: FileReader, folder: string, file: string): string | undefined {
  return walk(files, folder, DEEPEST).find((path) => path.endsWith(`/${file}`));
}

export function walk(files: FileReader, folder: string, depth: number): string[] {
  if (depth === 0 || files.stat(folder)?.type !== "directory") return [];
  return files.list(folder).flatMap((name) => {
    const path = `${folder}/${name}`;
    return files.stat(path)?.type === "directory" ? walk(files, path, depth - 1) : [path];
  });
}

/** Lets go of archives that no way back needs any more. */
export function dropArchives(files: Files, folder: string, names: ReadonlySet<string>): void {
  try {
    for (const path of walk(files, folder, DEEPEST)) {
      if (names.has(path.slice(path.lastIndexOf("/") + 1))) files.unlink(path);
    }
  } catch (error) {
    // Only space is lost by it.
    if (!(error instanceof FileError)) throw error;
  }
}
