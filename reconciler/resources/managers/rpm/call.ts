// How rpm itself is asked and told: always with the managed root, always with an argument list.
import type { CommandOptions, CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";

export const QUERY_TIMEOUT_MS = 120_000;
/** A server with every package of a distribution answers with less. */
export const OUTPUT_LIMIT = 32 * 1024 * 1024;

/** What only fetches is ended when the run has no time left. */
export function fetching({ signal, timeoutMs }: ManagerOptions): CommandOptions {
  return { signal, timeoutMs, outputLimit: OUTPUT_LIMIT };
}

/** A transaction is not: only its own deadline ends it in the middle. */
export function toTheEnd({ timeoutMs }: ManagerOptions): CommandOptions {
  return { timeoutMs, outputLimit: OUTPUT_LIMIT };
}

export function queryRpm(machine: MachineReader, ...args: readonly string[]): Promise<CommandResult> {
  return machine.query(rpm(machine, args), { timeoutMs: QUERY_TIMEOUT_MS, outputLimit: OUTPUT_LIMIT });
}

export function runRpm(machine: Machine, options: ManagerOptions, ...args: readonly string[]): Promise<CommandResult> {
  return machine.run(rpm(machine, args), toTheEnd(options));
}

function rpm(machine: MachineReader, args: readonly string[]): readonly string[] {
  return ["rpm", ...(machine.live ? [] : ["--root", machine.hostPath("/").replace(/\/+$/u, "")]), ...args];
}
