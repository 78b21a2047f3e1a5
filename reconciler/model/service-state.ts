// Services, as states: whether one starts with the machine, whether it runs now, whether it may run at all.
import type { Absent } from "./absent.ts";

export interface Service {
  readonly type: "service";
  /** Starts with the machine. Not cared for when left out. */
  readonly enabled?: boolean;
  /** Runs now. Not cared for when left out. */
  readonly running?: boolean;
  /** Cannot be started by anybody. Not cared for when left out. */
  readonly masked?: boolean;
}

/** Absent: no unit of that name is known here. Never wanted: a service goes with its package or its unit file. */
export type ServiceState = Service | Absent;
