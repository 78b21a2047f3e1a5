// What a run is at, in a note that costs the disk nothing: it is there for whoever comes after a process that died.
import { FileError, type Files } from "../machine/machine.ts";
import type { RunStep } from "../model/run-step.ts";
import { frame, unframe } from "./frame.ts";
import { removeFile } from "./slots.ts";

const NOTE = "/at-work";
const LIMIT = 64 * 1024;

export interface AtWork {
  readonly run: string;
  readonly step: RunStep;
  /** The commit that the run has turned to, and the digest of what this host reads of it, as far as they are known. */
  readonly commit?: string;
  readonly digest?: string;
  /** The newest commit that git offered then. */
  readonly offered?: string;
  /** Of the machine; left out where nobody can know. */
  readonly boot?: string;
}

/** Not waiting for the disk: after a power cut it may be missing or torn, and then nobody is blamed. */
export function jotAtWork(state: Files, note: AtWork): void {
  state.jot(NOTE, frame(note));
}

/** Undefined when the last run came to its end, or when nothing can be read of it. */
export async function readAtWork(state: Files): Promise<AtWork | undefined> {
  try {
    const [note] = unframe(await state.read(NOTE, LIMIT)).values;
    return isNote(note) ? note : undefined;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}

export function wipeAtWork(state: Files): void {
  removeFile(state, NOTE);
}

function isNote(value: unknown): value is AtWork {
  return typeof value === "object" && value !== null && "run" in value && "step" in value;
}
