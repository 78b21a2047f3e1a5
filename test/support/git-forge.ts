// A hosting place for tests: real bare repositories, commits of any shape, and a real http server through git's own CGI.
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** What a path of a commit can be; text and bytes are plain files. */
export type Content =
  string | Buffer | { readonly executable: string } | { readonly symlink: string } | { readonly submodule: string };

export interface CommitOptions {
  /** Commit ids; the tip of the branch when left out, and none for a first commit. */
  readonly parents?: readonly string[];
  readonly message?: string;
  /** Unix seconds; one second after the commit before when left out. */
  readonly time?: number;
  readonly author?: string;
  /** A private ssh key to sign with. */
  readonly signingKey?: string;
  /** `main` when left out; `null` moves no branch. */
  readonly branch?: string | null;
}

const BACKEND = "/usr/lib/git-core/git-http-backend";
let clock = 1_790_000_000;

/** One temporary directory with repositories in it; `close` stops the server and removes everything. */
export class GitForge {
  readonly directory: string;
  #servers: Server[] = [];

  private constructor(directory: string) {
    this.directory = directory;
  }

  static async open(folder = tmpdir()): Promise<GitForge> {
    return new GitForge(await mkdtemp(join(folder, "forge-")));
  }

  /** A new, empty, bare repository. */
  async repository(name = "fleet"): Promise<Repository> {
    const path = join(this.directory, `${name}.git`);
    await git(this.directory, ["init", "--quiet", "--bare", "--initial-branch=main", path]);
    await git(path, ["config", "http.uploadpack", "true"]);
    return new Repository(path);
  }

  /** A new ed25519 key without passphrase: its private file, and the public line. */
  async key(name: string): Promise<{ file: string; publicLine: string }> {
    const file = join(this.directory, `key-${name}`);
    await run("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", file], this.directory);
    const publicLine = await run("ssh-keygen", ["-y", "-f", file], this.directory);
    return { file, publicLine: publicLine.toString("utf8").trim() };
  }

  /** Serves every repository on 127.0.0.1; returns the base URL, without a slash at the end. */
  async serveHttp(guard: (request: IncomingMessage) => number = () => 200): Promise<string> {
    const server = createServer((request, response) => {
      const status = guard(request);
      if (status === 200) this.#answer(request, response);
      else response.writeHead(status, status === 401 ? { "WWW-Authenticate": 'Basic realm="fleet"' } : {}).end();
    });
    return `http://127.0.0.1:${await this.listen(server)}`;
  }

  /** Any server on a free port of 127.0.0.1, closed together with the forge. */
  async listen(server: Server): Promise<number> {
    this.#servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const server of this.#servers) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    await rm(this.directory, { recursive: true, force: true });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    const header = (name: string): string => String(request.headers[name] ?? "");
    const env = {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: this.directory,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      REQUEST_METHOD: request.method ?? "GET",
      CONTENT_TYPE: header("content-type"),
      HTTP_CONTENT_ENCODING: header("content-encoding"),
      GIT_PROTOCOL: header("git-protocol"),
      REMOTE_ADDR: "127.0.0.1",
    };
    const child = spawn(BACKEND, [], { env, stdio: ["pipe", "pipe", "ignore"] });
    request.pipe(child.stdin);
    child.stdin.on("error", () => undefined);
    pipeCgi(child.stdout, response);
  }
}

/** One bare repository; every method is a person's push, done at once. */
export class Repository {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get url(): string {
    return `file://${this.path}`;
  }

  /** Commits exactly these files (also names that no git client would let through) and moves the branch. */
  async commit(files: Readonly<Record<string, Content>>, options: CommitOptions = {}): Promise<string> {
    return this.commitTree(await this.#tree(Object.entries(files)), options);
  }

  /** The same for a tree that is already there. */
  async commitTree(tree: string, options: CommitOptions = {}): Promise<string> {
    const branch = options.branch === undefined ? "main" : options.branch;
    const tip = branch === null ? undefined : await this.tip(branch);
    const parents = (options.parents ?? (tip === undefined ? [] : [tip])).flatMap((parent) => ["-p", parent]);
    const time = `${options.time ?? ++clock} +0000`;
    const author = options.author ?? "Fleet Admin";
    const env = { GIT_AUTHOR_NAME: author, GIT_AUTHOR_DATE: time, GIT_COMMITTER_DATE: time };
    const sign = options.signingKey === undefined ? [] : ["-S"];
    const settings =
      options.signingKey === undefined ? [] : ["-c", "gpg.format=ssh", "-c", `user.signingKey=${options.signingKey}`];
    const args = [...settings, "commit-tree", ...sign, ...parents, "-m", options.message ?? "A change", tree];
    const commit = (await git(this.path, args, { env })).trim();
    if (branch !== null) await this.move(branch, commit);
    return commit;
  }

  /** The commit of a branch, if there is such a branch. */
  async tip(branch = "main"): Promise<string | undefined> {
    const told = await git(this.path, ["for-each-ref", "--format=%(objectname)", `refs/heads/${branch}`]);
    return told.trim() === "" ? undefined : told.trim();
  }

  /** A forced push. */
  async move(branch: string, commit: string): Promise<void> {
    await git(this.path, ["update-ref", `refs/heads/${branch}`, commit]);
  }

  async git(...args: string[]): Promise<string> {
    return git(this.path, args);
  }

  /** Writes any object, unchecked. */
  async object(type: "blob" | "tree" | "commit", bytes: Buffer | string): Promise<string> {
    const args = ["hash-object", "-t", type, "-w", "--literally", "--stdin"];
    return (await git(this.path, args, { input: bytes })).trim();
  }

  async #tree(files: readonly (readonly [string, Content])[]): Promise<string> {
    const folders = new Map<string, [string, Content][]>();
    const lines: string[] = [];
    for (const [path, content] of files) {
      const slash = path.indexOf("/");
      if (slash < 0) lines.push(await this.#entry(path, content));
      else {
        const below = folders.get(path.slice(0, slash)) ?? [];
        folders.set(path.slice(0, slash), [...below, [path.slice(slash + 1), content]]);
      }
    }
    for (const [name, below] of folders) lines.push(`040000 tree ${await this.#tree(below)}\t${name}\0`);
    return (await git(this.path, ["mktree", "-z", "--missing"], { input: lines.join("") })).trim();
  }

  async #entry(name: string, content: Content): Promise<string> {
    if (typeof content === "string" || Buffer.isBuffer(content))
      return `100644 blob ${await this.object("blob", content)}\t${name}\0`;
    if ("executable" in content) return `100755 blob ${await this.object("blob", content.executable)}\t${name}\0`;
    if ("symlink" in content) return `120000 blob ${await this.object("blob", content.symlink)}\t${name}\0`;
    return `160000 commit ${content.submodule}\t${name}\0`;
  }
}

/** git as the tests run it: without anybody's configuration. */
export function gitEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: tmpdir(),
    LC_ALL: "C",
    GIT_CONFIG_GLOBAL: "/dev/null",
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_AUTHOR_NAME: "Fleet Admin",
    GIT_AUTHOR_EMAIL: "admin@school.example",
    GIT_COMMITTER_NAME: "Fleet Admin",
    GIT_COMMITTER_EMAIL: "admin@school.example",
  };
}

async function git(
  cwd: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; input?: string | Buffer } = {},
): Promise<string> {
  return (await run("git", args, cwd, options)).toString("utf8");
}

/** Runs a program to its end; throws with its words when it fails. */
function run(
  program: string,
  args: readonly string[],
  cwd: string,
  options: { env?: NodeJS.ProcessEnv; input?: string | Buffer } = {},
): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...gitEnvironment(), ...options.env } });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (piece: Buffer) => stdout.push(piece));
    child.stderr.on("data", (piece: Buffer) => stderr.push(piece));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(Buffer.concat(stdout));
      else reject(new Error(`${program} ${args.join(" ")}: ${Buffer.concat(stderr).toString("utf8")}`));
    });
    // Most of git's commands end without reading anything.
    child.stdin.on("error", () => undefined);
    child.stdin.end(options.input ?? "");
  });
}

/** Headers until the empty line, then the body, as RFC 3875 says. */
function pipeCgi(stdout: NodeJS.ReadableStream, response: ServerResponse): void {
  let head = Buffer.alloc(0);
  const onHead = (piece: Buffer): void => {
    head = Buffer.concat([head, piece]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) return;
    const headers = new Map(head.toString("latin1", 0, end).split("\r\n").map(splitHeader));
    const status = Number.parseInt(headers.get("status") ?? "200", 10);
    headers.delete("status");
    response.writeHead(status, Object.fromEntries(headers));
    response.write(head.subarray(end + 4));
    stdout.off("data", onHead);
    stdout.pipe(response);
  };
  stdout.on("data", onHead);
  stdout.on("end", () => response.end());
}

function splitHeader(line: string): [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
