// What a supervisor of services can do for us, in words that every one of them understands. Its own words and the
// parsers of its answers stand in one file (or folder) a supervisor, and nowhere else.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import type { Problem, Result } from "../../../common/problem.ts";

/** One service as its supervisor sees it. */
export interface SupervisedService {
  /** Whether the supervisor has a unit, script or entry of that name. */
  readonly known: boolean;
  readonly enabled: boolean;
  readonly running: boolean;
  readonly masked: boolean;
  /** Whether it ended badly or could not be started. */
  readonly failed: boolean;
  /** It failed and does not run, but its supervisor is about to start it once more. */
  readonly looping?: true;
  /** Restarts that the supervisor made by itself, where it counts them. */
  readonly restarts?: number;
  /** In the supervisor's words, for a person: `failed (exit-code)`. */
  readonly detail: string;
  /** Whether a reload is possible. */
  readonly reloadable: boolean;
  /** It can be neither enabled nor disabled: something else starts it when it is needed. */
  readonly fixed?: true;
  /**
   * Absolute paths below the managed root that define it and that the supervisor reads, there or not: the unit, its
   * drop-ins, its environment files, its init script and /etc/default or /etc/conf.d file. Folders end with "/".
   */
  readonly reads: readonly string[];
}

export type ServiceAction =
  "start" | "stop" | "restart" | "reload" | "enable" | "disable" | "mask" | "unmask" | "reset-failed";

export interface SupervisorOptions {
  /** Aborted when the run has no time left. */
  readonly signal: AbortSignal;
  /** For one action. */
  readonly timeoutMs: number;
}

export interface Supervisor {
  /** `systemd`, `openrc`, `sysvinit`, `embedded`. */
  readonly name: string;
  /** Nothing runs below this root: only what starts with the machine can be set. */
  readonly offline?: true;
  /** It keeps definitions in memory until it is told to read them again. */
  readonly caches?: true;
  /** What it has no word for. */
  readonly unsupported?: readonly ServiceAction[];
  /** Each of `names` as it is now. */
  look(machine: MachineReader, names: readonly string[]): Promise<Result<ReadonlyMap<string, SupervisedService>>>;
  /** Makes the supervisor read changed definitions (`systemctl daemon-reload`); nothing where it reads them anyway. */
  reread(machine: Machine, options: SupervisorOptions): Promise<readonly Problem[]>;
  /** One action on a set of services; the supervisor orders them among each other where it can. */
  act(
    machine: Machine,
    action: ServiceAction,
    names: readonly string[],
    options: SupervisorOptions,
  ): Promise<readonly Problem[]>;
  /** The last lines that a service printed, for a person; empty when they are not kept. */
  lastWords(machine: MachineReader, name: string): Promise<string>;
}
