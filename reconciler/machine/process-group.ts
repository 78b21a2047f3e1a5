// A process group in, its end out.
import { setTimeout as pause } from "node:timers/promises";
import { codeOf } from "./errno.ts";

const TERM_GRACE_MS = 2000;
/** Only what waits for a broken disk takes longer to die. */
const KILL_GRACE_MS = 1000;
const POLL_MS = 20;

/** Asks every process of the group to end, and makes it end when it has not after two seconds. */
export async function endGroup(leader: number | undefined): Promise<void> {
  if (leader === undefined) return;
  signalGroup(leader, "SIGTERM");
  if (await isGone(leader, TERM_GRACE_MS)) return;
  signalGroup(leader, "SIGKILL");
  await isGone(leader, KILL_GRACE_MS);
}

/** Waits for the end of a group, but not for longer than this. */
async function isGone(leader: number, forMs: number): Promise<boolean> {
  for (let waited = 0; waited < forMs; waited += POLL_MS) {
    if (!signalGroup(leader, 0)) return true;
    await pause(POLL_MS);
  }
  return false;
}

/** Whether there still is such a group. */
function signalGroup(leader: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(-leader, signal);
    return true;
  } catch (error) {
    return codeOf(error) !== "ESRCH";
  }
}
