// A machine and words in, the answer of apt-get, dpkg and their kin out: on this machine itself or on another root.
import type { CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";

/** Asking takes a second on a small machine, and a minute on one whose disk is busy. */
const LOOK_TIMEOUT_MS = 120_000;
/** 60,000 lines of packages fit. */
const OUTPUT_LIMIT = 32 * 1024 * 1024;
export const STATUS = "/var/lib/dpkg/status";
/** In the store: what apt reads in place of the machine's own settings, whose hooks are not for another root. */
export const SETTINGS_ELSEWHERE = "/apt-elsewhere.conf";

const ENVIRONMENT = {
  // Maintainer scripts and dpkg need what lies in sbin, which an ordinary user's path leaves out.
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  LC_ALL: "C.UTF-8",
  DEBIAN_FRONTEND: "noninteractive",
  APT_LISTCHANGES_FRONTEND: "none",
  UCF_FORCE_CONFFOLD: "1",
  // Which services start again is for us to say, after all packages are in.
  NEEDRESTART_MODE: "l",
};

/** Asks; nothing changes. */
export function look(machine: MachineReader, argv: readonly string[], signal?: AbortSignal): Promise<CommandResult> {
  return machine.query(argv, {
    timeoutMs: LOOK_TIMEOUT_MS,
    outputLimit: OUTPUT_LIMIT,
    env: environment(machine),
    ...(signal && { signal }),
  });
}

interface Touching {
  readonly cwd?: string;
  readonly stdin?: Buffer;
  /** dpkg is never ended in the middle because a run is out of time: only its own deadline does that. */
  readonly toTheEnd?: boolean;
}

/** Runs what may change something. */
export async function touch(
  machine: Machine,
  argv: readonly string[],
  { signal, timeoutMs }: ManagerOptions,
  { toTheEnd = false, ...more }: Touching = {},
): Promise<CommandResult> {
  if (signal.aborted) return { code: undefined, ended: "aborted", stdout: Buffer.alloc(0), stderr: "" };
  const options = { timeoutMs, outputLimit: OUTPUT_LIMIT, env: environment(machine), ...more };
  return machine.run(argv, toTheEnd ? options : { ...options, signal });
}

function environment(machine: MachineReader): Readonly<Record<string, string>> {
  if (machine.live) return ENVIRONMENT;
  return { ...ENVIRONMENT, APT_CONFIG: machine.store.hostPath(SETTINGS_ELSEWHERE) };
}

/** apt-get that changes what it is told and nothing else, whatever the settings of the machine say. */
export function aptGet(machine: MachineReader, ...words: readonly string[]): readonly string[] {
  return [
    ...["apt-get", "-q", "-y", ...settings(machine)],
    ...[
      "APT::Get::AutomaticRemove=false",
      "APT::Get::Purge=false",
      "APT::Get::Show-User-Simulation-Note=false",
    ].flatMap(setting),
    // Without a terminal of its own dpkg stays in the group of processes that a deadline ends.
    ...["DPkg::Lock::Timeout=0", "DPkg::Use-Pty=false"].flatMap(setting),
    ...["--force-confdef", "--force-confold", ...dpkgElsewhere(machine)].flatMap(dpkgOption),
    ...words,
  ];
}

export function aptMark(machine: MachineReader, ...words: readonly string[]): readonly string[] {
  return ["apt-mark", ...settings(machine), ...dpkgElsewhere(machine).flatMap(dpkgOption), ...words];
}

export function dpkg(machine: MachineReader, ...words: readonly string[]): readonly string[] {
  return ["dpkg", ...dpkgElsewhere(machine), ...words];
}

export function dpkgQuery(machine: MachineReader, ...words: readonly string[]): readonly string[] {
  return ["dpkg-query", `--admindir=${machine.hostPath("/var/lib/dpkg")}`, ...words];
}

function settings(machine: MachineReader): readonly string[] {
  if (machine.live) return [];
  const status = machine.files.stat(STATUS) === undefined ? "/dev/null" : machine.hostPath(STATUS);
  return [`Dir=${rootOf(machine)}`, `Dir::State::status=${status}`, "APT::Sandbox::User=root"].flatMap(setting);
}

/** An ordinary user can keep a root of their own: dpkg leaves owners alone and tells scripts the root instead. */
function dpkgElsewhere(machine: MachineReader): readonly string[] {
  if (machine.live) return [];
  const log = machine.hostPath("/var/log/dpkg.log");
  const mine = machine.privileged ? [] : ["--force-not-root", "--force-script-chrootless"];
  return [`--root=${rootOf(machine)}`, `--log=${log}`, ...mine];
}

function rootOf(machine: MachineReader): string {
  return machine.hostPath("/").replace(/(?<=.)\/+$/u, "");
}

function setting(words: string): readonly string[] {
  return ["-o", words];
}

function dpkgOption(option: string): readonly string[] {
  return ["-o", `DPkg::Options::=${option}`];
}
