// A service of the fleet on booted servers with systemd, OpenRC and SysV init: it is made to use what it reads, and only
// then; and a commit with which it dies is taken back.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { GitForge, Repository, type Content } from "../support/git-forge.ts";
import { bootsHosts, Host } from "../support/hosts.ts";
import type { Init } from "../support/trees.ts";

const onHosts = bootsHosts() ? describe : describe.skip;

const CONFIG = `host: escuela-12
remotes: { usb: { url: /srv/fleet.git } }
trust: none
interval_s: 3600
`;

/** Writes down every start and reload. With "stumble" in its configuration it ends badly some seconds later. */
const PROGRAM = `#!/bin/sh
note() { echo "$1 $(cat /etc/lessons.conf)" >>/var/log/lessons.log; }
use() { note "$1"; if grep -q stumble /etc/lessons.conf; then sleep 5; exit 1; fi; }
trap 'use reloaded' HUP
trap 'exit 0' TERM
use started
while :; do sleep 0.1 & wait $!; done
`;

const UNIT = `[Unit]
Description=Lessons, @EDITION@
[Service]
ExecStart=/usr/local/sbin/lessons
ExecReload=/bin/sh -c 'kill -HUP $MAINPID'
[Install]
WantedBy=multi-user.target
`;

const OPENRC = `#!/sbin/openrc-run
# @EDITION@
command=/usr/local/sbin/lessons
command_background=true
pidfile=/run/lessons.pid
extra_started_commands=reload
stop() { start-stop-daemon --stop --pidfile /run/lessons.pid; }
reload() { start-stop-daemon --stop --signal HUP --pidfile /run/lessons.pid; }
`;

const SYSV = `#!/bin/sh
### BEGIN INIT INFO
# Provides: lessons
# Required-Start: $local_fs
# Required-Stop: $local_fs
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
# Short-Description: Lessons, @EDITION@
### END INIT INFO
PIDFILE=/run/lessons.pid
case "$1" in
  start) start-stop-daemon --start --oknodo --background --make-pidfile --pidfile $PIDFILE --startas /usr/local/sbin/lessons ;;
  stop) start-stop-daemon --stop --oknodo --retry 5 --remove-pidfile --pidfile $PIDFILE ;;
  reload) start-stop-daemon --stop --signal HUP --pidfile $PIDFILE ;;
  restart|force-reload) "$0" stop; "$0" start ;;
  status) start-stop-daemon --status --pidfile $PIDFILE ;;
  *) echo "Usage: $0 {start|stop|reload|restart|force-reload|status}"; exit 2 ;;
esac
`;

const DEFINITIONS: Readonly<Record<Init, readonly [path: string, text: string, mode: string]>> = {
  systemd: ["/etc/systemd/system/lessons.service", UNIT, "0644"],
  "systemd-trixie": ["/etc/systemd/system/lessons.service", UNIT, "0644"],
  openrc: ["/etc/init.d/lessons", OPENRC, "0755"],
  sysvinit: ["/etc/init.d/lessons", SYSV, "0755"],
};

function fleetOf(init: Init, settleS = 1): string {
  const [path, , mode] = DEFINITIONS[init];
  return `files:
  /usr/local/sbin/lessons: { copy: files/lessons, mode: "0755" }
  ${path}: { copy: files/definition, mode: "${mode}" }
  /etc/lessons.conf: { copy: files/lessons.conf }
  /etc/motd: { copy: files/motd }
services:
  lessons: { enabled: true, running: true, reads: [/etc/lessons.conf], renew: reload, settle_s: ${settleS} }
`;
}

function filesOf(init: Init): Readonly<Record<string, Content>> {
  return {
    "fleet.yaml": fleetOf(init),
    "schools/escuela-12.yaml": "{}\n",
    "files/lessons": PROGRAM,
    "files/definition": DEFINITIONS[init][1].replace("@EDITION@", "first edition"),
    "files/lessons.conf": "reading\n",
    "files/motd": "Welcome.\n",
  };
}

const INITS: readonly (readonly [Init, number, string])[] = [
  ["systemd", 41, "bookworm"],
  ["systemd-trixie", 42, "trixie"],
  ["openrc", 43, "openrc"],
  ["sysvinit", 44, "sysvinit"],
];

onHosts.each(INITS)("on a server with %s", (init, lastByte, name) => {
  let forge: GitForge;
  let server: Host;
  let fleet: Repository;

  beforeAll(async () => {
    forge = await GitForge.open();
    server = await Host.make(name, lastByte, init);
    const first = await forge.repository(`fleet-${name}`);
    await first.git("clone", "--quiet", "--bare", ".", server.at("/srv/fleet.git"));
    fleet = new Repository(server.at("/srv/fleet.git"));
    server.put("/etc/reconciler/config.yaml", CONFIG);
    await server.boot();
  });

  afterAll(async () => {
    await server.close();
    await forge.close();
  });

  /** What the service wrote down: each start and reload, with the configuration that it found. */
  const log = (): string => readFileSync(server.at("/var/log/lessons.log"), "utf8");

  async function follow(files: Readonly<Record<string, Content>>): Promise<string> {
    await fleet.commit({ ...filesOf(init), ...files });
    const { code, stdout, stderr } = await server.run("reconcile", "--now");
    return `exit ${code}\n${stdout}${stderr}`;
  }

  test("a service that the fleet brings is enabled and started, once", async () => {
    expect(await follow({})).toMatch(/^exit 0\n/);
    expect(log()).toBe("started reading\n");
    expect(await server.run("reconcile", "--now")).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("unchanged"),
    });
  });

  test("it reloads what it reads, and is not restarted", async () => {
    expect(await follow({ "files/lessons.conf": "writing\n" })).toMatch(/^exit 0\n/);
    await server.until("the service has reloaded", () => log().includes("reloaded"));
    expect(log()).toBe("started reading\nreloaded writing\n");
  });

  test("a file that it does not read is nothing to it", async () => {
    const changed = { "files/lessons.conf": "writing\n", "files/motd": "Welcome, all of you.\n" };
    const before = [log(), await journal()];
    expect(await follow(changed)).toMatch(/^exit 0\n/);
    expect(readFileSync(server.at("/etc/motd"), "utf8")).toBe("Welcome, all of you.\n");
    expect([log(), await journal()]).toEqual(before);
  });

  test("what defines it restarts it, once", async () => {
    const definition = DEFINITIONS[init][1].replace("@EDITION@", "second edition");
    expect(await follow({ "files/lessons.conf": "writing\n", "files/definition": definition })).toMatch(/^exit 0\n/);
    expect(log()).toBe("started reading\nreloaded writing\nstarted writing\n");
  });

  test("a commit with which it ends five seconds later is taken back, and it runs as before", async () => {
    const definition = DEFINITIONS[init][1].replace("@EDITION@", "second edition");
    const told = await follow({
      "fleet.yaml": fleetOf(init, 8),
      "files/lessons.conf": "stumble\n",
      "files/definition": definition,
    });
    expect(told).toMatch(/^exit [13]\n/);
    expect(told).toMatch(/lessons/);
    expect(readFileSync(server.at("/etc/lessons.conf"), "utf8")).toBe("writing\n");
    await server.until("the service runs again", () => /stumble\nstarted writing\n$/.test(log()));
  });

  /** systemd's own account of the unit; elsewhere the log has to do. */
  async function journal(): Promise<string> {
    if (!init.startsWith("systemd")) return "";
    return server.must("journalctl", "--no-pager", "--unit=lessons", "--output=short-monotonic");
  }
});
