// How dnf is called: with the managed root's own repositories and settings, and nothing that asks or waits.
import type { CommandOptions, CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import { OUTPUT_LIMIT, QUERY_TIMEOUT_MS } from "../rpm/call.ts";
import { needsNoRepository } from "../rpm/request.ts";
import type { Request } from "../rpm/front.ts";
import { scriptOf } from "./script.ts";

/** What other systems call `dnf` is dnf 5, which has no shell. */
const DNF_4 = "dnf-3";
/** The lists at hand, however old they are; an archive may be fetched. */
export const KNOWN_LISTS = "--setopt=metadata_expire=-1";
/** The lists and the archives at hand. */
export const OFFLINE = "--cacheonly";

export function queryDnf(machine: MachineReader, ...args: readonly string[]): Promise<CommandResult> {
  return machine.query(dnf(machine, args), { timeoutMs: QUERY_TIMEOUT_MS, outputLimit: OUTPUT_LIMIT });
}

export function runDnf(machine: Machine, options: CommandOptions, ...args: readonly string[]): Promise<CommandResult> {
  return machine.run(dnf(machine, args), options);
}

/** Only dnf's shell takes a transaction in which some things come and others go. */
interface ShellCall {
  readonly argv: readonly string[];
  readonly stdin: Buffer;
}

export function shellCall(
  machine: MachineReader,
  request: Request,
  held: readonly string[],
  ...args: readonly string[]
): ShellCall {
  const argv = dnf(machine, [
    ...args,
    // What else goes is decided by whoever asked, not by dnf's memory of who wanted what.
    "--setopt=clean_requirements_on_remove=0",
    ...(request.exact ? ["--setopt=install_weak_deps=0"] : []),
    ...(needsNoRepository(request) ? ["--disablerepo=*"] : []),
    ...held.map((name) => `--exclude=${name}`),
    "shell",
  ]);
  return { argv, stdin: Buffer.from(scriptOf(request.jobs)) };
}

function dnf(machine: MachineReader, args: readonly string[]): readonly string[] {
  return [DNF_4, ...(machine.live ? [] : inRoot(machine)), "--noplugins", "--setopt=exit_on_lock=1", ...args];
}

/** Without its own folder of repositories an image would get those of this machine. */
function inRoot(machine: MachineReader): readonly string[] {
  const root = machine.hostPath("/").replace(/\/+$/u, "");
  return [`--installroot=${root}`, `--setopt=reposdir=${machine.hostPath("/etc/yum.repos.d")}`];
}
