// A managed root in, the real machine out: its files, its programs and its clock.
import { resolve } from "node:path";
import { realClock } from "./clock.ts";
import { runCommand } from "./command.ts";
import { openFiles } from "./real-files.ts";
import type { Machine } from "./machine.ts";

/** `state` is the state directory. `root` is "/" on a school server, or a directory with an image of one; then its programs are not to be run. */
export function openMachine({ root, state }: { readonly root: string; readonly state: string }): Machine {
  const base = resolve(root);
  const store = resolve(state);
  return {
    files: openFiles(base),
    store: { files: openFiles(store), hostPath: (path) => store + path },
    clock: realClock,
    live: base === "/",
    privileged: process.geteuid?.() === 0,
    hostPath: (path) => (base === "/" ? path : base + path),
    query: runCommand,
    run: runCommand,
  };
}
