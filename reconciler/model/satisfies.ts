// Whether what is seen is what is wanted; members that the wanted state leaves out match anything.
import type { User } from "./account-state.ts";
import type { FileState, Permissions } from "./file-state.ts";
import type { Installed } from "./package-state.ts";
import type { Service } from "./service-state.ts";
import type { State } from "./state.ts";

export function satisfies(seen: State, wanted: State): boolean {
  return sameContent(seen, wanted) && samePermissions(seen, wanted);
}

/** Same type and same content, whatever the permissions. */
export function sameContent(seen: State, wanted: State): boolean {
  switch (wanted.type) {
    case "regular":
      return seen.type === "regular" && seen.digest === wanted.digest;
    case "symlink":
      return seen.type === "symlink" && seen.target === wanted.target;
    case "data":
      return seen.type === "data" && seen.shape === wanted.shape && seen.digest === wanted.digest;
    case "installed":
      return seen.type === "installed" && isVersion(seen, wanted);
    case "service":
      return seen.type === "service" && runsAs(seen, wanted);
    case "user":
      return seen.type === "user" && isAccount(seen, wanted);
    case "group":
      return seen.type === "group" && seen.gid === wanted.gid;
    case "absent":
    case "directory":
    case "special":
      return seen.type === wanted.type;
  }
}

function isVersion(seen: Installed, wanted: Installed): boolean {
  return agrees(seen.version, wanted.version) && agrees(seen.minimum, wanted.minimum) && agrees(seen.held, wanted.held);
}

function runsAs(seen: Service, wanted: Service): boolean {
  return (
    agrees(seen.enabled, wanted.enabled) && agrees(seen.running, wanted.running) && agrees(seen.masked, wanted.masked)
  );
}

function isAccount(seen: User, wanted: User): boolean {
  return (
    seen.uid === wanted.uid &&
    seen.group === wanted.group &&
    wanted.groups.every((group) => seen.groups.includes(group)) &&
    agrees(seen.home, wanted.home) &&
    agrees(seen.shell, wanted.shell)
  );
}

function agrees<T>(seen: T | undefined, wanted: T | undefined): boolean {
  return wanted === undefined || seen === wanted;
}

function samePermissions(seen: State, wanted: State): boolean {
  if (!hasPermissions(wanted)) return true;
  const have = seen as Permissions;
  return (
    (wanted.type === "symlink" || agrees(have.mode, wanted.mode)) &&
    agrees(have.uid, wanted.uid) &&
    agrees(have.gid, wanted.gid)
  );
}

function hasPermissions(state: State): state is State & Permissions {
  return ["regular", "directory", "symlink", "data"].includes(state.type);
}

export function isFileState(state: State): state is FileState {
  return ["regular", "directory", "symlink", "special", "absent"].includes(state.type);
}
