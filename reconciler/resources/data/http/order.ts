// What is asked of a web server, and how long it may take.
import type { Digest } from "../../../model/file-state.ts";

export interface Order {
  readonly url: string;
  readonly digest: Digest;
  readonly maxBytes: number;
}

export interface Patience {
  /** How long nothing may come. */
  readonly idleMs: number;
  /** How long all of it may take. */
  readonly totalMs: number;
  /** Attempts one after the other that bring next to nothing. */
  readonly attempts: number;
  /** Before the second of them; doubled each time. */
  readonly pauseMs: number;
}

export const PATIENCE: Patience = { idleMs: 60_000, totalMs: 6 * 3_600_000, attempts: 5, pauseMs: 1000 };
