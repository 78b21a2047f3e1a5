// A run's own folder in, one Debian tree with the programs in it out; and everything of a run away again, also of one that died.
import { execFile } from "node:child_process";
import { cp, mkdir, readdir, readFile, rm, rmdir, symlink, truncate, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const checkout = fileURLToPath(new URL("../../..", import.meta.url));
const PREFIX = "school-hosts-";
const SUITE = "bookworm";
const PACKAGES =
  "systemd,systemd-sysv,dbus,ca-certificates,git,openssh-client,openssh-server,iproute2,nftables,rsync,libstdc++6,dnsmasq,nginx-light";
const BORING = ["/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*"];

/** The id of this run; network namespaces, control groups and the folder carry it. */
export const runId = `${PREFIX}${process.pid}`;

/** Builds the tree and the network; resolves to the folder of the run. */
export async function layGround() {
  const folder = join(tmpdir(), runId);
  await mkdir(folder);
  // In memory: an overlay can lie on it wherever the tests run, and it goes away whole.
  await run("mount", ["-t", "tmpfs", "-o", "mode=0700,size=3g", runId, folder]);
  const tree = join(folder, "tree");
  const excludes = BORING.map((path) => `--dpkgopt=path-exclude=${path}`);
  await run("mmdebstrap", ["--quiet", "--variant=minbase", `--include=${PACKAGES}`, ...excludes, SUITE, tree], {
    timeout: 300_000,
    maxBuffer: 2 ** 26,
  });
  await prepareTree(tree);
  await layNetwork();
  return folder;
}

async function prepareTree(tree) {
  const kit = join(tree, "usr/lib/sugar-server-kit");
  for (const part of ["dist", "templates", "desired-state", "packaging", "package.json"]) {
    await cp(join(checkout, part), join(kit, part), { recursive: true });
  }
  for (const program of ["reconcile", "mace"]) {
    await symlink(`/usr/lib/sugar-server-kit/dist/${program}.js`, join(tree, "usr/bin", program));
  }
  await writeFile(join(tree, "usr/bin/node"), "");
  await truncate(join(tree, "etc/machine-id"));
  await writeFile(join(tree, "etc/resolv.conf"), "");
  const keys = (await readdir(join(tree, "etc/ssh"))).filter((name) => name.startsWith("ssh_host_"));
  for (const name of keys) await rm(join(tree, "etc/ssh", name));
  const timers = ["apt-daily.timer", "apt-daily-upgrade.timer", "e2scrub_all.timer", "dpkg-db-backup.timer"];
  await run("systemctl", [`--root=${tree}`, "--quiet", "mask", ...timers, "systemd-timesyncd.service"]);
  // Services start when a story says so.
  await run("systemctl", [`--root=${tree}`, "--quiet", "disable", "dnsmasq.service", "nginx.service"]);
  await run("chroot", [tree, "useradd", "--create-home", "--uid", "1500", "librarian"]);
}

async function layNetwork() {
  await run("ip", ["netns", "add", runId]);
  for (const words of ["link set lo up", "link add br0 type bridge", "link set br0 up"]) {
    await run("ip", ["-n", runId, ...words.split(" ")]);
  }
}

/** What runs left behind whose process is no more. */
export async function removeLeftovers() {
  const named = [...(await readdir(tmpdir())), ...(await namesIn("/run/netns"))];
  const ids = named.flatMap((name) => /^school-hosts-\d+/.exec(name) ?? []);
  for (const id of new Set(ids)) {
    if (!existsSync(`/proc/${id.slice(PREFIX.length)}`)) await removeRun(id);
  }
}

/** Processes, namespaces, mounts, control groups, folder: in that order, because each holds the next. */
export async function removeRun(id = runId) {
  const groups = groupsOf(id).filter((group) => existsSync(group));
  for (const group of groups) await endProcesses(group);
  for (const name of await namesIn("/run/netns")) {
    if (name === id || name.startsWith(`${id}-`)) await run("ip", ["netns", "del", name]);
  }
  const folder = join(tmpdir(), id);
  for (const mounted of (await mountsBelow(folder)).reverse()) await run("umount", [mounted]);
  for (const group of groups) await removeGroup(group);
  await rm(folder, { recursive: true, force: true });
}

/** The control groups of a run: one tree on newer systems, two on those that have both versions. */
export function groupsOf(id) {
  const base = "/sys/fs/cgroup";
  const roots = existsSync(`${base}/unified`) ? [`${base}/unified`, `${base}/systemd`] : [base];
  return roots.map((root) => join(root, id));
}

async function endProcesses(group) {
  for (let pids = await pidsBelow(group); pids.length > 0; pids = await pidsBelow(group)) {
    for (const pid of pids) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It ended by itself.
      }
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function pidsBelow(group) {
  const pids = (await readFile(join(group, "cgroup.procs"), "utf8").catch(() => "")).split("\n").filter(Boolean);
  const below = await Promise.all((await foldersIn(group)).map(pidsBelow));
  return [...pids.map(Number), ...below.flat()];
}

async function removeGroup(group) {
  for (const below of await foldersIn(group)) await removeGroup(below);
  await rmdir(group);
}

async function foldersIn(group) {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(group, name));
}

async function mountsBelow(folder) {
  const lines = (await readFile("/proc/self/mountinfo", "utf8")).split("\n");
  return lines
    .map((line) => line.split(" ")[4] ?? "")
    .filter((path) => path === folder || path.startsWith(`${folder}/`));
}

async function namesIn(folder) {
  return readdir(folder).catch(() => []);
}
