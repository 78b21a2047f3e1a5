// A mothership that carries the fleet, and a school that follows it over ssh: signed commits in, a booted server out.
import { readFileSync } from "node:fs";
import { GitForge, Repository, type Content } from "../support/git-forge.ts";
import { Host, type Ended } from "../support/hosts.ts";

const UNIT = readFileSync("packaging/systemd/reconciler.service", "utf8");
const HOST = "escuela-12";
const CONFIG = `host: ${HOST}
remotes:
  mothership:
    url: root@mothership:/srv/fleet.git
    identity_file: deploy_key
    known_hosts_file: known_hosts
trust: { allowed_signers: allowed_signers }
interval_s: 3600 # the stories ask for runs themselves
splay_s: 3600
`;

/** Data that comes over ssh goes by root's own settings. */
const SSH_CONFIG = `Host mothership
  IdentityFile /etc/reconciler/deploy_key
  UserKnownHostsFile /etc/reconciler/known_hosts
`;

/** What `reconcile status --json` tells, as far as the stories ask. */
export interface Status {
  readonly settled: boolean;
  readonly running?: { readonly revision: { readonly commit: string } };
  readonly reasons: readonly { readonly type: string }[];
}

/** A run, as `reconcile history --json` tells it. */
export interface PastRun {
  readonly run: string;
  readonly trigger: string;
  readonly result: string;
  readonly settled: boolean;
}

export class BootedSchool {
  readonly server: Host;
  readonly #mothership: Host;
  readonly #forge: GitForge;
  readonly #fleet: Repository;
  readonly #signingKey: string;

  private constructor(server: Host, mothership: Host, forge: GitForge, fleet: Repository, signingKey: string) {
    this.server = server;
    this.#mothership = mothership;
    this.#forge = forge;
    this.#fleet = fleet;
    this.#signingKey = signingKey;
  }

  /** Both are up, and the school is set up as the guide says; nothing is committed, and the service does not run yet. */
  static async open(): Promise<BootedSchool> {
    const forge = await GitForge.open();
    const mothership = await Host.make("mothership", 1);
    const server = await Host.make(HOST, 12);
    const signer = await forge.key("admin");
    const deploy = await forge.key("deploy");
    const fleet = await forge.repository("fleet");
    const path = mothership.at("/srv/fleet.git");
    await fleet.git("clone", "--quiet", "--bare", ".", path);
    mothership.put("/root/.ssh/authorized_keys", `${deploy.publicLine}\n`, 0o600);
    const key = readFileSync(mothership.at("/etc/ssh/ssh_host_ed25519_key.pub"), "utf8");
    server.put("/etc/reconciler/config.yaml", CONFIG);
    server.put("/etc/reconciler/allowed_signers", `admin@school.example ${signer.publicLine}\n`);
    server.put("/etc/reconciler/deploy_key", readFileSync(deploy.file, "utf8"), 0o600);
    server.put("/etc/reconciler/known_hosts", `mothership ${key}`);
    server.put("/root/.ssh/config", SSH_CONFIG, 0o600);
    server.put("/etc/systemd/system/reconciler.service", UNIT);
    await Promise.all([mothership.boot(), server.boot()]);
    return new BootedSchool(server, mothership, forge, new Repository(path), signer.file);
  }

  /** The service from now on, also after a boot. */
  async enable(): Promise<void> {
    await this.server.must("systemctl", "enable", "--quiet", "--now", "reconciler");
  }

  /** A signed commit of exactly these files, and fleet.yaml and the school's own where they are not among them. */
  commit(files: Readonly<Record<string, Content>>): Promise<string> {
    const all = { "fleet.yaml": "{}\n", [`schools/${HOST}.yaml`]: "{}\n", ...files };
    return this.#fleet.commit(all, { signingKey: this.#signingKey });
  }

  /** Somebody puts a file on the mothership. */
  putOnMothership(path: string, text: string): void {
    this.#mothership.put(path, text);
  }

  reconcile(...words: readonly string[]): Promise<Ended> {
    return this.server.run("reconcile", ...words);
  }

  async status(): Promise<Status> {
    const status: Status = JSON.parse((await this.reconcile("status", "--json")).stdout);
    return status;
  }

  /** The last runs, newest first. */
  async history(): Promise<readonly PastRun[]> {
    const history: { readonly runs: readonly PastRun[] } = JSON.parse(
      (await this.reconcile("history", "--json")).stdout,
    );
    return history.runs;
  }

  async untilSettledAt(commit: string): Promise<void> {
    await this.server.until(`settled at ${commit}`, async () => {
      const { settled, running } = await this.status();
      return settled && running?.revision.commit === commit;
    });
  }

  async close(): Promise<void> {
    await Promise.all([this.server.close(), this.#mothership.close()]);
    await this.#forge.close();
  }
}
