// What a test needs of the machine it runs on: under CI=true it must be there, elsewhere its absence is said aloud.
import { expect } from "@jest/globals";
import { accessSync, appendFileSync, constants } from "node:fs";
import { basename } from "node:path";
import { execFileSync } from "node:child_process";

/** Whether these programs are installed. */
export function hasPrograms(...names: readonly string[]): boolean {
  return isUnhindered(missingPrograms(...names));
}

/** The same as an obstacle for a whole file, which each of its tests gives to `isUnhindered`. */
export function missingPrograms(...names: readonly string[]): string | undefined {
  const missing = names.filter((name) => !isInPath(name));
  return missing.length === 0 ? undefined : `not installed: ${missing.join(", ")}`;
}

/** Whether there is no such obstacle. */
export function isUnhindered(obstacle: string | undefined): boolean {
  return obstacle === undefined || missingHere(obstacle);
}

/** Whether the test runs as root: daemons, namespaces and some checkers want that. */
export function isRoot(): boolean {
  return process.geteuid?.() === 0 || missingHere("wants root");
}

/** Whether a file system can be mounted there; it is up to the caller to unmount it. */
export function mounts(directory: string, ...args: readonly string[]): boolean {
  try {
    execFileSync("mount", [...args, directory], { stdio: "ignore" });
    return true;
  } catch {
    return missingHere("not allowed to mount (run the tests as root)");
  }
}

function isInPath(name: string): boolean {
  return (process.env["PATH"] ?? "").split(":").some((directory) => {
    try {
      accessSync(`${directory}/${name}`, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Noted for the totals of `npm test`, where it counts as skipped; a run of jest alone says it on the spot. */
function missingHere(what: string): false {
  if (process.env["CI"] === "true") throw new Error(what);
  const { currentTestName = "a whole file", testPath = "" } = expect.getState();
  const notes = process.env["SKIPPED_TESTS"];
  if (notes === undefined) console.warn(`this test proves nothing here: ${what}`);
  else appendFileSync(notes, `${basename(testPath)}: ${currentTestName} (${what})\n`);
  return false;
}
