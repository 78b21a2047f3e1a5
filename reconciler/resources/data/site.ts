// An item in, the folder in which its versions come to be out: on the file system of the item, and safe to work in.
import { describeFileError } from "../../machine/file-problem.ts";
import { FileError, type FileReader, type Machine } from "../../machine/machine.ts";
import type { Problem, Result } from "../../../common/problem.ts";
import { refuse, succeed } from "../../../common/problem.ts";
import { join, parentOf, versionName, workshopName } from "./names.ts";
import { realFolder } from "./real-folder.ts";
import { removeAll } from "./remove.ts";

export interface Site {
  /** Absolute path of the item. */
  readonly path: string;
  /** Where versions lie: beside the item, or above while the folder of the item is not there yet. */
  readonly folder: string;
  /** Where they come to be; only we may look into it. */
  readonly workshop: string;
}

/** Programs that work there are led by paths alone: whoever may rename a folder on the way could lead them elsewhere. */
export function siteOf(files: FileReader, path: string): Result<Site> {
  try {
    const folder = realFolder(files, parentOf(path));
    const open = openFolder(files, folder);
    return open === undefined
      ? succeed({ path, folder, workshop: workshopName(folder, path) })
      : refuse(isOpen(path, open));
  } catch (error) {
    if (error instanceof FileError) return refuse(describeFileError(error));
    throw error;
  }
}

/** The first folder on the way in which somebody else could exchange what we work in. */
function openFolder(files: FileReader, folder: string): string | undefined {
  const own = process.geteuid?.() ?? 0;
  for (let at = folder; ; at = parentOf(at)) {
    const stat = files.stat(at);
    const isOurs = stat === undefined || stat.uid === 0 || stat.uid === own;
    const isSticky = stat !== undefined && (stat.mode & 0o1000) !== 0;
    const isPublic = stat !== undefined && (stat.mode & 0o002) !== 0;
    if (!isOurs || (isPublic && !isSticky)) return at;
    if (at === "/") return undefined;
  }
}

function isOpen(path: string, folder: string): Problem {
  return {
    code: "data-open-folder",
    where: { file: path },
    what: `an ordinary user may exchange what lies in ${folder}, and so lead this data anywhere`,
    hint: `give the folder to root and let nobody else write there: chown root ${folder}; chmod o-w ${folder}`,
  };
}

/** A workshop in which nothing lies but what an earlier run left under one of these names. */
export async function openWorkshop(machine: Machine, { workshop }: Site, keep: readonly string[]): Promise<void> {
  const { files } = machine;
  if (files.stat(workshop) === undefined) files.makeDirectory(workshop, { mode: 0o700 });
  for (const name of files.list(workshop)) if (!keep.includes(name)) await removeAll(machine, join(workshop, name));
}

/** Where the version with this digest lies, or would lie. */
export function versionAt({ folder, path }: Site, digest: string): string {
  return versionName(folder, path, digest);
}
