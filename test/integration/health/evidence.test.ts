// A server as it is, with real sockets on this machine, in; what it asks itself after a change that could cut it off.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { mkdirSync } from "node:fs";
import http from "node:http";
import net from "node:net";
import { join } from "node:path";
import type { Remote } from "../../../reconciler/config/config.ts";
import { checkHealth } from "../../../reconciler/health/check.ts";
import { gatherEvidence } from "../../../reconciler/health/evidence/evidence.ts";
import { probeListens } from "../../../reconciler/health/probes/listens.ts";
import { judge } from "../../../reconciler/health/judge.ts";
import type { FileReader, MachineReader } from "../../../reconciler/machine/machine.ts";
import type { HealthCheck } from "../../../reconciler/model/health.ts";
import type { Change } from "../../../reconciler/model/plan.ts";
import type { Service } from "../../../reconciler/model/service-state.ts";
import { GitForge } from "../../support/git-forge.ts";
import { paperFiles, routeOfFour, socketLine } from "../../unit/health/paper-proc.ts";

let forge: GitForge;
let opened: net.Server[];

beforeEach(async () => {
  forge = await GitForge.open();
  await forge.repository("fleet");
  opened = [];
});

afterEach(async () => {
  for (const server of opened) server.close();
  await forge.close();
});

async function listen(greeting: string): Promise<number> {
  const server = net.createServer((socket) => {
    socket.on("error", () => undefined);
    if (greeting === "") return;
    socket.end(greeting);
  });
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

/** A port at which nobody listens any more. */
async function closedPort(): Promise<number> {
  const port = await listen("");
  await new Promise((resolve) => opened.pop()?.close(resolve));
  return port;
}

const NOTHING: Pick<FileReader, "read" | "list" | "readLink" | "stat"> = paperFiles({});

function machine(files = NOTHING, live = true): MachineReader {
  const unused = () => {
    throw new Error("evidence only reads and lists");
  };
  const reader: FileReader = { ...files, stats: unused, digest: unused, space: unused };
  return {
    files: reader,
    store: { files: reader, hostPath: (path) => path },
    clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() },
    live,
    privileged: true,
    hostPath: (path) => path,
    query: () => Promise.resolve({ code: undefined, ended: "not-found", stdout: Buffer.alloc(0), stderr: "" }),
  };
}

function config(...urls: readonly string[]) {
  const remotes = urls.map((url, n): Remote => ({ name: `r${n}`, url, plainHttp: true }));
  const deadlines = { fetchMs: 1, cycleMs: 1, checkMs: 1, commandMs: 1, confirmMs: 2000 };
  return { remotes, deadlines };
}

async function names(...given: Parameters<typeof gatherEvidence>): Promise<readonly string[]> {
  return (await gatherEvidence(...given)).map(({ name }) => name.replace("evidence: ", ""));
}

describe("remotes", () => {
  test("are asked as the fetch asks them: over http, ssh, or in a folder; those that are away are left out", async () => {
    const web = await forge.serveHttp();
    const ssh = await listen("welcome\r\nSSH-2.0-OpenSSH_9.2\r\n");
    const away = await closedPort();
    const urls = [
      ...[`${web}/fleet.git`, `${web}/fleet.git/`, `ssh://git@127.0.0.1:${ssh}/fleet.git`],
      ...[join(forge.directory, "fleet.git"), `file://${forge.directory}/fleet.git`],
      ...[`http://127.0.0.1:${away}/fleet.git`, `ssh://git@127.0.0.1:${away}/fleet.git`, "/nowhere/fleet.git"],
    ];
    const found = await names(machine(), config(...urls), []);
    expect(found).toEqual(["remote r0", "remote r1", "remote r2", "remote r3", "remote r4"]);
  });

  test("that somebody else answers for, such as a portal that wants a login, are not there", async () => {
    const portal = await forge.listen(http.createServer((_, answer) => answer.end("<h1>Please log in</h1>")));
    const elsewhere = await forge.listen(
      http.createServer((_, answer) => answer.writeHead(302, { location: "http://portal.example/login" }).end()),
    );
    const mail = await listen("220 mail.example ESMTP\r\n");
    const urls = [`http://127.0.0.1:${portal}/fleet.git`, `http://127.0.0.1:${elsewhere}/fleet.git`];
    expect(await names(machine(), config(...urls, `ssh://git@127.0.0.1:${mail}/fleet.git`), [])).toEqual([]);
  });

  test("that want to know who asks, or that moved, are there", async () => {
    const closed = await forge.serveHttp(() => 401);
    const moved = await forge.listen(
      http.createServer((request, answer) => answer.writeHead(301, { location: `/new${request.url}` }).end()),
    );
    const urls = [`${closed}/fleet.git`, `http://127.0.0.1:${moved}/fleet.git`];
    expect(await names(machine(), config(...urls), [])).toEqual(["remote r0", "remote r1"]);
  });

  test("are all there is to ask in a trial, which is in nobody's way", async () => {
    const files = paperFiles({ "/proc/net/udp": socketLine(["00000000:0043", "00000000:0000", "07", 1]) });
    const evidence = await gatherEvidence(machine(files, false), config(forge.directory, "/nowhere"), []);
    expect(evidence).toMatchObject([{ name: "evidence: remote r0" }]);
    expect(evidence[0]).not.toHaveProperty("againMs");
  });
});

test("names of remotes are asked of the system's resolver, once each", async () => {
  const web = (await forge.serveHttp()).replace("127.0.0.1", "localhost");
  const found = await names(machine(), config(`${web}/fleet.git`, `${web}/other.git`, `${web}/fleet.git`), []);
  expect(found).toEqual(["remote r0", "remote r2", "name localhost"]);
});

test("a gateway is there when it answers, also with a refusal, or when it was found on the cable", async () => {
  const refusing = "eth0	00000000	0100007F	0003	0	0	0	00000000	0	0	0";
  const modem = "ppp0	00000000	00000000	0001	0	0	0	00000000	0	0	0";
  expect(await names(machine(paperFiles({ "/proc/net/route": routeOfFour(refusing) })), config(), [])).toEqual([
    "gateway 127.0.0.1",
  ]);
  const both = paperFiles({ "/proc/net/route": routeOfFour(refusing, modem) });
  expect(await names(machine(both), config(), [])).toEqual(["gateway 127.0.0.1, ppp0"]);
});

describe("a gateway of IPv6", () => {
  // On a cable that is not there, so nothing is sent anywhere.
  const gateway = `fe80${"0".repeat(27)}1`;
  const route = `${"0".repeat(32)} 00 ${"0".repeat(32)} 00 ${gateway} 00000400 00000003 00000000 00000003  nocable9\n`;
  const files = paperFiles({ "/proc/net/ipv6_route": route });
  const told = (line: string): MachineReader => ({
    ...machine(files),
    query: () => Promise.resolve({ code: 0, stdout: Buffer.from(line), stderr: "" }),
  });

  test("that is silent is there when the kernel has heard of it, as far as somebody can ask the kernel", async () => {
    const known = "fe80::1 lladdr 02:fc:00:00:00:05 router STALE\n";
    expect(await names(told(known), config(), [])).toEqual(["gateway fe80::1"]);
    expect(await names(told("fe80::1 router FAILED\n"), config(), [])).toEqual([]);
    expect(await names(machine(files), config(), [])).toEqual([]);
  });
});

describe("a port", () => {
  const probe = (port: number) => ({ type: "listens", protocol: "tcp", port }) as const;
  const all = (port: number) => {
    const hex = port.toString(16).toUpperCase().padStart(4, "0");
    return paperFiles({ "/proc/net/tcp": socketLine([`00000000:${hex}`, "00000000:0000", "0A", 1]) });
  };
  const look = (port: number, own: readonly string[]) =>
    probeListens(probe(port), all(port), AbortSignal.timeout(5000), own);

  test("at which something listens for all has to take connections at one of the server's addresses", async () => {
    const port = await listen("");
    expect(await look(port, ["127.0.0.1"])).toEqual({ ok: true, detail: "" });
    expect(await look(port, ["::1", "127.0.0.1"])).toEqual({ ok: true, detail: "" });
    expect(await look(await closedPort(), ["127.0.0.1"])).toEqual({ ok: false, detail: "connection refused" });
  });

  test("is out of reach on a server that lost its addresses", async () => {
    const detail = "this server has no address at which others could reach it";
    expect(await look(await listen(""), [])).toEqual({ ok: false, detail });
  });
});

describe("services", () => {
  const table = socketLine(
    ["00000000:0043", "00000000:0000", "07", 67],
    ["00000000:0044", "00000000:0000", "07", 68],
    ["00000000:0045", "00000000:0000", "07", 69],
    ["00000000:0089", "00000000:0000", "07", 137],
    ["00000000:9C40", "00000000:0000", "07", 40_000],
  );
  const files = paperFiles(
    {
      "/proc/net/udp": table,
      "/proc/10/cgroup": "0::/system.slice/kea-dhcp4-server.service\n",
      "/proc/10/stat": "10 (kea-dhcp4) S 1 10 10 0 -1\n",
      "/proc/11/cgroup": "0::/system.slice/tftpd-hpa.service\n",
      "/proc/11/stat": "11 (in.tftpd) S 1 11 11 0 -1\n",
      "/proc/12/cgroup": "0::/user.slice/user-0.slice/session-1.scope\n",
      "/proc/12/stat": "12 (python3) S 1 12 12 34816 -1\n",
    },
    { "/proc/10/fd/3": "socket:[67]", "/proc/11/fd/3": "socket:[69]", "/proc/12/fd/3": "socket:[137]" },
  );

  test("are those that listen for others; not clients, nor what a person runs or the kernel numbered", async () => {
    expect(await names(machine(files), config(), [])).toEqual(["port 67 (udp)", "port 69 (udp)"]);
  });

  test("that the changes stop are no evidence", async () => {
    const running: Service = { type: "service", running: true };
    const rest = { why: "changed", standing: "pending" } as const;
    const stop: Change = {
      id: "service:tftpd-hpa",
      before: running,
      after: { type: "service", running: false },
      ...rest,
    };
    const go: Change = { id: "package:kea", before: { type: "installed" }, after: { type: "absent" }, ...rest };
    expect(await names(machine(files), config(), [stop])).toEqual(["port 67 (udp)"]);
    expect(await names(machine(files), config(), [go])).toEqual(["port 69 (udp)"]);
    expect(await names(machine(files), config(), [{ ...stop, after: running }])).toHaveLength(2);
  });

  test("are thirty at most, the lowest ports first", async () => {
    const hex = (n: number) => (1000 - n).toString(16).toUpperCase().padStart(4, "0");
    const many = Array.from({ length: 50 }, (_, n) => [`00000000:${hex(n)}`, "00000000:0000", "07", n] as const);
    const found = await names(machine(paperFiles({ "/proc/net/udp": socketLine(...many) })), config(), []);
    expect(found).toHaveLength(30);
    expect(found[0]).toBe("port 951 (udp)");
  });

  test("may move to another port, and may not end", async () => {
    const evidence = await gatherEvidence(machine(files), config(), []);
    const moved = paperFiles(
      {
        "/proc/net/udp": socketLine(["00000000:0400", "00000000:0000", "07", 71]),
        "/proc/20/cgroup": "0::/system.slice/kea-dhcp4-server.service\n",
        "/proc/20/stat": "20 (kea-dhcp4) S 1 20 20 0 -1\n",
      },
      { "/proc/20/fd/3": "socket:[71]" },
    );
    expect(await worsened(evidence, machine(moved))).toEqual([
      "evidence: port 69 (udp): nothing listens there any more",
    ]);
  });
});

test("servers of the neighbours are to be reached as before", async () => {
  const port = await listen("");
  const files = paperFiles({
    "/etc/puppet/puppet.conf": `[main]\nserver = 127.0.0.1\nserverport = ${port}\n`,
    "/var/cfengine/policy_server.dat": `127.0.0.1:${await closedPort()}\n`,
  });
  expect(await names(machine(files), config(), [])).toEqual([`puppet server 127.0.0.1:${port}`]);
});

test("what went away with a change is blamed on it, and what was away before is not", async () => {
  const ssh = await listen("SSH-2.0-x\r\n");
  const urls = [`ssh://git@127.0.0.1:${ssh}/fleet.git`, forge.directory];
  const evidence = await gatherEvidence(machine(), config(...urls), []);
  expect(await worsened(evidence, machine())).toEqual([]);
  await new Promise((resolve) => opened.pop()?.close(resolve));
  expect(await worsened(evidence, machine())).toEqual(["evidence: remote r0: connection refused"]);
  expect(await names(machine(), config(...urls), [])).toEqual(["remote r1"]);
});

/** What the checks say now, where all of them were good before; without the waits between looks. */
async function worsened(evidence: readonly HealthCheck[], now: MachineReader): Promise<readonly string[]> {
  const before = evidence.map(({ name, level }) => ({ name, level, ok: true, detail: "" }));
  const checks = evidence.map((check) => ({ ...check, graceMs: 0, againMs: 1 }));
  const after = await checkHealth(checks, now, "after", () => undefined);
  return judge(before, after).worsened.map(({ name, detail }) => `${name}: ${detail}`);
}

test("evidence is plain data, so that a recovery can ask for it again", async () => {
  mkdirSync(join(forge.directory, "more"));
  const evidence = await gatherEvidence(machine(), config(join(forge.directory, "more")), []);
  expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  expect(evidence).toEqual([
    {
      name: "evidence: remote r0",
      level: "required",
      probe: { type: "remote", url: join(forge.directory, "more") },
      timeoutMs: 2000,
      graceMs: 2000,
      againMs: 5000,
    },
  ]);
});
