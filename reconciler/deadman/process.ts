// Words of a program and a time in, a small process of its own out: where no systemd keeps timers. After a boot it is
// gone; what recovers at the start of the machine takes its place then.
import { birthOf } from "../machine/birth.ts";
import { startLater } from "../machine/detached.ts";
import { FileError, type Files } from "../machine/machine.ts";
import { endGroup } from "../machine/process-group.ts";
import { removeFile } from "../state/slots.ts";
import type { Problem } from "../../common/problem.ts";

const NOTE = "/deadman";
const LIMIT = 4096;

export async function armProcess(state: Files, inMs: number, argv: readonly string[]): Promise<readonly Problem[]> {
  await disarmProcess(state);
  const pid = await startLater(inMs, argv);
  const birth = pid === undefined ? undefined : birthOf(pid);
  if (pid === undefined || birth === undefined) return [notArmed()];
  state.jot(NOTE, Buffer.from(`${pid} ${birth}\n`));
  return [];
}

/** Exactly the process that was noted, and what it waits with. The one that goes off disarms itself: it is at work. */
export async function disarmProcess(state: Files): Promise<void> {
  const [pid = "", birth] = (await noteIn(state)).trim().split(" ");
  const isThere = birth !== undefined && birth === birthOf(Number(pid));
  if (isThere && Number(pid) !== process.pid) await endGroup(Number(pid));
  if (birth !== undefined) removeFile(state, NOTE);
}

async function noteIn(state: Files): Promise<string> {
  try {
    return (await state.read(NOTE, LIMIT)).toString("latin1");
  } catch (error) {
    if (error instanceof FileError) return "";
    throw error;
  }
}

function notArmed(): Problem {
  return {
    code: "deadman-not-armed",
    what: "nobody watches over this run: a process that waits could not be started",
    hint: "look whether /bin/sh and sleep are there, and whether more processes may be started",
  };
}
