// A process whose time is over in; its end, and that of the programs it had started, out.
import { setTimeout as pause } from "node:timers/promises";
import { endGroup } from "./process-group.ts";
import { descendantsOf, everyProcess, processAt, signalProcess, stillThere, type ProcessSeen } from "./processes.ts";

/** Only what waits for a broken disk takes longer to die. */
const KILL_GRACE_MS = 10_000;
const POLL_MS = 20;

/**
 * It is not asked first. One that does not hang would go on changing this server until it is through, and one that is asked
 * by a person leaves no trace: but of this end the next run has to know.
 */
export async function endWithAll(seen: ProcessSeen): Promise<void> {
  const groups = new Set(startedBy(seen).map(({ group }) => group));
  signalProcess(seen, "SIGKILL");
  for (let waitedMs = 0; stillThere(seen) !== undefined && waitedMs < KILL_GRACE_MS; waitedMs += POLL_MS) {
    await pause(POLL_MS);
  }
  await Promise.all(Array.from(groups, (group) => endGroup(group)));
}

/** Stopped by a signal, with nothing at work that it had started: nothing comes of waiting. */
export function isStoppedForGood(seen: ProcessSeen): boolean {
  return stillThere(seen)?.state === "T" && startedBy(seen).length === 0;
}

/** Programs, each in a group of its own. We may have been started by it ourselves, to watch over it. */
function startedBy(seen: ProcessSeen): readonly ProcessSeen[] {
  const own = processAt(process.pid)?.session;
  return descendantsOf(seen, everyProcess()).filter(
    ({ group, session, state }) => group !== seen.group && session !== own && state !== "Z",
  );
}
