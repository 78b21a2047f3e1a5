// Which changes could cut a server off, and by what.
import { describe, expect, test } from "@jest/globals";
import { ABSENT } from "../../../reconciler/model/absent.ts";
import type { Change } from "../../../reconciler/model/plan.ts";
import type { ResourceId } from "../../../reconciler/model/state.ts";
import { riskyOnes } from "../../../reconciler/plan/risky.ts";

function change(id: ResourceId, more: Partial<Change> = {}): Change {
  return { id, before: ABSENT, after: { type: "directory" }, why: "new", standing: "pending", ...more };
}

/** By what, or undefined. */
function risk(id: ResourceId, marked: readonly string[] = []): string | undefined {
  return riskyOnes([change(id)], marked)[0]?.by;
}

const RISKY: readonly (readonly [ResourceId, string])[] = [
  ["file:/etc/network/interfaces", "network"],
  ["file:/etc/netplan/10-school.yaml", "network"],
  ["file:/etc/systemd/network/lan.network", "network"],
  ["file:/etc/NetworkManager/system-connections/lan", "network"],
  ["file:/etc/sysctl.conf", "network"],
  ["file:/etc/sysctl.d/10-forward.conf", "network"],
  ["file:/etc/wireguard/wg0.conf", "network"],
  ["file:/etc/default/networking", "network"],
  ["file:/etc/systemd/system/wg-quick@.service.d/10-slow.conf", "network"],
  ["service:wg-quick@wg0", "network"],
  ["service:NetworkManager", "network"],
  ["package:ifupdown2", "network"],
  ["package:linux-image-amd64", "network"],
  ["file:/etc/nftables.conf", "firewall"],
  ["file:/etc/nftables.d/lan.nft", "firewall"],
  ["file:/etc/iptables/rules.v4", "firewall"],
  ["data:/etc/nftables.d", "firewall"],
  ["service:nftables", "firewall"],
  ["package:ufw", "firewall"],
  ["file:/etc/ssh/sshd_config", "ssh"],
  ["file:/etc/ssh", "ssh"],
  ["file:/etc/systemd/system/ssh.service", "ssh"],
  ["service:sshd", "ssh"],
  ["package:openssh-server", "ssh"],
  ["file:/etc/hosts", "names"],
  ["file:/etc/resolv.conf", "names"],
  ["file:/etc/systemd/resolved.conf.d/school.conf", "names"],
  ["file:/etc/dnsmasq.d/lan.conf", "names"],
  ["service:dnsmasq", "names"],
  ["file:/etc/kea/kea-dhcp4.conf", "addresses for others"],
  ["service:kea-dhcp4-server", "addresses for others"],
  ["file:/etc/puppet/puppet.conf", "a neighbour"],
  ["service:cf-execd", "a neighbour"],
  ["file:/etc/reconciler/deploy_key", "the reconciler itself"],
  ["file:/etc/systemd/system/reconciler.service", "the reconciler itself"],
  ["package:git", "the reconciler itself"],
];

test.each(RISKY)("%s could: %s", (id, by) => {
  expect(risk(id)).toBe(by);
});

const HARMLESS: readonly ResourceId[] = [
  "file:/etc/motd",
  "file:/etc/hostsfile",
  "file:/etc/sshd",
  "file:/srv/etc/ssh/sshd_config",
  "file:/etc/systemd/system/lessons.service",
  "data:/srv/library",
  "service:nginx",
  "service:sshguard",
  "package:git-lfs",
  "user:sshd",
  "group:ssh",
];

test.each(HARMLESS)("%s could not", (id) => {
  expect(risk(id)).toBeUndefined();
});

describe("what the fleet marks", () => {
  const marked = ["/etc/frr-school.conf", "/etc/modem/", "service:modem", "package:modem-tools"];

  test.each<ResourceId>([
    "file:/etc/frr-school.conf",
    "file:/etc/modem/apn",
    "data:/etc/modem/lists",
    "service:modem",
    "package:modem-tools",
  ])("counts: %s", (id) => expect(risk(id, marked)).toBe("marked by the fleet"));

  test.each<ResourceId>(["file:/etc/modems", "package:modem", "service:modem-tools", "user:modem"])(
    "and nothing else: %s",
    (id) => expect(risk(id, marked)).toBeUndefined(),
  );

  test("of data, everything that lies in it counts", () => {
    expect(risk("data:/etc/modem", ["/etc/modem/apn"])).toBe("marked by the fleet");
    expect(risk("file:/etc/modem", ["/etc/modem/apn"])).toBeUndefined();
  });
});

test("a folder that is only made on the way to something does nothing", () => {
  expect(riskyOnes([change("file:/etc/ssh", { implied: true })], [])).toEqual([]);
});
