import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { join } from "node:path";
import { openMirror } from "../../../reconciler/source/mirror.ts";
import type { Mirror } from "../../../reconciler/source/mirror.ts";
import { GitForge } from "../../support/git-forge.ts";
import type { Repository } from "../../support/git-forge.ts";

let forge: GitForge;
let fleet: Repository;

beforeEach(async () => {
  forge = await GitForge.open();
  fleet = await forge.repository();
});
afterEach(() => forge.close());

async function opened(fetchTimeoutMs = 20_000, now = Date.now): Promise<Mirror> {
  const mirror = await openMirror(join(forge.directory, "state", "mirror.git"), { fetchTimeoutMs, now });
  if (!mirror.ok) throw new Error(JSON.stringify(mirror.problems));
  return mirror.value;
}

function remote(address: string, name = "origin") {
  return { name, address, plainHttp: false };
}

/** Fetches `main` from one address that must not work; the problem. */
async function problemOf(address: string, options: { branch?: string; timeoutMs?: number } = {}) {
  const mirror = await opened(options.timeoutMs);
  const { tip, attempts } = await mirror.fetch([remote(address)], options.branch ?? "main");
  expect(tip).toBeUndefined();
  expect(attempts).toMatchObject([{ ok: false }]);
  return attempts[0]?.problem;
}

describe("fetching", () => {
  test("works over http, takes only the branch that was asked for and none of its tags", async () => {
    const commit = await fleet.commit({ "fleet.yaml": "a: 1\n" });
    await fleet.commit({ secret: "x" }, { branch: "other" });
    await fleet.git("tag", "v1", commit);
    const base = await forge.serveHttp();
    const mirror = await opened();
    const fetched = await mirror.fetch([remote(`${base}/fleet.git`)], "main");
    expect(fetched.tip?.commit).toBe(commit);
    const refs = await mirror.git.read(["for-each-ref", "--format=%(refname)"], { timeoutMs: 9000 });
    expect(refs.stdout.toString()).toBe("refs/remotes/origin/main\n");
    expect(existsSync(join(mirror.git.directory, "FETCH_HEAD"))).toBe(false);
  });

  test("tries the remotes in their order until one answers", async () => {
    const commit = await fleet.commit({ a: "1" });
    const mirror = await opened();
    const gone = remote(join(forge.directory, "gone.git"), "usb");
    const fetched = await mirror.fetch(
      [gone, remote(fleet.url, "lan"), remote("https://never.invalid/x", "far")],
      "main",
    );
    expect(fetched).toMatchObject({ from: "lan", tip: { commit } });
    expect(fetched.attempts).toMatchObject([
      { remote: "usb", ok: false, problem: { code: "repository-missing" } },
      { remote: "lan", ok: true },
    ]);
    expect(fetched.notices).toEqual([]);
  });

  test("a rewound branch is fetched as it is: whether to follow it is judged later", async () => {
    const c1 = await fleet.commit({ a: "1" });
    await fleet.commit({ a: "2" });
    const mirror = await opened();
    await mirror.fetch([remote(fleet.url)], "main");
    const other = await fleet.commit({ a: "3" }, { parents: [c1] });
    expect((await mirror.fetch([remote(fleet.url)], "main")).tip?.commit).toBe(other);
  });

  test("the branch in the configuration may change from main to main/2026 and back", async () => {
    const old = await fleet.commit({ a: "1" });
    const mirror = await opened();
    await mirror.fetch([remote(fleet.url)], "main");
    await fleet.git("update-ref", "-d", "refs/heads/main");
    const next = await fleet.commit({ a: "2" }, { parents: [old], branch: "main/2026" });
    expect((await mirror.fetch([remote(fleet.url)], "main/2026")).tip?.commit).toBe(next);
    await fleet.git("update-ref", "-d", "refs/heads/main/2026");
    await fleet.move("main", old);
    expect((await mirror.fetch([remote(fleet.url)], "main")).tip?.commit).toBe(old);
  });

  test("pushes in the middle of fetches never give a commit that cannot be read", async () => {
    await fleet.commit({ n: "0" });
    const base = await forge.serveHttp();
    const mirror = await opened();
    const pushed = (async () => {
      for (let n = 1; n <= 12; n++) await fleet.commit({ n: `${n}`, [`f${n}`]: "x".repeat(n * 1000) });
    })();
    const seen: string[] = [];
    const pushing = { done: false };
    void pushed.then(() => (pushing.done = true));
    while (!pushing.done) {
      const { tip } = await mirror.fetch([remote(`${base}/fleet.git`)], "main");
      const read = await mirror.read(tip!, (path) => path === "n");
      seen.push(read.ok ? (read.value.tree.get("n")?.bytes.toString() ?? "?") : "refused");
    }
    await pushed;
    expect(seen.map(Number)).toEqual(seen.map(Number).toSorted((a, b) => a - b));
    expect((await mirror.fetch([remote(`${base}/fleet.git`)], "main")).tip?.commit).toBe(await fleet.tip());
  });

  test("a user name and password reach an https remote as a header and never a command line or a problem", async () => {
    const commit = await fleet.commit({ a: "1" });
    const expected = `Basic ${Buffer.from("school:p@ss").toString("base64")}`;
    const base = await forge.serveHttp(({ headers }) => (headers.authorization === expected ? 200 : 401));
    const mirror = await opened();
    const right = `${base.replace("://", "://school:p%40ss@")}/fleet.git`;
    expect((await mirror.fetch([remote(right)], "main")).tip?.commit).toBe(commit);
    const wrong = await problemOf(`${base.replace("://", "://school:other@")}/fleet.git`);
    expect(wrong?.code).toBe("remote-auth");
    const missing = await problemOf(right.replace("fleet.git", "none.git"));
    expect(missing?.code).toBe("repository-missing");
    expect(JSON.stringify([wrong, missing])).not.toMatch(/p@ss|p%40ss|other/);
  });
});

describe("a remote that does not give the branch", () => {
  test("no such branch names those it has", async () => {
    await fleet.commit({ a: "1" }, { branch: "main" });
    await fleet.commit({ a: "1" }, { branch: "schools/2026" });
    const problem = await problemOf(fleet.url, { branch: "master" });
    expect(problem).toMatchObject({ code: "branch-missing", hint: "it has main, schools/2026" });
  });

  test("an empty repository is told as one", async () => {
    expect(await problemOf(fleet.url)).toMatchObject({ code: "repository-empty" });
  });

  test("no repository at a path, and none at a URL", async () => {
    const base = await forge.serveHttp();
    expect(await problemOf(join(forge.directory, "none.git"))).toMatchObject({ code: "repository-missing" });
    expect(await problemOf(`${base}/none.git`)).toMatchObject({ code: "repository-missing" });
  });

  test("nobody answers, and no such name", async () => {
    const server = createServer();
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as { port: number }).port));
    });
    await new Promise((resolve) => server.close(resolve));
    expect(await problemOf(`http://127.0.0.1:${port}/fleet.git`)).toMatchObject({ code: "remote-unreachable" });
  });

  test("a server that forbids, and one that sends credentials elsewhere", async () => {
    const base = await forge.serveHttp(() => 403);
    expect(await problemOf(`${base}/fleet.git`)).toMatchObject({ code: "remote-auth" });
    const asked: string[] = [];
    const other = await forge.serveHttp(({ headers }) => (asked.push(String(headers.authorization)), 401));
    const redirecting = createHttpServer((request, response) => {
      response.writeHead(302, { location: `${other}${request.url ?? ""}` }).end();
    });
    const port = await forge.listen(redirecting);
    const problem = await problemOf(`http://school:secret@localhost:${port}/fleet.git`);
    expect(problem).toMatchObject({ code: "redirect-refused" });
    expect(asked).toEqual([]);
  });

  test("one that accepts and never answers is given up at the deadline, with all its processes", async () => {
    const silent = createServer((socket) => socket.resume());
    silent.listen(0, "127.0.0.1");
    await new Promise((resolve) => silent.once("listening", resolve));
    const { port } = silent.address() as { port: number };
    const closed = new Promise((resolve) => silent.once("connection", (socket) => socket.once("close", resolve)));
    const problem = await problemOf(`http://127.0.0.1:${port}/fleet.git`, { timeoutMs: 700 });
    expect(problem).toMatchObject({ code: "fetch-timeout" });
    // The connection belongs to a helper of git; it only closes when that is ended too.
    await closed;
    expect(processesWith(`127.0.0.1:${port}`)).toEqual([]);
    await new Promise((resolve) => silent.close(resolve));
  });

  test.each([
    ["ext::sh -c 'touch PWNED'", "address-refused"],
    ["--upload-pack=touch PWNED", "address-refused"],
    ["ssh://-oProxyCommand=touch/x", "address-refused"],
    ["http://example.org/fleet.git", "address-plain-http"],
  ])("%p is refused before git hears of it", async (address, code) => {
    expect(await problemOf(address)).toMatchObject({ code });
    expect(existsSync("PWNED")).toBe(false);
  });

  test.each(["--all", "a..b", "main.lock", "", "a b", "main^{}", "refs/../x", "+x"])(
    "the branch %p is refused",
    async (branch) => {
      expect(await problemOf(fleet.url, { branch })).toMatchObject({ code: "branch-refused" });
    },
  );

  test("history with a hostile tree is refused by git's own checks and does not become the tip", async () => {
    const good = await fleet.commit({ a: "1" });
    const mirror = await opened();
    await mirror.fetch([remote(fleet.url)], "main");
    await fleet.commit({ "..": "up" });
    const fetched = await mirror.fetch([remote(fleet.url)], "main");
    expect(fetched.attempts).toMatchObject([{ problem: { code: "objects-refused" } }]);
    expect(fetched.notices).toEqual([]);
    expect((await mirror.tip(["origin"], "main"))?.commit).toBe(good);
  });
});

describe("ssh", () => {
  test("a key that others may read, and known hosts that others may write, are both told before anything is asked", async () => {
    const { file } = await forge.key("deploy");
    const knownHosts = join(forge.directory, "known_hosts");
    writeFileSync(knownHosts, "");
    chmodSync(file, 0o644);
    chmodSync(knownHosts, 0o666);
    const mirror = await opened();
    const files = { identityFile: file, knownHostsFile: knownHosts };
    const { attempts } = await mirror.fetch([{ ...remote("git@127.0.0.1:fleet.git"), ...files }], "main");
    expect(attempts).toMatchObject([{ problem: { code: "identity-readable" } }]);
    chmodSync(file, 0o600);
    const again = await mirror.fetch([{ ...remote("git@127.0.0.1:fleet.git"), ...files }], "main");
    expect(again.attempts).toMatchObject([{ problem: { code: "known-hosts-writable" } }]);
  });

  test("a port where nobody answers is told as that", async () => {
    expect(await problemOf("ssh://git@127.0.0.1:1/fleet.git")).toMatchObject({ code: "remote-unreachable" });
  });
});

function processesWith(words: string): string[] {
  const all = execFileSync("ps", ["-eo", "args"]).toString("utf8").split("\n");
  return all.filter((line) => line.includes(words));
}
