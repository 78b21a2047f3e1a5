// What a cycle stands on: this server's settings, the machine, and the directory where Memory lives.
import type { Config } from "./config/config.ts";
import type { Files, Machine } from "./machine/machine.ts";

export interface Ground {
  readonly config: Config;
  readonly machine: Machine;
  /** Below the state directory. */
  readonly state: Files;
}
