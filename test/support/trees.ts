// The name of an init system in, the folders from which a host that boots it is laid together out. Each is made once a
// run, below the folder of the run, and goes away with it.
import { execFile } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const LIMITS = { timeout: 300_000, maxBuffer: 2 ** 26, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };

/** `systemd` is the tree that every story starts from; the others are what a school may have instead. */
export type Init = "systemd" | "systemd-trixie" | "openrc" | "sysvinit";

/** Lower folders of an overlay, the upper one first. */
export async function treeOf(init: Init): Promise<readonly string[]> {
  const ground = process.env["SCHOOL_HOSTS"];
  if (ground === undefined) throw new Error("there is no tree to boot");
  const base = join(ground, "tree");
  if (init === "systemd") return [base];
  const made = join(ground, `tree-${init}`);
  if (!existsSync(made)) await make(init, base, `${made}.part`, made);
  return init === "systemd-trixie" ? [made] : [made, base];
}

async function make(init: Init, base: string, part: string, made: string): Promise<void> {
  if (init === "systemd-trixie") await bootstrap(base, part);
  else await convert(base, part, init === "openrc" ? ["sysvinit-core", "openrc"] : ["sysvinit-core"]);
  renameSync(part, made);
}

async function bootstrap(base: string, tree: string): Promise<void> {
  const boring = ["man", "doc", "locale"].map((name) => `--dpkgopt=path-exclude=/usr/share/${name}/*`);
  const packages = "--include=systemd,systemd-sysv,dbus,git,openssh-client,libstdc++6";
  await run("mmdebstrap", ["--quiet", "--variant=minbase", packages, ...boring, "trixie", tree], LIMITS);
  writeFileSync(join(tree, "usr/bin/node"), "");
  await run("cp", ["-a", join(base, "usr/lib/sugar-server-kit"), join(tree, "usr/lib")]);
  for (const program of ["reconcile", "mace"])
    await run("cp", ["-a", join(base, "usr/bin", program), join(tree, "usr/bin")]);
  truncateSync(join(tree, "etc/machine-id"));
  writeFileSync(join(tree, "etc/resolv.conf"), "");
  const masked = ["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "systemd-timesyncd.service"];
  await run("systemctl", [`--root=${tree}`, "--quiet", "mask", ...masked]);
}

/** The same Debian with another process 1: seconds, where a tree of its own would take half a minute. */
async function convert(base: string, layer: string, packages: readonly string[]): Promise<void> {
  const [work, root] = [`${layer}.work`, `${layer}.root`];
  for (const folder of [layer, work, root]) mkdirSync(folder, { recursive: true });
  await run("mount", ["-t", "overlay", "overlay", "-o", `lowerdir=${base},upperdir=${layer},workdir=${work}`, root]);
  try {
    await run("cp", ["/etc/resolv.conf", "/etc/hosts", join(root, "etc")]);
    const apt = (...words: readonly string[]): Promise<unknown> =>
      run("chroot", [root, "apt-get", "-qy", ...words], LIMITS);
    await apt("update");
    // One after the other: openrc wants to find what it replaces.
    for (const name of packages)
      await apt("install", "--allow-remove-essential", "--no-install-recommends", name, "systemd-");
    await apt("clean");
    rmSync(join(root, "var/lib/apt/lists"), { recursive: true });
    writeFileSync(join(root, "etc/resolv.conf"), "");
    // Only when all of the boot is over; see `isUp` in hosts.ts.
    appendFileSync(join(root, "etc/inittab"), "up:2345:once:/usr/bin/touch /run/host-is-up\n");
  } finally {
    await run("umount", [root]);
  }
  for (const folder of [work, root]) rmSync(folder, { recursive: true });
}
