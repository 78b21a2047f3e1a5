// A server loses its power in the middle of a run. It takes it back as it starts: without network, before anybody reads
// half of it, and without holding up the boot for services that the boot itself is about to start.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { chmodSync, existsSync, readFileSync } from "node:fs";
import { GitForge, Repository } from "../support/git-forge.ts";
import { bootsHosts, Host } from "../support/hosts.ts";
import { napperFor } from "../support/napper.ts";

const onHosts = bootsHosts() ? describe : describe.skip;

const CONFIG = `host: escuela-12
remotes: { usb: { url: /srv/fleet.git } }
trust: none
interval_s: 3600
`;
const FLEET = `files:
  /etc/motd: { copy: files/motd }
  /etc/napper.conf: { copy: files/motd }
services:
  napper: { running: true, enabled: true, reads: [/etc/napper.conf], settle_s: 0 }
`;
/** For as long as the power is there: the check passed before. */
const WAITS = "health: { greeted: { file: /etc/motd, contains: old, grace_s: 600 } }\n";

/** Writes down what the message of the day said when the network was about to be set up. */
const LOOK = "/bin/cp /etc/motd /var/log/motd-before-the-network";
const PROBES: Readonly<Record<string, readonly [path: string, text: string, enable: readonly string[]]>> = {
  systemd: [
    "/etc/systemd/system/probe.service",
    `[Unit]
DefaultDependencies=no
After=reconciler-recover.service local-fs.target
Before=network-pre.target
Wants=network-pre.target
[Service]
Type=oneshot
ExecStart=${LOOK}
[Install]
WantedBy=sysinit.target
`,
    ["systemctl", "enable", "--quiet", "probe", "reconciler-recover"],
  ],
  openrc: [
    "/etc/init.d/probe",
    `#!/sbin/openrc-run\ndepend() {\n\tafter reconciler-recover\n\tbefore net\n}\nstart() {\n\t${LOOK}\n}\n`,
    ["sh", "-c", "rc-update add probe sysinit && rc-update add reconciler-recover sysinit"],
  ],
  sysvinit: [
    "/etc/init.d/probe",
    `#!/bin/sh
### BEGIN INIT INFO
# Provides:       probe
# Required-Start: reconciler-recover
# Required-Stop:
# X-Start-Before: networking
# Default-Start:  S
# Default-Stop:
### END INIT INFO
[ "$1" != start ] || exec ${LOOK}
`,
    ["sh", "-c", "update-rc.d reconciler-recover defaults && update-rc.d probe defaults"],
  ],
};

onHosts.each(["systemd", "openrc", "sysvinit"] as const)(
  "a server with %s",
  (init: "systemd" | "openrc" | "sysvinit") => {
    let forge: GitForge;
    let server: Host;
    let fleet: Repository;

    beforeAll(async () => {
      forge = await GitForge.open();
      server = await Host.make(`boot-${init}`, 71, init);
      const first = await forge.repository(`fleet-${init}`);
      await first.git("clone", "--quiet", "--bare", ".", server.at("/srv/fleet.git"));
      fleet = new Repository(server.at("/srv/fleet.git"));
      server.put("/etc/reconciler/config.yaml", CONFIG);
      const [path, text, enable] = PROBES[init] ?? ["", "", []];
      const unit =
        init === "systemd" ? "/etc/systemd/system/reconciler-recover.service" : "/etc/init.d/reconciler-recover";
      const shipped = `packaging/${init}/reconciler-recover${init === "systemd" ? ".service" : ""}`;
      const all = { ...napperFor(init), [path]: text, [unit]: readFileSync(shipped, "utf8") };
      for (const [place, content] of Object.entries(all)) {
        server.put(place, content);
        if (!place.endsWith(".service")) chmodSync(server.at(place), 0o755);
      }
      await server.boot();
      await server.must(...enable);
    });

    afterAll(async () => {
      await server.close();
      await forge.close();
    });

    const motd = (): string => readFileSync(server.at("/etc/motd"), "utf8");
    const isOpen = (): boolean => existsSync(server.at("/var/lib/reconciler/journal.log"));

    const journal = (): string => readFileSync(server.at("/var/lib/reconciler/journal.log"), "utf8");

    function commit(text: string, more = ""): Promise<string> {
      const files = { "fleet.yaml": FLEET + more, "schools/escuela-12.yaml": "{}\n", "files/motd": text };
      return fleet.commit(files);
    }

    test("takes the run back before the network, and comes up with its services", async () => {
      await commit("old\n");
      expect(await server.run("reconcile", "--now")).toMatchObject({ code: 0 });
      await commit("new\n", WAITS);
      await server.must("sh", "-c", "reconcile --now >/var/log/run.log 2>&1 &");
      await server.until("the run waits", () => isOpen() && journal().includes('"made"'));
      await server.kill();
      expect({ motd: motd(), open: isOpen() }).toEqual({ motd: "new\n", open: true });
      await server.boot();
      expect({ motd: motd(), open: isOpen() }).toEqual({ motd: "old\n", open: false });
      expect(readFileSync(server.at("/var/log/motd-before-the-network"), "utf8")).toBe("old\n");
      expect(readFileSync(`${server.inside}/run/napper.log`, "utf8")).toBe("started\n");
      if (init === "systemd")
        expect(await server.must("journalctl", "--boot", "--no-pager")).not.toMatch(/ordering cycle/iu);
    });
  },
);
