// Another root in, what apt and dpkg have to find there out: its folders, a list of packages, and no hooks of this machine.
import { FileError, type Machine } from "../../../machine/machine.ts";
import { describeFileError } from "../../../machine/file-problem.ts";
import type { Problem } from "../../../../common/problem.ts";
import { SETTINGS_ELSEWHERE, STATUS } from "./call.ts";

const FOLDERS = [
  "/etc/apt/apt.conf.d",
  "/etc/apt/preferences.d",
  "/etc/apt/sources.list.d",
  "/etc/apt/trusted.gpg.d",
  "/var/cache/apt/archives/partial",
  "/var/lib/apt/lists/partial",
  "/var/lib/dpkg/info",
  "/var/lib/dpkg/triggers",
  "/var/lib/dpkg/updates",
  "/var/log/apt",
];
const NO_HOOKS = 'Dir::Etc::main "/dev/null";\nDir::Etc::parts "/dev/null";\n';

/** May be called before every change; on the machine itself all of that is there. */
export async function prepareGround(machine: Machine): Promise<readonly Problem[]> {
  if (machine.live) return [];
  try {
    for (const folder of FOLDERS) makeFolders(machine, folder);
    if (machine.files.stat(STATUS) === undefined) await machine.files.create(STATUS, Buffer.alloc(0), { mode: 0o644 });
    const { files } = machine.store;
    if (files.stat(SETTINGS_ELSEWHERE) === undefined)
      await files.create(SETTINGS_ELSEWHERE, Buffer.from(NO_HOOKS), { mode: 0o644 });
    return [];
  } catch (error) {
    if (error instanceof FileError) return [describeFileError(error)];
    throw error;
  }
}

function makeFolders({ files }: Machine, path: string): void {
  const parts = path.split("/").slice(1);
  for (const [index] of parts.entries()) {
    const folder = `/${parts.slice(0, index + 1).join("/")}`;
    if (files.stat(folder) === undefined) files.makeDirectory(folder, { mode: 0o755 });
  }
}
