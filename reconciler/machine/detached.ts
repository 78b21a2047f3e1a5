// An argument list in, a process in a session of its own that outlives us out.
import { spawn } from "node:child_process";
import { codeOf } from "./errno.ts";
import { processAt, type ProcessSeen } from "./processes.ts";
import { programEnvironment } from "./program.ts";

/** Nothing that it says is heard. Otherwise why it could not be started: `ENOENT`, `EAGAIN`. */
export function startDetached([program = "", ...words]: readonly string[]): Promise<ProcessSeen | string> {
  const child = spawn(program, words, { cwd: "/", env: programEnvironment(), detached: true, stdio: "ignore" });
  child.unref();
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(codeOf(error) ?? "unknown"));
    child.once("spawn", () => resolve(processAt(child.pid ?? 0) ?? "ESRCH"));
  });
}
