// What OpenRC, SysV init and systemd's compatibility have in common: scripts in /etc/init.d that say how they are.
import { FileError, type FileReader, type MachineReader } from "../../machine/machine.ts";
import { LOOK_MS, unknownService } from "./answer.ts";
import { isScriptName } from "./names.ts";
import type { SupervisedService } from "./supervisor.ts";

const LARGEST_SCRIPT = 1024 * 1024;
const RUNLEVELS = [2, 3, 4, 5];

export function scriptOf(name: string): string {
  return `/etc/init.d/${name}`;
}

/** Asks the script of a service how it is; `status` is the call that does so. */
export async function lookAtScript(
  machine: MachineReader,
  name: string,
  status: readonly string[],
  known: Pick<SupervisedService, "enabled" | "reads">,
): Promise<SupervisedService> {
  const text = isScriptName(name) ? await scriptText(machine.files, scriptOf(name)) : undefined;
  if (text === undefined) return unknownService("not known here", known.reads);
  const { code } = await machine.query(status, { timeoutMs: LOOK_MS });
  const said = STATUS.get(code ?? -1) ?? "unknown";
  const detail = said === "started" && (await isGone(machine.files, text, name)) ? "crashed" : said;
  return {
    ...known,
    known: true,
    running: detail === "started",
    masked: false,
    failed: detail === "crashed" || detail === "dead",
    detail,
    reloadable: canReload(text),
  };
}

/** Exit codes that the LSB and OpenRC have agreed on, and two that only OpenRC has. */
const STATUS: ReadonlyMap<number, string> = new Map([
  [0, "started"],
  [1, "dead"],
  [2, "dead"],
  [3, "stopped"],
  [16, "inactive"],
  [32, "crashed"],
]);

/**
 * OpenRC only knows what it was told, where another start-stop-daemon than its own starts things (as in Debian): the pid
 * file that the script names tells whether the process is still there.
 */
async function isGone(files: FileReader, text: string, name: string): Promise<boolean> {
  const written = /^pidfile=["']?(\/[^\s"']+)/mu.exec(text)?.[1]?.replace(/\$\{?(?:RC_SVCNAME|SVCNAME)\}?/u, name);
  if (written === undefined || written.includes("$")) return false;
  const pid = (await textOf(files, written))?.trim() ?? "";
  return /^\d{1,10}$/u.test(pid) && !isThere(files, `/proc/${pid}`);
}

/** Undefined where there is no script that could be run. */
async function scriptText(files: FileReader, path: string): Promise<string | undefined> {
  const stat = reading(() => files.stat(path));
  if (stat?.type === "symlink") return "";
  return stat?.type === "regular" && (stat.mode & 0o111) !== 0 ? textOf(files, path) : undefined;
}

async function textOf(files: FileReader, path: string): Promise<string | undefined> {
  try {
    return (await files.read(path, LARGEST_SCRIPT)).toString("utf8");
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

/** As the script itself declares it: OpenRC's list of commands, or a branch of its `case`. */
function canReload(text: string): boolean {
  return (
    /^\s*extra_(?:started_)?commands=.*\breload\b/mu.test(text) || /^\s*(?:[\w-]+\|)*reload(?:\|[\w-]+)*\)/mu.test(text)
  );
}

/** Whether a script starts with the machine, by its links in the runlevels. */
export function hasStartLinks(files: FileReader, name: string): boolean {
  return RUNLEVELS.some((level) => namesIn(files, `/etc/rc${level}.d`).some((link) => startLink(link) === name));
}

/** The names of those that start with the machine, in the order in which they do. */
export function startOrder(files: FileReader): readonly string[] {
  const links = namesIn(files, "/etc/rc2.d").sort();
  return links.flatMap((link) => startLink(link) ?? []);
}

function startLink(link: string): string | undefined {
  return /^S\d\d(.+)$/u.exec(link)?.[1];
}

export function namesIn(files: FileReader, folder: string): string[] {
  return reading(() => (files.stat(folder) === undefined ? [] : files.list(folder))) ?? [];
}

export function isThere(files: FileReader, path: string): boolean {
  return reading(() => files.stat(path)) !== undefined;
}

/** What may not be looked at is not there for us. */
function reading<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
