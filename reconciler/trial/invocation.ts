// How this program was called in, how to call it again out.
import { basename, dirname } from "node:path";
import { shellLine } from "./shell-word.ts";

/**
 * `script` is the absolute path of what node runs. The bare name where the shell would find it, else the path; with
 * `node` before it where it is not called by its own name.
 */
export function invocation(script: string, path: string): string {
  if (basename(script) !== "reconcile") return shellLine(["node", script]);
  return path.split(":").includes(dirname(script)) ? "reconcile" : shellLine([script]);
}
