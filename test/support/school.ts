// A whole school in a temporary folder: the fleet's repository, its hosting place, a server's root, state and settings.
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import type { Stats } from "node:fs";
import { dirname, join } from "node:path";
import { openGround } from "../../reconciler/cli/ground.ts";
import { cycle, type CycleWish } from "../../reconciler/cycle.ts";
import { codeOf } from "../../reconciler/machine/errno.ts";
import type { Ground } from "../../reconciler/ground.ts";
import type { Event } from "../../reconciler/model/event.ts";
import type { Outcome } from "../../reconciler/model/outcome.ts";
import { GitForge, gitEnvironment, type CommitOptions, type Content, type Repository } from "./git-forge.ts";

export interface SchoolOptions {
  /** How the server reaches the fleet's repository; over `file://` when left out. */
  readonly transport?: "file" | "http";
  /** Lines of config.yaml that come last, and so may say something anew. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Name of the server; `escuela-12` when left out. */
  readonly host?: string;
  /** Where its own folder is made; among the temporary files when left out. */
  readonly folder?: string;
}

export interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One path of a root: what it is, and everything lstat(2) knows that must not move by itself. */
export interface Entry {
  readonly type: "file" | "directory" | "symlink" | "special";
  /** Text of a file (or the digest of its bytes), target of a link. */
  readonly content?: string;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly ino: number;
}

export type Snapshot = Readonly<Record<string, Entry>>;

const PROGRAM = join(import.meta.dirname, "../../dist/reconcile.js");

export class School {
  readonly forge: GitForge;
  readonly fleet: Repository;
  readonly host: string;
  readonly #options: SchoolOptions;
  #url: string;

  private constructor(forge: GitForge, fleet: Repository, options: SchoolOptions) {
    this.forge = forge;
    this.fleet = fleet;
    this.host = options.host ?? "escuela-12";
    this.#options = options;
    this.#url = fleet.url;
  }

  static async open(options: SchoolOptions = {}): Promise<School> {
    const forge = await GitForge.open(options.folder);
    const school = new School(forge, await forge.repository("fleet"), options);
    mkdirSync(school.root);
    if (options.transport === "http") school.#url = `${await forge.serveHttp()}/fleet.git`;
    school.configure();
    return school;
  }

  get root(): string {
    return join(this.forge.directory, "root");
  }

  get state(): string {
    return join(this.forge.directory, "state");
  }

  get configFile(): string {
    return join(this.forge.directory, "config.yaml");
  }

  /** Writes config.yaml; what is given wins over what the school was opened with. */
  configure(settings: Readonly<Record<string, unknown>> = {}): void {
    const written = {
      host: this.host,
      remotes: { fleet: { url: this.#url, ...(this.#options.transport === "http" ? { plain_http: true } : {}) } },
      trust: "none",
      // Hundreds of schools are opened here, and every one would fill 16 MiB of the disk.
      limits: { reserve_bytes: 0 },
      root: this.root,
      state: this.state,
      control: join(this.forge.directory, "control.sock"),
      ...this.#options.settings,
      ...settings,
    };
    // JSON is YAML.
    writeFileSync(this.configFile, JSON.stringify(written, undefined, 2));
  }

  /** Commits exactly these files. fleet.yaml and the school's own file are there, and say nothing, unless given. */
  commit(files: Readonly<Record<string, Content>>, options: CommitOptions = {}): Promise<string> {
    return this.fleet.commit({ "fleet.yaml": "{}\n", [`schools/${this.host}.yaml`]: "{}\n", ...files }, options);
  }

  /** `reconcile --now` as a process of its own. */
  now(...words: readonly string[]): Promise<Ran> {
    return this.run(["--now", "--config", this.configFile, ...words]);
  }

  /** The built program with these words. */
  run(words: readonly string[], as: { readonly uid?: number; readonly gid?: number } = {}): Promise<Ran> {
    if (!existsSync(PROGRAM)) throw new Error("there is no dist/reconcile.js: run npm run build first");
    const env = { ...gitEnvironment(), NO_COLOR: "1" };
    return new Promise((resolve) => {
      execFile(process.execPath, [PROGRAM, ...words], { env, maxBuffer: 2 ** 26, ...as }, (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === "number" ? error.code : -1;
        resolve({ code, stdout, stderr });
      });
    });
  }

  async ground(): Promise<Ground> {
    const ground = await openGround(this.configFile);
    if (!ground.ok) throw new Error(JSON.stringify(ground.problems));
    return ground.value;
  }

  /** One cycle in this process, on the ground given or on the school's own. */
  async cycle(
    ground?: Ground,
    wish: Partial<CycleWish> = {},
    hear: (event: Event) => void = () => undefined,
  ): Promise<Outcome> {
    return cycle(ground ?? (await this.ground()), { trigger: "manual", because: "a test", ...wish }, hear);
  }

  /** Somebody at the server: a path below the root, as it is on this machine. */
  at(path: string): string {
    return join(this.root, path);
  }

  /** Somebody at the server writes a file; its folders are made. */
  put(path: string, content: string | Buffer, mode = 0o644): void {
    mkdirSync(dirname(this.at(path)), { recursive: true });
    writeFileSync(this.at(path), content, { mode });
  }

  snapshot(): Snapshot {
    return snapshotOf(this.root);
  }

  close(): Promise<void> {
    return this.forge.close();
  }
}

/** Everything below a folder by its path there, the folder itself as "/". */
export function snapshotOf(folder: string): Snapshot {
  const entries: [string, Entry][] = [];
  const visit = (path: string): void => {
    const place = join(folder, path);
    const stats = lstatSync(place);
    entries.push([path, entryOf(place, stats)]);
    if (stats.isDirectory()) for (const name of readdirSync(place).sort()) visit(join(path, name));
  };
  visit("/");
  return Object.fromEntries(entries);
}

function entryOf(place: string, stats: Stats): Entry {
  const { uid, gid, mtimeMs, ctimeMs, ino } = stats;
  const common = { mode: (stats.mode & 0o7777).toString(8).padStart(4, "0"), uid, gid, mtimeMs, ctimeMs, ino };
  if (stats.isDirectory()) return { type: "directory", ...common };
  if (stats.isSymbolicLink()) return { type: "symlink", content: readlinkSync(place), ...common };
  if (!stats.isFile()) return { type: "special", ...common };
  return { type: "file", content: contentOf(place), ...common };
}

function contentOf(place: string): string {
  try {
    return told(readFileSync(place));
  } catch (error) {
    // Closed by the test itself, which does not run as root.
    if (codeOf(error) === "EACCES") return "not readable";
    throw error;
  }
}

/** Short text as it is, anything else by its digest. */
export function told(bytes: Buffer): string {
  const isPlain = bytes.length < 200 && !/[^\t\n -~]/u.test(bytes.toString("latin1"));
  return isPlain ? bytes.toString("latin1") : `sha256 ${createHash("sha256").update(bytes).digest("hex")}`;
}

/** What a person would call the same tree: paths, types, contents, modes and owners; one line each. */
export function treeLines(snapshot: Snapshot): readonly string[] {
  return Object.entries(snapshot)
    .filter(([path]) => path !== "/")
    .map(([path, { type, content, mode, uid, gid }]) => `${path} ${type} ${mode} ${uid}:${gid} ${content ?? ""}`);
}

/** The same, and that no file was touched: times and inodes of everything but folders. */
export function untouchedLines(snapshot: Snapshot): readonly string[] {
  return Object.entries(snapshot).map(([path, entry]) =>
    entry.type === "directory"
      ? `${path} ${entry.type} ${entry.mode} ${entry.uid}:${entry.gid}`
      : `${path} ${JSON.stringify(entry)}`,
  );
}
