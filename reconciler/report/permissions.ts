// Who owns something and who may do what, in the words that people use.
import type { FileState, Permissions } from "../model/state.ts";

/** What has no permissions, or none that we care for, has none of the members. */
export function permissionsOf(state: FileState): Permissions {
  return state.type === "absent" || state.type === "special" ? {} : state;
}

/** `0644`. */
export function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}
