// What mace made is not only well formed: the real programs start with it and answer, on a server of their own.
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { type Answer, bundleMace, type Program, writeTree } from "../program.ts";
import { bootServer, canTry, type TriedServer } from "../tried-server.ts";

let mace: Program;
let server: TriedServer | undefined;
let number = 0;

/** Interface `lan` with the server's address, and a laptop at the other end of the wire in a network of its own. */
const LAN = `
  ip netns add laptop
  ip link add lan type veth peer name wire netns laptop
  ip addr add 172.18.96.1/19 dev lan
  ip link set lan up
  ip -n laptop link set wire up
`;

beforeAll(async () => {
  mace = await bundleMace();
});

afterEach(async () => {
  await server?.stop();
  server = undefined;
});

afterAll(() => mace.remove());

describe("names", () => {
  test("named answers for schoolserver, and after a reload for what came since", async () => {
    if (!canTry("named", "rndc", "dig")) return;
    await boot("mkdir -p /run/named && chown bind /run/named", {
      "bind.d/options/10.conf": 'directory "@BIND_DIRECTORY@";\nrecursion no;\ndnssec-validation no;\n',
      "bind.d/options/20.conf": "listen-on { 127.0.0.1; };\nlisten-on-v6 { none; };\n",
      "bind.d/local/10.conf": 'zone "school.lan" { type primary; file "@BIND_ZONES@/school.lan"; };\n',
      "bind.d/zones/school.lan/10.conf":
        "$TTL 1h\n@ IN SOA ns root ( 1 1h 15m 1w 1h )\n IN NS ns\nns IN A 172.18.96.1\n",
      "bind.d/zones/school.lan/20.conf": "schoolserver IN A 172.18.96.1\n",
    });
    start("named", "-f", "-u", "bind");
    await until(() => ask("schoolserver.school.lan") === "172.18.96.1");
    expect(ask("library.school.lan")).toBe("");
    apply({
      "bind.d/zones/school.lan/10.conf":
        "$TTL 1h\n@ IN SOA ns root ( 2 1h 15m 1w 1h )\n IN NS ns\nns IN A 172.18.96.1\n",
      "bind.d/zones/school.lan/30.conf": "library IN A 172.18.96.2\n",
    });
    expect(run("rndc", "reload").code).toBe(0);
    await until(() => ask("library.school.lan") === "172.18.96.2");
  });

  test("dnsmasq answers for schoolserver", async () => {
    if (!canTry("dnsmasq", "dig")) return;
    await boot("", {
      "dnsmasq.d/10.conf": "no-resolv\nhost-record=schoolserver,schoolserver.school.lan,172.18.96.1\n",
    });
    start("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--conf-dir=/etc/dnsmasq.d,.dpkg-dist");
    await until(() => ask("schoolserver") === "172.18.96.1");
  });
});

describe("a laptop on the school's network gets its address", () => {
  test("from dnsmasq", async () => {
    if (!canTry("dnsmasq", "busybox")) return;
    await boot(LAN, { "dnsmasq.d/10.conf": "interface=lan\nbind-interfaces\ndhcp-range=172.18.97.1,172.18.97.9,1h\n" });
    start("dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--conf-dir=/etc/dnsmasq.d,.dpkg-dist");
    await until(() => leaseOfLaptop() !== undefined);
  });

  test("from kea, configured in pieces", async () => {
    if (!canTry("kea-dhcp4", "busybox")) return;
    await boot(`${LAN} mkdir -p /run/kea /run/lock/kea`, {
      "a/dhcp.d/kea/10.conf": '"interfaces-config": { "interfaces": [ "lan" ] },\n',
      "a/dhcp.d/kea/20.conf": '"lease-database": { "type": "memfile", "persist": false },\n',
      "b/dhcp.d/kea/10.conf": `"subnet4": [ {
        "id": 1, "subnet": "172.18.96.0/19", "pools": [ { "pool": "172.18.97.1 - 172.18.97.9" } ]
      } ],\n`,
    });
    start("env", "KEA_LOCKFILE_DIR=/run/lock/kea", "kea-dhcp4", "-c", "/etc/kea/kea-dhcp4.conf");
    await until(() => leaseOfLaptop() !== undefined);
  });

  test("from the older dhcpd", async () => {
    if (!canTry("dhcpd", "busybox")) return;
    await boot(`${LAN} touch /var/lib/dhcp/dhcpd.leases`, {
      "dhcp.d/isc/10.conf": "authoritative;\nddns-update-style none;\n",
      "dhcp.d/isc/20.conf": "subnet 172.18.96.0 netmask 255.255.224.0 { range 172.18.97.1 172.18.97.9; }\n",
      "dhcp.d/isc-interfaces/10.conf": 'INTERFACESv4="lan"\n',
    });
    start("bash", "-c", ". /etc/default/isc-dhcp-server && exec dhcpd -4 -f -cf /etc/dhcp/dhcpd.conf $INTERFACESv4");
    await until(() => leaseOfLaptop() !== undefined);
  });
});

describe("the kernel takes", () => {
  test("nftables' rules, twice over", async () => {
    if (!canTry("nft")) return;
    await boot("", {
      "nftables.d/10.conf": "table inet school\ndelete table inet school\ntable inet school {\n",
      "nftables.d/20.conf": "  chain input { type filter hook input priority 0; tcp dport 22 accept; }\n}\n",
    });
    const loaded = [1, 2].map(() => run("nft", "-f", "/etc/nftables.conf").code);
    expect(loaded).toEqual([0, 0]);
    expect(run("nft", "list", "ruleset").out.match(/tcp dport 22 accept/g)).toHaveLength(1);
  });

  test("iptables' rules, with those of two components in one table", async () => {
    if (!canTry("iptables-restore", "iptables")) return;
    await boot("", {
      "a/iptables.d/10.conf": "*filter\n:INPUT DROP [0:0]\n-A INPUT -p tcp --dport 22 -j ACCEPT\nCOMMIT\n",
      "b/iptables.d/10.conf": "*filter\n-A INPUT -p tcp --dport 3128 -j ACCEPT\nCOMMIT\n",
    });
    expect(run("iptables-restore", "/etc/iptables/rules.v4")).toMatchObject({ code: 0 });
    const rules = ["-P INPUT DROP", "-A INPUT -p tcp -m tcp --dport 22 -j ACCEPT"];
    expect(run("iptables", "-S", "INPUT").out.trim().split("\n")).toEqual([
      ...rules,
      "-A INPUT -p tcp -m tcp --dport 3128 -j ACCEPT",
    ]);
  });

  test("kernel settings, by the program that systemd-sysctl.service runs", async () => {
    if (!canTry("systemd-analyze")) return;
    await boot("", { "sysctl.d/10.conf": "net.ipv4.ip_forward = 1\n", "sysctl.d/20.conf": "-net.none.such = 1\n" });
    expect(run("cat", "/proc/sys/net/ipv4/ip_forward").out).toBe("0\n");
    expect(run("/lib/systemd/systemd-sysctl", "/etc/sysctl.d/90-school.conf").code).toBe(0);
    expect(run("cat", "/proc/sys/net/ipv4/ip_forward").out).toBe("1\n");
  });

  test("an interface's address, by ifup", async () => {
    if (!canTry("ifup", "ip")) return;
    await boot("mkdir -p /run/network && ip link add lan type veth peer name wire", {
      "network.d/ifupdown/10.conf": "auto lan\niface lan inet static\n  address 172.18.96.1/19\n",
    });
    expect(run("ifup", "lan")).toMatchObject({ code: 0 });
    expect(run("ip", "-br", "-4", "addr", "show", "lan").out).toContain("172.18.96.1/19");
  });
});

describe("the main files of Debian's packages include ours", () => {
  test("sshd follows the school, whatever a cloud image or the administrator's own file says", async () => {
    if (!canTry("sshd")) return;
    await boot("mkdir -p /run/sshd && echo MaxAuthTries 6 >/etc/ssh/sshd_config.d/50-cloud-init.conf", {
      "ssh.d/10.conf": "MaxAuthTries 3\n",
    });
    expect(run("/usr/sbin/sshd", "-T")).toMatchObject({ code: 0, out: expect.stringContaining("maxauthtries 3\n") });
  });

  test("chronyd serves the school's network", async () => {
    if (!canTry("chronyd")) return;
    await boot("", { "chrony.d/10.conf": "allow 172.18.96.0/19\n" });
    const { code, out } = run("chronyd", "-p", "-f", "/etc/chrony/chrony.conf");
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining("allow 172.18.96.0/19\n") });
  });

  test("logrotate cuts the school's logs", async () => {
    if (!canTry("logrotate")) return;
    await boot("echo line >/var/log/school.log", { "logrotate.d/10.conf": "/var/log/school.log {\n  rotate 4\n}\n" });
    run("logrotate", "--force", "--state", "/run/state", "/etc/logrotate.d/school");
    expect(run("logrotate", "-d", "/etc/logrotate.conf").err).toContain("reading config file school");
    expect(run("cat", "/var/log/school.log.1").out).toBe("line\n");
  });

  test("rsync's daemon hands out a folder to whoever knows the secret, and to nobody else", async () => {
    if (!canTry("rsync")) return;
    await boot("mkdir -p /srv/books && touch /srv/books/atlas", {
      "rsync.d/main/10.conf": "[books]\n  path = /srv/books\n  auth users = library\n",
      "rsync.d/main/20.conf": "  secrets file = /etc/rsyncd.secrets\n",
      "rsync.d/secrets/10.conf": "library:between the pages\n",
    });
    start("rsync", "--daemon", "--no-detach", "--address=127.0.0.1");
    const list = (password: string): Answer =>
      run("env", `RSYNC_PASSWORD=${password}`, "rsync", "--list-only", "rsync://library@127.0.0.1/books/");
    await until(() => list("between the pages").out.includes("atlas"));
    expect(list("a guess").code).toBe(5);
  });
});

async function boot(prepare: string, pieces: Readonly<Record<string, string>>): Promise<void> {
  number++;
  server = await bootServer(`mkdir -p /run/lock\n${prepare}`);
  apply(pieces);
}

/** Lays pieces over those that the test brought before, and makes the files of all of them. */
function apply(pieces: Readonly<Record<string, string>>): void {
  const folder = join(mace.folder, `school-${number}`);
  writeTree(folder, pieces);
  const words = ["apply", "--src", folder, "--dst", "/", "--family", "debian"];
  const { code, err } = run(process.execPath, join(mace.folder, "dist/mace.js"), ...words);
  if (code !== 0) throw new Error(err);
}

function run(...argv: readonly string[]): Answer {
  if (server === undefined) throw new Error("the server is not there");
  return server.run(argv);
}

function start(...argv: readonly string[]): void {
  server?.start(argv);
}

function ask(name: string): string {
  return run("dig", "+short", "+tries=1", "+time=1", "@127.0.0.1", name).out.trim();
}

/** The address that a real client is given, if any, within a second. */
function leaseOfLaptop(): string | undefined {
  const client = ["busybox", "udhcpc", "-f", "-q", "-n", "-t", "2", "-T", "1", "-i", "wire", "-s", "/bin/true"];
  const { out, err } = run("ip", "netns", "exec", "laptop", ...client);
  return /lease of (172\.18\.97\.[1-9]) obtained/.exec(out + err)?.[1];
}

/** Waits for a condition, and tells what the daemons said when it does not come true. */
async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`it did not happen; the daemon said: ${server?.said() ?? ""}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
