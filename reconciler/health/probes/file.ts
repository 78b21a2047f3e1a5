// Whether a file is there, and holds a text, below the managed root.
import { FileError } from "../../machine/machine.ts";
import type { FileReader, Reached } from "../../machine/machine.ts";
import type { Probe } from "../../model/health.ts";

const LARGEST = 1024 * 1024;

/** Reads at most 1 MiB, and only when a text is asked for. Throws FileError. */
export async function probeFile(
  probe: Extract<Probe, { type: "file" }>,
  files: Pick<FileReader, "stat" | "read">,
): Promise<Reached> {
  const stat = files.stat(probe.path);
  if (stat === undefined || stat.type === "absent") return { ok: false, detail: "is not there" };
  if (probe.contains === undefined) return { ok: true, detail: "" };
  if (stat.type !== "regular") return { ok: false, detail: `is a ${stat.type}, and only a regular file is read` };
  if (stat.size > LARGEST) return tooBig();
  try {
    const found = (await files.read(probe.path, LARGEST)).includes(probe.contains);
    return found ? { ok: true, detail: "" } : { ok: false, detail: "does not hold the expected text" };
  } catch (error) {
    if (error instanceof FileError && error.code === "ETOOBIG") return tooBig();
    throw error;
  }
}

function tooBig(): Reached {
  return { ok: false, detail: "is larger than 1 MiB, so it was not searched for the expected text" };
}
