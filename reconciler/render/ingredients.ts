// What rendering needs besides the repository: the templates of this program, and which distribution this is.
import { familyFrom } from "../../mace/family.ts";
import type { Family, Root } from "../../mace/model.ts";
import { readRoot } from "../../mace/walk.ts";
import { FileError, type MachineReader } from "../machine/machine.ts";
import type { Result } from "../../common/problem.ts";
import { TEMPLATES } from "./rendered.ts";

export function readTemplates(folder: string): Promise<Result<Root>> {
  return readRoot(TEMPLATES, folder);
}

/** Debian where the managed root does not say, as in a trial folder. */
export async function readFamily(machine: MachineReader): Promise<Family> {
  for (const path of ["/etc/os-release", "/usr/lib/os-release"]) {
    const family = familyFrom(await textIfAny(machine, path));
    if (family !== undefined) return family;
  }
  return "debian";
}

async function textIfAny(machine: MachineReader, path: string): Promise<string> {
  try {
    return (await machine.files.read(path, 64 * 1024)).toString();
  } catch (error) {
    // Often a symlink into /usr/lib, which is looked at next.
    if (error instanceof FileError) return "";
    throw error;
  }
}
