// Who owns something and who may do what, in the words that people use.
import type { Permissions } from "../model/file-state.ts";
import type { State } from "../model/state.ts";

/** What has no permissions, or none that we care for, has none of the members. */
export function permissionsOf(state: State): Permissions {
  switch (state.type) {
    case "regular":
    case "directory":
    case "symlink":
    case "data":
      return state;
    default:
      return {};
  }
}

/** `0644`. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
