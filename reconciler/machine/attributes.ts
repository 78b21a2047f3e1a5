// Pairs of files in, the access lists and extended attributes of the one on the other. Node has no calls for these,
// so coreutils' cp does it, on descriptors that we opened: it never walks a path itself.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import { attempt } from "./errno.ts";
import { O_PATH, within } from "./held.ts";
import { namesOf } from "./path.ts";
import { programEnvironment } from "./program.ts";
import type { Base } from "./held.ts";

const { O_NOFOLLOW } = fs.constants;
/** Two descriptors a pair: far from any limit on open files. */
const PAIRS_AT_ONCE = 50;
const FIRST_DESCRIPTOR = 3;
const TIMEOUT_MS = 30_000;
const CP = ["cp", "--attributes-only", "--preserve=all", "--no-preserve=timestamps,links", "--"];

type Pair = readonly [from: string, to: string];

/**
 * About 1 ms a pair, one process for up to fifty of them. Quiet where the file system or cp (busybox) has none of it.
 * @throws FileError when a file cannot be reached at all
 */
export async function copyAttributes(base: Base, pairs: readonly Pair[]): Promise<void> {
  for (const path of pairs.flat()) namesOf(path, "copy attributes");
  if (!base.descriptors) return;
  for (let start = 0; start < pairs.length; start += PAIRS_AT_ONCE) {
    await copySome(base, pairs.slice(start, start + PAIRS_AT_ONCE));
  }
}

async function copySome(base: Base, pairs: readonly Pair[]): Promise<void> {
  const descriptors: number[] = [];
  try {
    for (const [from, to] of pairs) openPair(base, from, to, descriptors);
    if (descriptors.length > 0) await runCp(descriptors);
  } finally {
    for (const descriptor of descriptors) fs.closeSync(descriptor);
  }
}

/** Only regular files have attributes that we keep. */
function openPair(base: Base, from: string, to: string, descriptors: number[]): void {
  const opened = [from, to].map((path) => {
    const descriptor = attempt("copy attributes", path, () =>
      within(base, path, "copy attributes", (place) => fs.openSync(place, O_PATH | O_NOFOLLOW)),
    );
    descriptors.push(descriptor);
    return descriptor;
  });
  if (opened.every((descriptor) => fs.fstatSync(descriptor).isFile())) return;
  for (const descriptor of descriptors.splice(-2)) fs.closeSync(descriptor);
}

/** xargs runs cp once a pair, which spares us a start of a process out of this one for each. */
function runCp(descriptors: readonly number[]): Promise<void> {
  const names = descriptors.map((_, index) => `/proc/self/fd/${FIRST_DESCRIPTOR + index}\0`);
  const child = spawn("xargs", ["-0", "-n", "2", ...CP], {
    stdio: ["pipe", "ignore", "ignore", ...descriptors],
    env: programEnvironment(),
    signal: AbortSignal.timeout(TIMEOUT_MS),
    killSignal: "SIGKILL",
  });
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(names.join(""));
  return new Promise((resolve) => {
    child.on("error", () => resolve());
    child.on("close", () => resolve());
  });
}
