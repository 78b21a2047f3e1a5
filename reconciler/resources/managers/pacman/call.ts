// How pacman and its small helpers are asked and told: on this machine itself or on another root, never through a shell.
import type { CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";

const ASK_TIMEOUT_MS = 120_000;
/** A server with every package of the distribution answers with less. */
const OUTPUT_LIMIT = 32 * 1024 * 1024;

/** A name and a version a line. */
export const AS_TARGETS = ["--print", "--print-format", "%r %n %v"] as const;

/** What only looks. */
export function askPacman(machine: MachineReader, ...words: readonly string[]): Promise<CommandResult> {
  return ask(machine, ["pacman", ...place(machine), "--color", "never", ...words]);
}

/** A transaction that is only printed: it takes no lock. */
export function printPacman(machine: MachineReader, ...words: readonly string[]): Promise<CommandResult> {
  return askPacman(machine, "--noconfirm", ...words);
}

/** Never ended in the middle because a run is out of time; only its own deadline does that. */
export async function runPacman(
  machine: Machine,
  { signal, timeoutMs }: ManagerOptions,
  ...words: readonly string[]
): Promise<CommandResult> {
  if (signal.aborted) return { code: undefined, ended: "aborted", stdout: Buffer.alloc(0), stderr: "" };
  const argv = ["pacman", ...place(machine), "--color", "never", "--noconfirm", "--noprogressbar", ...words];
  return machine.run(argv, { timeoutMs, outputLimit: OUTPUT_LIMIT });
}

/** Notes of these packages that they only came along. It is a matter of a moment, which a run that ends still takes. */
export async function markAsNeeded(machine: Machine, names: readonly string[]): Promise<void> {
  const argv = ["pacman", ...place(machine), "--color", "never", "-D", "--asdeps", "--", ...names];
  await machine.run(argv, { timeoutMs: ASK_TIMEOUT_MS, outputLimit: OUTPUT_LIMIT });
}

/** One setting, a value a line. */
export function askConf(machine: MachineReader, key: string): Promise<CommandResult> {
  const elsewhere = machine.live ? [] : ["--config", machine.hostPath("/etc/pacman.conf")];
  return ask(machine, ["pacman-conf", ...elsewhere, "--", key]);
}

/** Below 0 when the first is older; 0 where they are the same, or cannot be compared. */
export async function vercmp(machine: MachineReader, one: string, other: string): Promise<number> {
  if (one === other) return 0;
  const { stdout } = await ask(machine, ["vercmp", one, other]);
  return Number(/^-?[01]\s*$/u.exec(stdout.toString())?.[0] ?? 0);
}

export function ask(machine: MachineReader, argv: readonly string[]): Promise<CommandResult> {
  return machine.query(argv, { timeoutMs: ASK_TIMEOUT_MS, outputLimit: OUTPUT_LIMIT });
}

/** pacman's own `--root` leaves out its settings, its archives, its keys and its hooks. */
function place(machine: MachineReader): readonly string[] {
  if (machine.live) return [];
  const at = (path: string): string => machine.hostPath(path);
  return [
    ...["--root", at("/"), "--dbpath", at("/var/lib/pacman/"), "--config", at("/etc/pacman.conf")],
    ...["--cachedir", at("/var/cache/pacman/pkg/"), "--hookdir", at("/etc/pacman.d/hooks/")],
    ...["--gpgdir", at("/etc/pacman.d/gnupg/"), "--logfile", at("/var/log/pacman.log")],
  ];
}
