// A run about to begin in; a timer out that brings it to its end without us, should we hang or be killed.
import type { Config } from "../config/config.ts";
import type { Files, Machine } from "../machine/machine.ts";
import type { Problem } from "../../common/problem.ts";
import { armProcess, disarmProcess } from "./process.ts";
import { openTimers } from "./timer.ts";

export interface Deadman {
  /** Arms the timer, or arms it anew. Problems say why there is none; nothing is armed then. */
  arm(run: string, inMs: number): Promise<readonly Problem[]>;
  /** The run is over. Never throws; a timer that goes off all the same finds nothing open. */
  disarm(): Promise<void>;
}

/**
 * systemd's own timer where systemd runs, so that a stopped service does not take it along; a small process elsewhere.
 * Nobody watches over a trial: it cannot cut anything off.
 */
export function openDeadman(machine: Machine, state: Files, config: Config): Deadman {
  if (!machine.live || !machine.privileged) return NOBODY;
  const recover = (run: string): readonly string[] => [
    ...[process.execPath, ...process.execArgv, process.argv[1] ?? ""],
    ...["recover", "--config", config.file, "--overdue", run],
  ];
  if (machine.files.stat("/run/systemd/system") === undefined) {
    return { arm: (run, inMs) => armProcess(state, inMs, recover(run)), disarm: () => disarmProcess(state) };
  }
  return openTimers(machine, recover);
}

const NOBODY: Deadman = { arm: () => Promise.resolve([]), disarm: () => Promise.resolve() };
