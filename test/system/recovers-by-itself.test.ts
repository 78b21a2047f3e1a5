// Runs that never come to their end on booted servers: hung, killed, cut off by the power. Nobody is there, and still
// each of them is taken back in time.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { existsSync, readFileSync } from "node:fs";
import { GitForge, Repository, type Content } from "../support/git-forge.ts";
import { bootsHosts, Host } from "../support/hosts.ts";
import type { Init } from "../support/trees.ts";

const onHosts = bootsHosts() ? describe : describe.skip;

/** The timer goes off five seconds after the deadline. */
const CONFIG = `host: escuela-12
remotes: { usb: { url: /srv/fleet.git } }
trust: none
interval_s: 3600
deadlines: { cycle_s: 4 }
`;

/** Its start takes as long as anybody lets it; by then the message of the day is written. */
const SLOW_UNIT = "[Service]\nType=oneshot\nExecStart=/bin/sleep 600\nTimeoutStartSec=infinity\n";
const SLOW_SCRIPT = `#!/bin/sh
### BEGIN INIT INFO
# Provides: slow
# Required-Start: $local_fs
# Required-Stop: $local_fs
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
# Short-Description: Slow
### END INIT INFO
case "$1" in
  start) exec sleep 600 ;;
  status) exit 3 ;;
esac
`;

/** Without the pause in which nothing of it could be seen. */
const DAEMON = readFileSync("packaging/systemd/reconciler.service", "utf8").replace("RestartSec=30", "RestartSec=1");

/** Writes down what the message of the day said when the network was about to be set up. */
const PROBE = `[Unit]
DefaultDependencies=no
After=reconciler-recover.service local-fs.target
Before=network-pre.target
Wants=network-pre.target
[Service]
Type=oneshot
ExecStart=/bin/cp /etc/motd /var/log/motd-before-the-network
[Install]
WantedBy=sysinit.target
`;

function slowFleet(init: Init): Readonly<Record<string, Content>> {
  const [path, mode, text] =
    init === "systemd"
      ? (["/etc/systemd/system/slow.service", "0644", SLOW_UNIT] as const)
      : (["/etc/init.d/slow", "0755", SLOW_SCRIPT] as const);
  return {
    "fleet.yaml": `files:
  /etc/motd: { copy: files/motd }
  ${path}: { copy: files/slow, mode: "${mode}" }
services:
  slow: { running: true }
`,
    "files/motd": "The new message.\n",
    "files/slow": text,
  };
}

const GOOD = { "fleet.yaml": "files:\n  /etc/motd: { copy: files/motd }\n", "files/motd": "The old message.\n" };

onHosts.each([
  ["systemd", 61, "rc-systemd"],
  ["sysvinit", 62, "rc-sysvinit"],
] as const)("on a server with %s", (init, lastByte, name) => {
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
    if (init === "systemd") {
      server.put(
        "/etc/systemd/system/reconciler-recover.service",
        readFileSync("packaging/systemd/reconciler-recover.service", "utf8"),
      );
      server.put("/etc/systemd/system/probe.service", PROBE);
    }
    await server.boot();
    if (init === "systemd") await server.must("systemctl", "enable", "--quiet", "reconciler-recover", "probe");
  });

  afterAll(async () => {
    await server.close();
    await forge.close();
  });

  const motd = (): string => readFileSync(server.at("/etc/motd"), "utf8");
  const isOpen = (): boolean => existsSync(server.at("/var/lib/reconciler/journal.log"));

  function commit(files: Readonly<Record<string, Content>>): Promise<string> {
    return fleet.commit({ "schools/escuela-12.yaml": "{}\n", ...files });
  }

  /** A run that waits for the slow service, with its new files in place: the process that is at it. */
  async function runThatWaits(): Promise<string> {
    await commit(slowFleet(init));
    await server.must("sh", "-c", "reconcile --now >/dev/null 2>&1 &");
    await server.until("the run waits for the slow service", () => isOpen() && motd() === "The new message.\n");
    return /^pid (\d+)$/mu.exec(readFileSync(server.at("/var/lib/reconciler/lock"), "utf8"))?.[1] ?? "";
  }

  async function isTakenBack(): Promise<void> {
    await server.until("the run is taken back", () => !isOpen() && motd() === "The old message.\n", 90_000);
  }

  test("a good run leaves nothing behind that waits", async () => {
    await commit(GOOD);
    expect(await server.run("reconcile", "--now")).toMatchObject({ code: 0 });
    expect(motd()).toBe("The old message.\n");
    const { stdout } = await server.run("sh", "-c", "systemctl list-timers --all; ps -eo args 2>/dev/null || ps");
    expect(stdout).not.toContain("reconciler-deadman");
    expect(stdout).not.toContain("--overdue");
  });

  // With systemd it is the daemon that hangs, below.
  if (init !== "systemd") {
    test("a run whose process hangs is taken back, and the process is ended", async () => {
      const pid = await runThatWaits();
      await server.must("kill", "-STOP", pid);
      await isTakenBack();
      expect((await server.run("kill", "-0", pid)).code).not.toBe(0);
    });
  }

  test("a run whose process is killed is taken back", async () => {
    await server.must("kill", "-KILL", await runThatWaits());
    await isTakenBack();
  });

  if (init === "systemd") {
    test("a daemon that hangs is ended, its run taken back, and systemd starts it anew", async () => {
      await commit(GOOD);
      server.put("/etc/systemd/system/reconciler.service", DAEMON);
      await server.must("systemctl", "daemon-reload");
      await server.must("systemctl", "start", "reconciler");
      await server.until("the daemon is through", async () => (await server.run("reconcile", "status")).code === 0);
      const pid = await runThatWaits();
      expect(await server.must("systemctl", "show", "-P", "MainPID", "reconciler")).toBe(pid);
      await server.must("kill", "-STOP", pid);
      await isTakenBack();
      await server.until("the daemon is back", async () => {
        const next = await server.must("systemctl", "show", "-P", "MainPID", "reconciler");
        return next !== pid && next !== "0";
      });
      await server.must("systemctl", "kill", "--signal=KILL", "reconciler");
      await server.must("systemctl", "mask", "--runtime", "--now", "--quiet", "reconciler");
    });

    test("after a power cut it is taken back as the server starts, before the network is set up", async () => {
      await runThatWaits();
      await server.kill();
      expect(motd()).toBe("The new message.\n");
      await server.boot();
      expect(motd()).toBe("The old message.\n");
      expect(readFileSync(server.at("/var/log/motd-before-the-network"), "utf8")).toBe("The old message.\n");
    });
  }
});
