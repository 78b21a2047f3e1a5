// What a service prints in; the last of it, in one file and an older one that never grow beyond a size, out.
import { closeSync, fstatSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { join } from "node:path";

/** Of one file; there are two for each service. */
const MOST_BYTES = 256 * 1024;
const LAST_LINES = 10;

export interface ServiceLog {
  write(bytes: Buffer): void;
  lastWords(): string;
  close(): void;
}

/** A full disk loses words, and stops no service. */
export function openLog(folder: string, name: string, mostBytes = MOST_BYTES): ServiceLog {
  const [current, older] = [join(folder, `${name}.log`), join(folder, `${name}.log.old`)];
  let descriptor = openSync(current, "a", 0o600);
  let size = fstatSync(descriptor).size;
  let closed = false;
  const turnOver = (): void => {
    renameSync(current, older);
    const next = openSync(current, "a", 0o600);
    closeSync(descriptor);
    descriptor = next;
    size = 0;
  };
  return {
    write(bytes) {
      if (closed) return;
      const kept = bytes.subarray(-mostBytes);
      unlessFull(() => {
        if (size > 0 && size + kept.length > mostBytes) turnOver();
        writeSync(descriptor, kept);
        size += kept.length;
      });
    },
    lastWords: () => lastLines(textOf(older) + textOf(current)),
    close() {
      closed = true;
      closeSync(descriptor);
    },
  };
}

function unlessFull(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!(error instanceof Error && "code" in error)) throw error;
  }
}

function lastLines(text: string): string {
  return text.trimEnd().split("\n").slice(-LAST_LINES).join("\n");
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
