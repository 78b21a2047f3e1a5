// A change of an account, a package, an item of data or a service as a sentence, and what something waits for.
import { printable } from "../../common/printable.ts";
import type { Change, Wait, Why } from "../model/plan.ts";
import type { Installed } from "../model/package-state.ts";
import type { Service } from "../model/service-state.ts";
import { kindOf, titleOf } from "../model/state.ts";

/** One line, safe to print: `install package nginx 1.22.1-9: new`. */
export function otherSentence(change: Change): string {
  const sentence = plainSentence(change);
  return change.irreversible === undefined
    ? sentence
    : `${sentence} (cannot be undone: ${printable(change.irreversible)})`;
}

function plainSentence(change: Change): string {
  const { after, before } = change;
  const title = printable(titleOf(change.id));
  const reason = reasonOf(change);
  if (after.type === "installed") return `${installing(title, before, after)}: ${reason}`;
  if (after.type === "service") return `${operating(title, before, after, change.renew)}: ${reason}`;
  const kind = kindOf(change.id);
  if (after.type === "absent") return `${kind === "service" ? "stop and disable" : "remove"} ${title}: ${reason}`;
  if (after.type === "data") return `${before.type === "absent" ? "put" : "replace"} ${title}: ${reason}`;
  const number =
    after.type === "user" ? ` with uid ${after.uid}` : after.type === "group" ? ` with gid ${after.gid}` : "";
  return `${before.type === "absent" ? "make" : "change"} ${title}${number}: ${reason}`;
}

/** `wait with /etc/squid/squid.conf until 2026-11-23T20:00Z: the window nights is not open`. */
export function waitSentence(title: string, { what, untilMs }: Wait): string {
  const until = untilMs === undefined ? "" : ` until ${new Date(untilMs).toISOString().replace(/:00\.000Z$/u, "Z")}`;
  return `wait with ${title}${until}: ${printable(what)}`;
}

function installing(title: string, before: Change["before"], after: Installed): string {
  const version = printable(after.version ?? "");
  if (before.type !== "installed") return `install ${title}${version === "" ? "" : ` ${version}`}`;
  if (after.version !== undefined && before.version !== after.version)
    return `bring ${title} from ${printable(before.version ?? "?")} to ${version}`;
  if (after.held !== undefined && after.held !== before.held)
    return after.held ? `hold ${title} at its version` : `let go of the version of ${title}`;
  return `bring ${title} to ${printable(after.minimum ?? "its version")} or newer`;
}

function operating(title: string, before: Change["before"], after: Service, renew: Change["renew"]): string {
  const was: Partial<Service> = before.type === "service" ? before : {};
  const verbs = [
    after.masked === true && was.masked !== true ? "mask" : "",
    after.masked === false && was.masked === true ? "unmask" : "",
    after.enabled === true && was.enabled !== true ? "enable" : "",
    after.enabled === false && was.enabled !== false ? "disable" : "",
    after.running === true && was.running !== true ? "start" : (renew ?? ""),
    after.running === false && was.running !== false ? "stop" : "",
  ].filter((verb) => verb !== "");
  return `${verbs.length === 0 ? "look after" : verbs.join(" and ")} ${title}`;
}

/** How many causes are named before the rest is only counted. */
const NAMED = 3;

function reasonOf({ why, standing, because = [] }: Change): string {
  if (because.length > 0) {
    const named = because.slice(0, NAMED).map((id) => printable(titleOf(id)));
    const more = because.length > NAMED ? ` and ${because.length - NAMED} more` : "";
    return `${named.join(", ")}${more} ${because.length === 1 ? "changes" : "change"}`;
  }
  return standing === "foreign" ? "it was otherwise before us" : REASONS[why];
}

const REASONS: Readonly<Record<Why, string>> = {
  new: "new",
  changed: "git changed it",
  drifted: "changed on this server since we made it so",
  retired: "no longer in git",
  updated: "there is a newer version",
  follows: "something else needs it",
};
