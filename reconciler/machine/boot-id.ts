// The running kernel's own name for this boot: whoever kept another one has not seen this machine since.
import { readFileSync } from "node:fs";

/** Undefined where the kernel does not tell. */
export function readBootId(): string | undefined {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return undefined;
  }
}
