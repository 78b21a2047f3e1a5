// A person who ends the program in the middle of a run: the journal takes care of the run, and it is no death of ours.
import { constants } from "node:os";
import type { Files } from "../machine/machine.ts";
import { wipeAtWork } from "../state/at-work.ts";

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Ends the process at once. */
export function stopNow(state: Files, signal: (typeof SIGNALS)[number]): never {
  try {
    wipeAtWork(state);
  } finally {
    process.exit(128 + constants.signals[signal]);
  }
}

/** Until the function that comes back is called. */
export function stopWhenAsked(state: Files): () => void {
  const stop = (signal: NodeJS.Signals): void => stopNow(state, signal as (typeof SIGNALS)[number]);
  for (const signal of SIGNALS) process.once(signal, stop);
  return () => {
    for (const signal of SIGNALS) process.off(signal, stop);
  };
}
