// What a cycle stands on: this server's settings, the machine, and the directory where Memory lives.
import type { Config } from "./config/config.ts";
import type { Deadman } from "./deadman/deadman.ts";
import type { Files, Machine } from "./machine/machine.ts";

export interface Ground {
  readonly config: Config;
  readonly machine: Machine;
  /** Below the state directory. */
  readonly state: Files;
  /** Below the folder that holds a second copy of what has to outlive the state directory. */
  readonly copy: Files;
  /** Left out where nobody watches over a run but the run itself. */
  readonly deadman?: Deadman;
}
