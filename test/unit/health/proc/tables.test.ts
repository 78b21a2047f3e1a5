// The kernel's tables as real machines showed them.
import { describe, expect, test } from "@jest/globals";
import { neighbourServers } from "../../../../reconciler/health/proc/neighbours.ts";
import { ownersOf } from "../../../../reconciler/health/proc/owners.ts";
import { defaultRoutes, isNeighbour } from "../../../../reconciler/health/proc/routes.ts";
import { isHandedOut, listeningSockets } from "../../../../reconciler/health/proc/sockets.ts";
import { paperFiles, routeOfFour, routesOfSix, socketLine } from "../paper-proc.ts";

describe("default routes", () => {
  test("are those of both families that are in use, with their gateways", async () => {
    const files = paperFiles({
      "/proc/net/route": routeOfFour(
        "eth0	00000000	010200C0	0003	0	0	0	00000000	0	0	0",
        "eth0	000200C0	00000000	0001	0	0	0	00FFFFFF	0	0	0",
        "ppp0	00000000	00000000	0001	0	0	700	00000000	0	0	0",
        "eth1	00000000	0101A8C0	0002	0	0	0	00000000	0	0	0",
        "eth2	00000000	0101A8C0	0203	0	0	0	00000000	0	0	0",
        "tun0	00000000	0100080A	0003	0	0	0	00000080	0	0	0",
      ),
      "/proc/net/ipv6_route": routesOfSix,
    });
    expect(await defaultRoutes(files)).toEqual([
      { family: 4, device: "eth0", gateway: "192.0.2.1" },
      { family: 4, device: "ppp0" },
      { family: 6, device: "eth0", gateway: "fd00::1" },
    ]);
  });

  test("are none where there is no table, or one that is none", async () => {
    expect(await defaultRoutes(paperFiles({}))).toEqual([]);
    expect(await defaultRoutes(paperFiles({ "/proc/net/route": "Iface\n\u001b[2J\t00000000\tzz\n" }))).toEqual([]);
  });
});

test("a neighbour is who answered on that cable", async () => {
  const files = paperFiles({
    "/proc/net/arp": `IP address       HW type     Flags       HW address            Mask     Device
192.0.2.1        0x1         0x2         02:fc:00:00:00:05     *        eth0
192.0.2.9        0x1         0x0         00:00:00:00:00:00     *        eth0
`,
  });
  expect(await isNeighbour(files, "192.0.2.1", "eth0")).toBe(true);
  expect(await isNeighbour(files, "192.0.2.1", "eth1")).toBe(false);
  expect(await isNeighbour(files, "192.0.2.9", "eth0")).toBe(false);
  expect(await isNeighbour(files, "192.0.2.2", "eth0")).toBe(false);
});

describe("sockets", () => {
  test("that listen for others are told with their addresses", async () => {
    const files = paperFiles({
      "/proc/net/tcp": socketLine(
        ["00000000:0016", "00000000:0000", "0A", 101],
        ["0100007F:0035", "00000000:0000", "0A", 102],
        ["0C60120A:0C38", "00000000:0000", "0A", 103],
        ["0C60120A:0016", "0160120A:D431", "01", 104],
      ),
      "/proc/net/tcp6": socketLine(
        ["00000000000000000000000000000000:0050", "00000000000000000000000000000000:0000", "0A", 105],
        ["00000000000000000000000001000000:0277", "00000000000000000000000000000000:0000", "0A", 106],
        ["000080FE00000000FF00FC0201000002:0035", "00000000000000000000000000000000:0000", "0A", 107],
        ["0000000000000000FFFF00000C60120A:01BB", "00000000000000000000000000000000:0000", "0A", 108],
      ),
      "/proc/net/udp": socketLine(
        ["00000000:0043", "00000000:0000", "07", 109],
        ["0C60120A:A1B2", "0160120A:0035", "01", 110],
        ["3500007F:0035", "00000000:0000", "07", 111],
      ),
    });
    expect(await listeningSockets(files)).toEqual([
      { protocol: "tcp", address: "0.0.0.0", port: 22, inode: 101 },
      { protocol: "tcp", address: "10.18.96.12", port: 3128, inode: 103 },
      { protocol: "tcp", address: "::", port: 80, inode: 105 },
      { protocol: "tcp", address: "fe80::2fc:ff:200:1", port: 53, inode: 107 },
      { protocol: "tcp", address: "10.18.96.12", port: 443, inode: 108 },
      { protocol: "udp", address: "0.0.0.0", port: 67, inode: 109 },
    ]);
  });

  test("with a port that the kernel chose are known by the kernel's own range", async () => {
    const usual = await isHandedOut(paperFiles({}));
    expect([usual(32_767), usual(32_768), usual(60_999), usual(61_000)]).toEqual([false, true, true, false]);
    const other = await isHandedOut(paperFiles({ "/proc/sys/net/ipv4/ip_local_port_range": "9000\t65535\n" }));
    expect([other(8999), other(9000), other(65_535)]).toEqual([false, true, true]);
  });
});

describe("owners of sockets", () => {
  const files = paperFiles(
    {
      "/proc/700/cgroup": "0::/system.slice/ssh.service\n",
      "/proc/700/stat": "700 (sshd) S 1 700 700 0 -1 4194560 1\n",
      "/proc/701/cgroup": "1:name=systemd:/system.slice/system-openvpn.slice/openvpn@school.service\n0::/\n",
      "/proc/701/stat": "701 (openvpn) S 1 701 701 0 -1 4194560 1\n",
      "/proc/702/cgroup": "0::/user.slice/user-1000.slice/session-3.scope\n",
      "/proc/702/stat": "702 (a (b) S 1) S 1 702 702 0 -1 4194560 1\n",
      "/proc/703/cgroup": "0::/\n",
      "/proc/703/stat": "703 (python3) S 1 703 703 34816 -1 4194560 1\n",
      "/proc/704/cgroup": "0::/\n",
      "/proc/704/stat": "704 (dnsmasq) S 1 704 704 0 -1 4194560 1\n",
    },
    {
      "/proc/700/fd/3": "socket:[101]",
      "/proc/700/fd/4": "/dev/null",
      "/proc/701/fd/5": "socket:[102]",
      "/proc/702/fd/5": "socket:[103]",
      "/proc/703/fd/5": "socket:[104]",
      "/proc/704/fd/5": "socket:[105]",
      "/proc/705/fd/5": "socket:[106]",
      "/proc/self/fd/5": "socket:[107]",
    },
  );

  test("are services by their unit, or else by their program; what a person started passes", async () => {
    const owners = await ownersOf(files, new Set([101, 102, 103, 104, 105, 107, 999]));
    expect(Object.fromEntries(owners)).toEqual({
      101: { service: "ssh", passing: false },
      102: { service: "openvpn@school", passing: false },
      103: { service: "a (b) S 1", passing: true },
      104: { service: "python3", passing: true },
      105: { service: "dnsmasq", passing: false },
    });
  });
});

describe("servers of the neighbours", () => {
  test("are read from their own settings", async () => {
    const files = paperFiles({
      "/etc/puppet/puppet.conf":
        "[main]\nserver = old.example\n# server = no.example\n[agent]\nserver=puppet # here\nmasterport = 8141\n",
      "/var/cfengine/policy_server.dat": "10.0.0.2\n",
    });
    expect(await neighbourServers(files)).toEqual([
      { what: "puppet server", host: "puppet", port: 8141 },
      { what: "cfengine hub", host: "10.0.0.2", port: 5308 },
    ]);
  });

  test("are none where nobody is named, or somebody who cannot be", async () => {
    for (const server of ["-oProxyCommand=x", "a b", "a;b", "$(x)", "x/../y", "\u001b[2J"]) {
      const texts = {
        "/etc/puppet/puppet.conf": `server = ${server}\n`,
        "/var/cfengine/policy_server.dat": `${server}\n`,
      };
      const hosts = (await neighbourServers(paperFiles(texts))).map(({ host }) => host);
      expect([server, hosts]).toEqual([server, server === "a b" ? ["a"] : []]);
    }
    expect(await neighbourServers(paperFiles({ "/etc/puppet/puppet.conf": "[main]\nssldir = /x\n" }))).toEqual([]);
    expect(await neighbourServers(paperFiles({ "/var/cfengine/policy_server.dat": "hub:0\n" }))).toEqual([]);
  });
});
