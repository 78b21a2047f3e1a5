// A base directory in, its files out: the door through which this program meets a real Linux file system.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { readsOf } from "./real-reads.ts";
import { writesOf } from "./real-writes.ts";
import type { Files } from "./machine.ts";

/**
 * Files below `base`. Directories are held open by descriptor while something in them is read or changed; without
 * /proc (`descriptors` false) their resolved paths have to do.
 */
export function openFiles(base: string, descriptors = existsSync("/proc/self/fd")): Files {
  const opened = { path: resolve(base), descriptors };
  return { ...readsOf(opened), ...writesOf(opened) };
}
