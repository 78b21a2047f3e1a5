import { expect, test } from "@jest/globals";
import { nearestPaths } from "../../../reconciler/why/nearest-paths.ts";

const MANAGED = ["/etc/motd", "/etc/squid/squid.conf", "/etc/squid/acl.conf", "/srv/library", "/opt/motd"];

test.each([
  ["/etc/modt", ["/etc/motd", "/etc/squid/squid.conf", "/etc/squid/acl.conf"]],
  ["/etc/squid/other", ["/etc/squid/squid.conf", "/etc/squid/acl.conf"]],
  ["/usr/share/motd", ["/etc/motd", "/opt/motd"]],
  ["/quite/elsewhere", []],
])("%s may mean %j", (path, expected) => {
  expect(nearestPaths(path, MANAGED)).toEqual(expected);
});
