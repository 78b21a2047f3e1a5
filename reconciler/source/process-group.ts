// One git process in, its whole process group ended when the deadline passes out.
import { AsyncLocalStorage } from "node:async_hooks";
import type { ChildProcess } from "node:child_process";
import { subscribe } from "node:diagnostics_channel";
import { errorCode } from "./error-code.ts";

/** The watch over one call. */
export interface Group {
  /** Aborted when the group is ended and its process is not known; then only git itself is ended. */
  readonly signal: AbortSignal;
  watch(child: ChildProcess): void;
  /** Runs a function whose one child process is to be watched, although the function does not show it. */
  around<T>(run: () => PromiseLike<T>): Promise<T>;
  /** Ends every process of the group, politely first. */
  end(why: string): void;
  /** Why it was ended, if it was: `timeout`, `output-limit`, `not-found`, `too-many-files`. */
  ended(): string | undefined;
  /** The call is over; stops the clock. */
  done(): void;
}

const GRACE_MS = 2000;
const current = new AsyncLocalStorage<(child: ChildProcess) => void>();
let listening = false;

export function watchGroup(timeoutMs: number): Group {
  const abort = new AbortController();
  const seat: { child?: ChildProcess; why?: string; killer?: NodeJS.Timeout } = {};
  const end = (why: string): void => {
    if (seat.why !== undefined) return;
    seat.why = why;
    const pid = seat.child?.pid;
    if (pid === undefined) {
      abort.abort();
      return;
    }
    signalGroup(pid, "SIGTERM");
    seat.killer = setTimeout(() => signalGroup(pid, "SIGKILL"), GRACE_MS);
  };
  const deadline = setTimeout(() => end("timeout"), timeoutMs);
  const watch = (child: ChildProcess): void => {
    seat.child = child;
    // simple-git listens too late for some of them, and an error that nobody hears ends the program.
    child.on("error", (error) => (seat.why ??= whyNotStarted(error)));
  };
  return {
    signal: abort.signal,
    watch,
    around: async (run) => {
      listen();
      return current.run(watch, async () => run());
    },
    end,
    ended: () => seat.why,
    done: () => {
      clearTimeout(deadline);
      clearTimeout(seat.killer);
      // Whatever outlived git itself in its group has no business to go on.
      if (seat.why !== undefined && seat.child?.pid !== undefined) signalGroup(seat.child.pid, "SIGKILL");
    },
  };
}

function whyNotStarted(error: Error): string {
  return ["EMFILE", "ENFILE"].includes(errorCode(error) ?? "") ? "too-many-files" : "not-found";
}

/** simple-git keeps its child process to itself; node tells of every new one, in the context that made it. */
function listen(): void {
  if (listening) return;
  listening = true;
  subscribe("child_process", (message) => {
    if (isNewProcess(message)) current.getStore()?.(message.process);
  });
}

function isNewProcess(message: unknown): message is { process: ChildProcess } {
  return typeof message === "object" && message !== null && "process" in message;
}

function signalGroup(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid, signal);
  } catch {
    // Nobody is left in the group.
  }
}
