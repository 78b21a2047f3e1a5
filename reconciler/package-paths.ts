// Where the folders are that ship beside the program. This file and everything in dist/ lie one level below the
// package's root, so one relative path is right for both.
import { fileURLToPath } from "node:url";

/** The package's own mace layers (`templates/<layer>/<service>.d/...`): an absolute path without a final slash. */
export function templatesFolder(): string {
  return fileURLToPath(new URL("../templates", import.meta.url));
}

/** The example fleet that ships with the package: an absolute path without a final slash. */
export function exampleFleetFolder(): string {
  return fileURLToPath(new URL("../desired-state", import.meta.url));
}
