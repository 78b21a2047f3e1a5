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

/** A process, and what tells it from any other that gets its number. */
type Noted = readonly [pid: number, birth: string];

/** The one before it ends only when this one is there. */
export async function armProcess(state: Files, inMs: number, argv: readonly string[]): Promise<readonly Problem[]> {
  const before = await noteIn(state);
  const pid = await startLater(inMs, argv);
  const birth = pid === undefined ? undefined : birthOf(pid);
  if (pid === undefined || birth === undefined) return [notArmed()];
  if (!note(state, [pid, birth])) {
    await end([pid, birth]);
    return [notNoted()];
  }
  if (before !== undefined) await end(before);
  return [];
}

/** The one that goes off disarms itself: it is at work. */
export async function disarmProcess(state: Files): Promise<void> {
  const noted = await noteIn(state);
  if (noted === undefined) return;
  await end(noted);
  removeFile(state, NOTE);
}

/** Exactly this process, and what it waits with. */
async function end([pid, birth]: Noted): Promise<void> {
  if (birth === birthOf(pid) && pid !== process.pid) await endGroup(pid);
}

function note(state: Files, [pid, birth]: Noted): boolean {
  try {
    state.jot(NOTE, Buffer.from(`${pid} ${birth}\n`));
    return true;
  } catch (error) {
    if (error instanceof FileError) return false;
    throw error;
  }
}

async function noteIn(state: Files): Promise<Noted | undefined> {
  try {
    const [, pid, birth] = /^(\d+) (\S+)\n$/u.exec((await state.read(NOTE, LIMIT)).toString("latin1")) ?? [];
    return pid === undefined || birth === undefined ? undefined : [Number(pid), birth];
  } catch (error) {
    if (error instanceof FileError) return undefined;
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

function notNoted(): Problem {
  return {
    code: "deadman-not-armed",
    what: "nobody watches over this run: the process that would wait could not be written down",
    hint: "look whether the disk of the state folder is full or read-only",
  };
}
