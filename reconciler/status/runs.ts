// The state directory in; whether a run is going on in some process, or was cut off in the middle, out. Only looks.
import { FileError, type Files } from "../machine/machine.ts";
import { unframe } from "../state/frame.ts";
import type { Status } from "./status.ts";

/** Whoever holds the run lock, by what it wrote there; a dead process does not count. */
export async function findRunAtWork(state: Files): Promise<Status["atWork"]> {
  const text = (await bytesIfAny(state, "/lock", 256))?.toString("latin1") ?? "";
  const words = new Map(Array.from(text.matchAll(/^(pid|boot|started) ([!-~]+)$/gmu), ([, key, word]) => [key, word]));
  const pid = Number(words.get("pid"));
  const started = words.get("started");
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid || !isAlive(pid)) return undefined;
  return { pid, ...(started === undefined ? {} : { since: started }) };
}

/** Signal 0 only asks. Not being allowed means that there is somebody. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

const JOURNAL = "/journal.log";
const LIMIT = 512 * 1024 * 1024;

/** A journal that was not closed, and the name of its run as far as it can be read. */
export async function findOpenRun(state: Files): Promise<{ readonly run?: string } | undefined> {
  const bytes = await bytesIfAny(state, JOURNAL, LIMIT);
  if (bytes === undefined) return undefined;
  const [intent] = unframe(bytes).values;
  const named = typeof intent === "object" && intent !== null && "run" in intent && typeof intent.run === "string";
  return named ? { run: String(intent.run) } : {};
}

async function bytesIfAny(state: Files, path: string, limit: number): Promise<Buffer | undefined> {
  try {
    return await state.read(path, limit);
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return undefined;
    throw error;
  }
}
