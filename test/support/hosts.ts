// A name and an address in, a real booted Debian host with systemd out, on a network with the other hosts of the run.
// The tree they all start from, and that nothing of them stays, is the work of test/system/ground.
import { execFile, spawn, type ChildProcess } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hasPrograms, isRoot, missingPrograms } from "./needs.ts";
import { treeOf, type Init } from "./trees.ts";

/** How a command ended; `code` is -1 when it was ended by a signal. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What no command in a host may do to the machine that it runs on: its clock is everybody's. */
const KEPT_AWAY = "-sys_time,-sys_module,-sys_rawio,-sys_boot,-syslog";
const ENVIRONMENT = ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "NO_COLOR=1"];
/** As systemd-nspawn answers when the host asked for a reboot. */
const WANTS_REBOOT = 133;
const LIMIT_MS = 60_000;

/** Asked while a file is loaded, so it notes nothing: what cannot be tried is skipped by name. CI has to have it all. */
export function bootsHosts(): boolean {
  const programs = ["mmdebstrap", "systemd-nspawn", "ip", "nsenter", "setpriv"];
  if (process.env["CI"] === "true") return isRoot() && hasPrograms(...programs) && hasTree();
  return process.geteuid?.() === 0 && missingPrograms(...programs) === undefined && hasTree();
}

function hasTree(): boolean {
  const fault = process.env["SCHOOL_HOSTS_FAULT"];
  if (fault !== undefined && process.env["CI"] === "true") throw new Error(`there is no tree to boot: ${fault}`);
  return fault === undefined;
}

export class Host {
  readonly name: string;
  readonly address: string;
  readonly #init: Init;
  readonly #folder: string;
  readonly #namespace: string;
  readonly #groups: readonly string[];
  #nspawn: ChildProcess | undefined;
  #ended: Promise<number> = Promise.resolve(0);

  private constructor(name: string, lastByte: number, init: Init) {
    const [ground, run] = [process.env["SCHOOL_HOSTS"], process.env["SCHOOL_HOSTS_RUN"]];
    if (ground === undefined || run === undefined) throw new Error("there is no tree to boot");
    this.name = name;
    this.#init = init;
    this.address = `10.77.0.${lastByte}`;
    this.#folder = join(ground, name);
    this.#namespace = `${run}-${name}`;
    this.#groups = controlGroups().map((group) => join(group, run, name));
  }

  /** A fresh copy of the tree with a link of its own; not yet booted, so that files can be put into it. */
  static async make(name: string, lastByte: number, init: Init = "systemd"): Promise<Host> {
    const host = new Host(name, lastByte, init);
    await host.#layOver(await treeOf(init));
    await host.#connect();
    const names = `127.0.0.1 localhost\n10.77.0.1 mothership\n${host.address} ${name}\n`;
    writeFileSync(host.at("/etc/hosts"), names);
    writeFileSync(host.at("/etc/hostname"), `${name}\n`);
    mkdirSync(host.at("/etc/ssh"), { recursive: true });
    await outside("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", host.at("/etc/ssh/ssh_host_ed25519_key"));
    return host;
  }

  /** A path of the host as the machine outside sees it, booted or not. Below /run and /tmp the host has its own. */
  at(path: string): string {
    return join(this.#folder, "root", path);
  }

  /** Somebody at the host writes a file. */
  put(path: string, text: string, mode = 0o644): void {
    mkdirSync(join(this.at(path), ".."), { recursive: true });
    writeFileSync(this.at(path), text, { mode });
  }

  /** The root folder of the booted host as its own processes see it, with its /run. */
  get inside(): string {
    return `/proc/${this.#first() ?? "none"}/root`;
  }

  /** Resolves when everything has started. */
  async boot(): Promise<void> {
    const console = openSync(join(this.#folder, "console.log"), "a");
    const enter = this.#groups.map((group) => `echo $$ >${group}/cgroup.procs`).join(" && ");
    for (const group of this.#groups) mkdirSync(group, { recursive: true });
    const nspawn = spawn("sh", ["-c", `${enter} && exec "$@"`, "sh", ...this.#nspawnCall()], {
      detached: true,
      stdio: ["ignore", console, console],
      env: { PATH: process.env["PATH"], SYSTEMD_NSPAWN_UNIFIED_HIERARCHY: "1" },
    });
    closeSync(console);
    this.#nspawn = nspawn;
    this.#ended = new Promise((resolve) => nspawn.on("close", (code) => resolve(code ?? -1)));
    await this.until("the host is up", async () => {
      if (nspawn.exitCode !== null) throw new Error(`systemd-nspawn ended with ${nspawn.exitCode}`);
      return this.#first() !== undefined && (await this.#isUp());
    });
  }

  /** A command in the booted host, as root. */
  async run(...argv: readonly string[]): Promise<Ended> {
    const init = this.#first();
    if (init === undefined) return { code: -1, stdout: "", stderr: `${this.name} is not running` };
    const enter = ["nsenter", "-t", String(init), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "--"];
    return ended("setpriv", ["--bounding-set", KEPT_AWAY, ...enter, "env", "-i", ...ENVIRONMENT, ...argv]);
  }

  /** The same, for what has to work: its words, without the last line break. */
  async must(...argv: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(...argv);
    if (code === 0) return stdout.replace(/\n$/, "");
    throw new Error(`${this.name}: ${argv.join(" ")} ended with ${code}: ${stderr}${stdout}\n${await this.#account()}`);
  }

  /** Waits for a condition; what the host has to say is in the error when it does not come. */
  async until(what: string, condition: () => boolean | Promise<boolean>, limitMs = LIMIT_MS): Promise<void> {
    const end = performance.now() + limitMs;
    for (;;) {
      if (await condition()) return;
      if (performance.now() > end) throw new Error(`${this.name}: waited in vain: ${what}\n${await this.#account()}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The plug is pulled: every process of the host is gone at once; what it wrote is there. */
  async kill(): Promise<void> {
    const init = this.#first();
    if (init !== undefined) process.kill(init, "SIGKILL");
    await this.#ended;
    this.#nspawn = undefined;
  }

  /** Somebody asks for a reboot in the host; resolves when it is up again. */
  async reboot(): Promise<void> {
    await this.run("systemctl", "reboot");
    const code = await this.#ended;
    if (code !== WANTS_REBOOT)
      throw new Error(`${this.name}: ended with ${code} and not to reboot\n${this.#console()}`);
    await this.boot();
  }

  /** Ends the host and removes it. */
  async close(): Promise<void> {
    await this.kill();
    await outside("ip", "netns", "del", this.#namespace);
    await outside("umount", this.at("/"));
    rmSync(this.#folder, { recursive: true });
  }

  async #isUp(): Promise<boolean> {
    if (this.#init === "openrc" || this.#init === "sysvinit") return existsSync(join(this.inside, "run/host-is-up"));
    return /running|degraded/.test((await this.run("systemctl", "is-system-running")).stdout);
  }

  async #layOver(lower: readonly string[]): Promise<void> {
    for (const part of ["upper", "work", "root"]) mkdirSync(join(this.#folder, part), { recursive: true });
    const layers = [
      `lowerdir=${lower.join(":")}`,
      `upperdir=${join(this.#folder, "upper")}`,
      `workdir=${join(this.#folder, "work")}`,
    ];
    await outside("mount", "-t", "overlay", "overlay", "-o", layers.join(","), this.at("/"));
  }

  async #connect(): Promise<void> {
    const bridge = process.env["SCHOOL_HOSTS_RUN"] ?? "";
    const link = `v-${this.name}`;
    const ip = (words: string): Promise<void> => outside("ip", ...words.split(" "));
    await ip(`netns add ${this.#namespace}`);
    await ip(`-n ${this.#namespace} link set lo up`);
    await ip(`-n ${bridge} link add ${link} type veth peer name host0 netns ${this.#namespace}`);
    await ip(`-n ${bridge} link set ${link} master br0 up`);
    await ip(`-n ${this.#namespace} addr add ${this.address}/24 dev host0`);
    await ip(`-n ${this.#namespace} link set host0 up`);
  }

  #nspawnCall(): readonly string[] {
    return [
      ...["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", `--directory=${this.at("/")}`],
      ...[`--machine=${this.name}`, `--network-namespace-path=/run/netns/${this.#namespace}`],
      // The network is the host's own, and dnsmasq wants to rule it.
      ...["--capability=CAP_NET_ADMIN", "--resolv-conf=off", "--timezone=off", "--console=pipe"],
      // The Node that runs these tests is the one that the programs are tried on.
      ...[`--bind-ro=${process.execPath}:/usr/bin/node`, "--boot"],
    ];
  }

  /** The host's process 1 as the machine outside numbers it. */
  #first(): number | undefined {
    const pid = this.#nspawn?.pid;
    const children = pid === undefined ? "" : textOf(`/proc/${pid}/task/${pid}/children`);
    const pids = children.split(" ").filter(Boolean);
    const init = pids.find(
      (child) => textOf(`/proc/${child}/comm`) === `${this.#init.startsWith("systemd") ? "systemd" : "init"}\n`,
    );
    return init === undefined ? undefined : Number(init);
  }

  async #account(): Promise<string> {
    const { stdout } = await this.run("journalctl", "--no-pager", "--boot", "--lines=60", "--output=short-monotonic");
    return stdout === "" ? this.#console() : stdout;
  }

  #console(): string {
    return textOf(join(this.#folder, "console.log")).slice(-4000);
  }
}

function controlGroups(): readonly string[] {
  const base = "/sys/fs/cgroup";
  return existsSync(`${base}/unified`) ? [`${base}/unified`, `${base}/systemd`] : [base];
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

async function outside(program: string, ...args: readonly string[]): Promise<void> {
  const { code, stderr } = await ended(program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
}

function ended(program: string, args: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { timeout: LIMIT_MS, killSignal: "SIGKILL" as const, maxBuffer: 2 ** 26 };
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
      resolve({ code, stdout, stderr });
    });
    child.stdin?.end();
  });
}
