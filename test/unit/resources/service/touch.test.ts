// Which changes of a plan a running service has to take notice of.
import { expect, test } from "@jest/globals";
import { ABSENT } from "../../../../reconciler/model/absent.ts";
import type { Change } from "../../../../reconciler/model/plan.ts";
import type { ResourceId, State } from "../../../../reconciler/model/state.ts";
import { touched } from "../../../../reconciler/resources/service/touch.ts";

const FILE: State = { type: "regular", digest: "a", size: 1 };
const OTHER: State = { type: "regular", digest: "b", size: 1 };
const FOLDER: State = { type: "directory" };
const LINK: State = { type: "symlink", target: "/srv/b" };
const DATA: State = { type: "data", shape: "tree", digest: "d", size: 1 };
const DEFINITIONS = ["/etc/systemd/system/squid.service", "/etc/systemd/system/squid.service.d/", "/etc/default/squid"];
const RUNNING = { reads: ["/etc/squid/", "/srv/lists/blocked"], packages: ["squid"] };

function change(id: ResourceId, before: State, after: State): Change {
  return { id, before, after, why: "changed", standing: "pending" };
}

function package_(version: string): State {
  return { type: "installed", version };
}

test.each<[string, Change, "restart" | "renew" | "nothing"]>([
  ["a file that it reads", change("file:/etc/squid/squid.conf", FILE, OTHER), "renew"],
  ["a new file in a folder that it reads", change("file:/etc/squid/conf.d/10.conf", ABSENT, FILE), "renew"],
  ["a file that goes", change("file:/etc/squid/squid.conf", FILE, ABSENT), "renew"],
  ["a file beside it", change("file:/etc/squidguard/squidguard.conf", FILE, OTHER), "nothing"],
  ["a file whose name begins the same", change("file:/srv/lists/blocked-too", FILE, OTHER), "nothing"],
  ["the folder alone", change("file:/etc/squid", FOLDER, { type: "directory", mode: 0o700 }), "nothing"],
  ["a new folder in it", change("file:/etc/squid/conf.d", ABSENT, FOLDER), "nothing"],
  ["a link on the way", change("file:/srv/lists", LINK, { ...LINK, target: "/srv/c" }), "renew"],
  ["data in which it reads", change("data:/srv/lists", DATA, { ...DATA, digest: "e" }), "renew"],
  ["data below what it reads", change("data:/etc/squid/lists", ABSENT, DATA), "renew"],
  ["data elsewhere", change("data:/srv/library", ABSENT, DATA), "nothing"],
  ["its unit", change("file:/etc/systemd/system/squid.service", FILE, OTHER), "restart"],
  ["a new drop-in", change("file:/etc/systemd/system/squid.service.d/10-limits.conf", ABSENT, FILE), "restart"],
  ["its environment file", change("file:/etc/default/squid", FILE, OTHER), "restart"],
  ["another version of its package", change("package:squid", package_("5"), package_("6")), "restart"],
  [
    "a minimum that it did not have",
    change("package:squid", package_("5"), { type: "installed", minimum: "6" }),
    "restart",
  ],
  ["its package, new", change("package:squid", ABSENT, package_("6")), "restart"],
  ["its package, only held", change("package:squid", package_("5"), { type: "installed", held: true }), "nothing"],
  ["another package", change("package:nginx", package_("1"), package_("2")), "nothing"],
  ["a user", change("user:squid", ABSENT, { type: "user", uid: 1, group: "squid", groups: [] }), "nothing"],
])("%s", (_title, one, expected) => {
  const { because, restart } = touched([one], RUNNING, DEFINITIONS);
  expect(because.length === 0 ? "nothing" : restart ? "restart" : "renew").toBe(expected);
  expect(because).toEqual(expected === "nothing" ? [] : [one.id]);
});
