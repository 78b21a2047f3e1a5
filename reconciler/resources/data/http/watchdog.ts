// A line that may go silent in, a signal that says so out.
import { FileError } from "../../../machine/machine.ts";

export interface Watchdog {
  readonly signal: AbortSignal;
  /** Whether it was this one that ended it. */
  readonly expired: () => boolean;
  /** Something came. */
  readonly pat: () => void;
  readonly end: () => void;
}

export function watchdog(idleMs: number, outer: AbortSignal): Watchdog {
  const own = new AbortController();
  const start = (): NodeJS.Timeout => setTimeout(() => own.abort(), idleMs);
  let timer = start();
  return {
    signal: AbortSignal.any([outer, own.signal]),
    expired: () => own.signal.aborted,
    pat: () => {
      clearTimeout(timer);
      timer = start();
    },
    end: () => clearTimeout(timer),
  };
}

/** A line that breaks is expected; a disk that is full, or a fault of ours, is not. */
export function isNetworkError(error: unknown): error is { readonly code: unknown; readonly message: string } {
  return typeof error === "object" && error !== null && "code" in error && !(error instanceof FileError);
}
