// Words of a program and a time in, a small process in a session of its own, which outlives us and starts it then, out.
import { spawn } from "node:child_process";
import { programEnvironment } from "./program.ts";

/** The words come as arguments; nothing of them is read as shell. A sleeping shell takes a tenth of what Node takes. */
const LATER = ["/bin/sh", "-c", 'sleep "$1" && shift && exec "$@"', "later"];

/** Its number, which is that of its group as well; undefined when it could not be started. */
export function startLater(inMs: number, argv: readonly string[]): Promise<number | undefined> {
  const [program = "", ...words] = [...LATER, String(Math.ceil(inMs / 1000)), ...argv];
  const child = spawn(program, words, { cwd: "/", detached: true, stdio: "ignore", env: programEnvironment() });
  return new Promise((resolve) => {
    child.once("error", () => resolve(undefined));
    child.once("spawn", () => {
      child.unref();
      resolve(child.pid);
    });
  });
}
