// A change, or a difference that is left alone, as a sentence that says what happens to what, and why.
import { octal, permissionsOf } from "./permissions.ts";
import { isFileState, sameContent } from "../model/satisfies.ts";
import { nameOf, titleOf } from "../model/state.ts";
import { otherSentence, waitSentence } from "./sentence-of-others.ts";
import { printable } from "../../common/printable.ts";
import type { Change, Held, Standing, Why } from "../model/plan.ts";
import type { FileState, Permissions } from "../model/file-state.ts";

/** One line, safe to print: `restore /etc/squid/squid.conf: changed on this server since we wrote it`. */
export function changeSentence(change: Change): string {
  const { before, after } = change;
  if (!isFileState(before) || !isFileState(after)) return otherSentence(change);
  if (after.type === "absent") return removal(change);
  if (before.type === "absent") return arrival(change, after);
  if (sameContent(before, after)) return permission(change, permissionsOf(before), permissionsOf(after));
  return replacement(change, after);
}

/** One line, safe to print: `leave /etc/motd as it is: changed on this server since we wrote it (policy report)`. */
export function heldSentence(held: Held): string {
  const title = printable(titleOf(held.id));
  if (held.waits !== undefined) return waitSentence(title, held.waits);
  return `leave ${title} as it is: ${HELD[held.standing]} (policy ${held.policy})`;
}

const HERE = "changed on this server since we wrote it";
const HELD: Readonly<Record<Standing, string>> = {
  in_sync: "as git wants it",
  pending: "git changed it",
  drift: HERE,
  conflict: "changed in git, and on this server since we wrote it",
  foreign: "it was here before us",
};

function removal(change: Change): string {
  const reasons: Readonly<Partial<Record<Why, string>>> = {
    new: "it was here before us, and git wants it gone",
    drifted: "it came back on this server since we removed it",
    retired: "no longer in git",
  };
  return `remove ${nameIn(change)}: ${reasons[change.why] ?? "git wants it gone"}`;
}

function arrival(change: Change, after: FileState): string {
  if (change.implied === true) return `make directory ${nameIn(change)}: something is to lie in it`;
  const gone = "removed on this server since we wrote it";
  if (change.why === "drifted") return `restore ${nameIn(change)}: ${gone}`;
  if (change.why === "new") return `${making(change, after)}: new`;
  return `${making(change, after)}: ${change.standing === "conflict" ? `git changed it, and it was ${gone}` : "git changed it"}`;
}

function making(change: Change, after: FileState): string {
  if (after.type === "directory") return `make directory ${nameIn(change)}`;
  if (after.type === "symlink") return `link ${nameIn(change)} to ${printable(after.target)}`;
  return `write ${nameIn(change)}`;
}

function replacement(change: Change, after: FileState): string {
  const name = nameIn(change);
  switch (change.why) {
    case "new":
      return `take over ${name}: it was here before us; from now on git says what is in it`;
    case "drifted":
      return `restore ${name}: ${HERE}`;
    default: {
      const target = after.type === "symlink" ? ` by a link to ${printable(after.target)}` : "";
      return `replace ${name}${target}: ${change.standing === "conflict" ? `git changed it, and it was ${HERE}` : "git changed it"}`;
    }
  }
}

function permission(change: Change, before: Permissions, after: Permissions): string {
  const mode =
    after.mode !== undefined && after.mode !== before.mode ? `mode of ${nameIn(change)} to ${octal(after.mode)}` : "";
  const parts = [mode, owner(change, before, after, mode === "")].filter((part) => part !== "");
  const reasons: Readonly<Partial<Record<Why, string>>> = {
    new: "it was here before us",
    drifted: HERE,
    retired: "no longer in git",
  };
  const what = parts.length === 0 ? `permissions of ${nameIn(change)}` : parts.join(" and ");
  return `set ${what}: ${reasons[change.why] ?? "git changed it"}`;
}

/** A number that is left out stays what it is. */
function owner(change: Change, before: Permissions, after: Permissions, alone: boolean): string {
  const uid = after.uid ?? before.uid;
  const gid = after.gid ?? before.gid;
  if (uid === before.uid && gid === before.gid) return "";
  return `owner${alone ? ` of ${nameIn(change)}` : ""} to ${uid ?? ""}:${gid ?? ""}`;
}

function nameIn(change: Change): string {
  return printable(nameOf(change.id));
}
