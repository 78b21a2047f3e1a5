// What lies below the managed root in, the package manager that keeps it out.
import type { FileReader, MachineReader } from "../../machine/machine.ts";
import { apk } from "./apk/apk.ts";
import { apt } from "./apt/apt.ts";
import { dnf } from "./dnf/dnf.ts";
import type { PackageManager } from "./manager.ts";
import { pacman } from "./pacman/pacman.ts";
import { zypper } from "./zypper/zypper.ts";

/**
 * By its own database, never by the programs that are installed: dpkg runs on Arch as well, and pacman on Debian.
 * Undefined on a root that no package manager has worked on yet.
 */
export function detectManager({ files }: MachineReader): PackageManager | undefined {
  if (isThere(files, "/var/lib/dpkg/status")) return apt;
  if (isThere(files, "/var/lib/pacman/local")) return pacman;
  if (isThere(files, "/lib/apk/db") || isThere(files, "/usr/lib/apk/db")) return apk;
  if (!isThere(files, "/var/lib/rpm") && !isThere(files, "/usr/lib/sysimage/rpm")) return undefined;
  return isThere(files, "/etc/zypp") ? zypper : dnf;
}

function isThere(files: FileReader, path: string): boolean {
  return files.stat(path) !== undefined;
}
