// Packages through the whole line on booted Debian servers, on "/" and with dpkg's own database: with a file of git over
// the package's, with the service that it brings, and back to the version before.
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitForge, Repository, type Content } from "../support/git-forge.ts";
import { bootsHosts, Host } from "../support/hosts.ts";
import type { Init } from "../support/trees.ts";
import { pack } from "../integration/managers/apt-repository.ts";

const onHosts = bootsHosts() ? describe : describe.skip;

const CONFIG = `host: escuela-12
remotes: { usb: { url: /srv/fleet.git } }
trust: none
interval_s: 3600
`;

/** Writes down every start. The third edition of it ends badly some seconds later. */
const program = (version: string): string => `#!/bin/sh
trap 'exit 0' TERM
echo "started ${version} $(cat /etc/lessons.conf)" >>/var/log/lessons.log
${version === "3.0" ? "sleep 3; exit 1" : "while :; do sleep 0.1 & wait $!; done"}
`;

const UNIT = `[Unit]
Description=Lessons
[Service]
ExecStart=/bin/sh /usr/share/lessons/lessons
[Install]
WantedBy=multi-user.target
`;

function fleetOf(version: string): string {
  return `packages:
  lessons: { version: "${version}" }
files:
  /etc/lessons.conf: { copy: files/lessons.conf }
services:
  lessons: { enabled: true, running: true, packages: [lessons], reads: [/etc/lessons.conf], renew: restart, settle_s: 6 }
`;
}

const EMPTY = { "fleet.yaml": "{}\n", "schools/escuela-12.yaml": "{}\n" };

const INITS: readonly (readonly [Init, number, string])[] = [
  ["systemd", 51, "pk-bookworm"],
  ["systemd-trixie", 52, "pk-trixie"],
];

onHosts.each(INITS)("on a server with %s", (init, lastByte, name) => {
  let forge: GitForge;
  let server: Host;
  let fleet: Repository;
  let pool: string;

  beforeAll(async () => {
    pool = mkdtempSync(join(tmpdir(), "packages-"));
    forge = await GitForge.open();
    server = await Host.make(name, lastByte, init);
    const first = await forge.repository(`fleet-${name}`);
    await first.git("clone", "--quiet", "--bare", ".", server.at("/srv/fleet.git"));
    fleet = new Repository(server.at("/srv/fleet.git"));
    server.put("/etc/reconciler/config.yaml", CONFIG);
    rmSync(server.at("/etc/apt/sources.list"), { force: true });
    rmSync(server.at("/etc/apt/sources.list.d"), { recursive: true, force: true });
    server.put("/etc/apt/sources.list.d/school.list", "deb [trusted=yes] file:/srv/packages ./\n");
    offer("1.0");
    await server.boot();
  });

  afterAll(async () => {
    await server.close();
    await forge.close();
    rmSync(pool, { recursive: true });
  });

  /** From now on the repository has this version and no other. */
  function offer(version: string): void {
    const folder = mkdtempSync(join(pool, "repository-"));
    pack(folder, {
      name: "lessons",
      version,
      files: { "/usr/share/lessons/lessons": program(version), "/usr/lib/systemd/system/lessons.service": UNIT },
      conffiles: { "/etc/lessons.conf": `the package's own, ${version}\n` },
    });
    writeFileSync(join(folder, "Packages"), execFileSync("apt-ftparchive", ["packages", "."], { cwd: folder }));
    writeFileSync(join(folder, "Release"), execFileSync("apt-ftparchive", ["release", "."], { cwd: folder }));
    rmSync(server.at("/srv/packages"), { recursive: true, force: true });
    mkdirSync(server.at("/srv/packages"));
    cpSync(folder, server.at("/srv/packages"), { recursive: true });
  }

  async function follow(files: Readonly<Record<string, Content>>): Promise<string> {
    await fleet.commit({ ...EMPTY, ...files });
    return now();
  }

  async function now(): Promise<string> {
    const { code, stdout, stderr } = await server.run("reconcile", "--now");
    return `exit ${code}\n${stdout}${stderr}`;
  }

  const log = (): string => readFileSync(server.at("/var/log/lessons.log"), "utf8");
  const conf = (): string => readFileSync(server.at("/etc/lessons.conf"), "utf8");
  const installed = (): Promise<string> =>
    server.must("dpkg-query", "-W", "-f", "${Version} ${db:Status-Status}", "lessons");

  test("a package comes with git's file in place of its own, and its service is started once, with that file", async () => {
    const told = await follow({ "fleet.yaml": fleetOf("1.0"), "files/lessons.conf": "ours\n" });
    expect(told).toMatch(/^exit 0\n/);
    expect(await installed()).toBe("1.0 installed");
    expect(conf()).toBe("ours\n");
    expect(log()).toBe("started 1.0 ours\n");
    expect(await now()).toMatch(/^exit 0\n[^]*unchanged/);
  });

  test("a new version restarts its service once, and git's file stays", async () => {
    offer("2.0");
    expect(await follow({ "fleet.yaml": fleetOf("2.0"), "files/lessons.conf": "ours\n" })).toMatch(/^exit 0\n/);
    expect(await installed()).toBe("2.0 installed");
    expect(conf()).toBe("ours\n");
    expect(log()).toBe("started 1.0 ours\nstarted 2.0 ours\n");
  });

  test("a version with which the service dies goes back to the one before, although no repository has that any more", async () => {
    offer("3.0");
    const told = await follow({ "fleet.yaml": fleetOf("3.0"), "files/lessons.conf": "newer\n" });
    expect(told).toMatch(/^exit 3\n/);
    expect(await installed()).toBe("2.0 installed");
    expect(conf()).toBe("ours\n");
    expect(await server.must("systemctl", "is-active", "lessons")).toBe("active");
    expect(log()).toMatch(/^started 1\.0 ours\nstarted 2\.0 ours\n(?:started 3\.0 newer\n)+started 2\.0 ours\n$/);
    expect(await now()).toMatch(/is set aside here: service lessons has failed \(failed \(exit-code\)\)\n/);
  });

  test("what git lets go of goes: the service stops first, then its package, then its file", async () => {
    offer("2.0");
    expect(await follow({})).toContain("reconcile --now --allow-removals 3");
    const removed = await server.run("reconcile", "--now", "--allow-removals", "3");
    expect(removed).toMatchObject({ code: 0 });
    expect(await server.run("dpkg-query", "-W", "-f", "${db:Status-Status}", "lessons")).not.toMatchObject({
      stdout: "installed",
    });
    expect(existsSync(server.at("/etc/lessons.conf"))).toBe(false);
    expect((await server.run("systemctl", "is-active", "lessons")).stdout.trim()).not.toBe("active");
    expect(await now()).toMatch(/^exit 0\n[^]*unchanged/);
  });
});
