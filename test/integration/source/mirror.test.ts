import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { chmodSync, existsSync, readdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { chown } from "node:fs/promises";
import { join } from "node:path";
import { openMirror } from "../../../reconciler/source/mirror.ts";
import type { Mirror } from "../../../reconciler/source/mirror.ts";
import { GitForge } from "../../support/git-forge.ts";
import type { Repository } from "../../support/git-forge.ts";

let forge: GitForge;
let fleet: Repository;
let directory: string;

beforeEach(async () => {
  forge = await GitForge.open();
  fleet = await forge.repository();
  directory = join(forge.directory, "state", "mirror.git");
});
afterEach(() => forge.close());

async function opened(): Promise<Mirror> {
  const mirror = await openMirror(directory, { fetchTimeoutMs: 20_000 });
  if (!mirror.ok) throw new Error(JSON.stringify(mirror.problems));
  return mirror.value;
}

function remote(address: string, name = "origin") {
  return { name, address, plainHttp: false };
}

describe("what the mirror knows", () => {
  test("a fetched commit is told with its tree, time, author and a subject that cannot reach the terminal", async () => {
    const commit = await fleet.commit(
      { "fleet.yaml": "a: 1\n" },
      { message: "red \u001b[31m alert", time: 1_790_000_100 },
    );
    const mirror = await opened();
    const { tip, from, attempts } = await mirror.fetch([remote(fleet.url)], "main");
    expect(tip).toEqual({
      commit,
      tree: (await fleet.git("rev-parse", `${commit}^{tree}`)).trim(),
      time: 1_790_000_100,
      author: "Fleet Admin",
      subject: "red \\x1b[31m alert",
    });
    expect(from).toBe("origin");
    expect(attempts).toMatchObject([{ remote: "origin", ok: true }]);
    expect(await mirror.tip(["origin"], "main")).toEqual(tip);
    expect(await mirror.revision(commit.slice(0, 10))).toEqual(tip);
    expect(await mirror.revision("refs/remotes/origin/main")).toEqual(tip);
  });

  test.each(["--all", "-n1", "HEAD", "main", "refs/heads/main", "main^{tree}", ":/alert", "a..b", "@", ""])(
    "the name %p is not looked up",
    async (name) => {
      await fleet.commit({ a: "1" });
      const mirror = await opened();
      await mirror.fetch([remote(fleet.url)], "main");
      expect(await mirror.revision(name)).toBeUndefined();
      expect(await mirror.log({ to: name })).toEqual([]);
    },
  );

  test("the log, the blame and the question for ancestors answer from the bare mirror", async () => {
    const c1 = await fleet.commit({ a: "one\n", b: "x\n" }, { message: "first", author: "Ana" });
    const c2 = await fleet.commit({ a: "one\ntwo\n", b: "x\n" }, { message: "second", author: "Berta" });
    const c3 = await fleet.commit({ a: "one\ntwo\n", b: "y\n" }, { message: "third" });
    const mirror = await opened();
    await mirror.fetch([remote(fleet.url)], "main");
    expect((await mirror.log({ to: c3, from: c1 })).map(({ commit }) => commit)).toEqual([c3, c2]);
    expect((await mirror.log({ to: c3, path: "a" })).map(({ subject }) => subject)).toEqual(["second", "first"]);
    expect(await mirror.blame(c3, "a")).toMatchObject([
      { commit: c1, author: "Ana", subject: "first" },
      { commit: c2, author: "Berta", subject: "second" },
    ]);
    expect(await mirror.blame(c3, "--contents=/etc/passwd")).toEqual([]);
    expect(await mirror.isAncestor(c1, c3)).toBe(true);
    expect(await mirror.isAncestor(c3, c1)).toBe(false);
    expect(await mirror.isAncestor("--help", c1)).toBe(false);
  });

  test("of two remotes the tip that contains the other is the newest known, whatever the order", async () => {
    const c1 = await fleet.commit({ a: "1" });
    const late = await forge.repository("late");
    await late.git("fetch", "-q", fleet.path, "main:main");
    const c2 = await fleet.commit({ a: "2" });
    const mirror = await opened();
    await mirror.fetch([remote(fleet.url, "near")], "main");
    expect((await mirror.fetch([remote(late.url, "far")], "main")).tip?.commit).toBe(c1);
    expect((await mirror.tip(["far", "near"], "main"))?.commit).toBe(c2);
    expect((await mirror.tip(["near", "far"], "main"))?.commit).toBe(c2);
  });

  test("a commit that is kept outlives a forced push and the maintenance", async () => {
    const c1 = await fleet.commit({ a: "1" });
    const c2 = await fleet.commit({ a: "2" });
    const mirror = await opened();
    await mirror.fetch([remote(fleet.url)], "main");
    expect(await mirror.keep("accepted", c2)).toBe(true);
    await fleet.move("main", c1);
    expect((await mirror.fetch([remote(fleet.url)], "main")).tip?.commit).toBe(c1);
    expect(await mirror.maintain()).toBe(true);
    expect((await mirror.git.read(["prune", "--expire=now"], { timeoutMs: 20_000 })).code).toBe(0);
    expect((await mirror.revision(c2))?.commit).toBe(c2);
  });

  test("a repository that belongs to another user of this machine can be a remote", async () => {
    const commit = await fleet.commit({ a: "1" });
    if (process.getuid?.() === 0) await chown(fleet.path, 65534, 65534);
    const mirror = await opened();
    expect((await mirror.fetch([remote(fleet.path)], "main")).tip?.commit).toBe(commit);
  });
});

describe("what a power cut leaves", () => {
  test("a lock of an earlier life is removed and told, and the fetch works", async () => {
    const commit = await fleet.commit({ a: "1" });
    await (await opened()).fetch([remote(fleet.url)], "main");
    const lock = join(directory, "refs", "remotes", "origin", "main.lock");
    const half = join(directory, "objects", "pack", "tmp_pack_x1");
    for (const path of [lock, half]) {
      writeFileSync(path, "");
      utimesSync(path, 1_000_000_000, 1_000_000_000);
    }
    const next = await fleet.commit({ a: "2" });
    const mirror = await opened();
    expect(mirror.notices.map(({ where }) => where?.file).sort()).toEqual([half, lock].sort());
    expect((await mirror.fetch([remote(fleet.url)], "main")).tip?.commit).toBe(next);
    expect((await mirror.revision(commit))?.commit).toBe(commit);
  });

  test("a torn reference is removed and fetched again", async () => {
    const commit = await fleet.commit({ a: "1" });
    await (await opened()).fetch([remote(fleet.url)], "main");
    truncateSync(join(directory, "refs", "remotes", "origin", "main"), 0);
    const mirror = await opened();
    expect(mirror.notices).toMatchObject([{ code: "mirror-tidied" }]);
    expect(await mirror.tip(["origin"], "main")).toBeUndefined();
    expect((await mirror.fetch([remote(fleet.url)], "main")).tip?.commit).toBe(commit);
  });

  test("a mirror without its HEAD is set aside and made anew while opening", async () => {
    const commit = await fleet.commit({ a: "1" });
    await (await opened()).fetch([remote(fleet.url)], "main");
    truncateSync(join(directory, "HEAD"), 0);
    const mirror = await opened();
    expect(mirror.notices).toMatchObject([{ code: "mirror-renewed", where: { file: `${directory}.broken-1` } }]);
    expect((await mirror.fetch([remote(fleet.url)], "main")).tip?.commit).toBe(commit);
  });

  test("a mirror that lost its objects is set aside while fetching, and the fetch succeeds", async () => {
    const commit = await fleet.commit({ a: "1" });
    await (await opened()).fetch([remote(fleet.url)], "main");
    for (const name of readdirSync(join(directory, "objects", "pack"))) {
      rmSync(join(directory, "objects", "pack", name));
    }
    const mirror = await opened();
    const fetched = await mirror.fetch([remote(fleet.url)], "main");
    expect(fetched.tip?.commit).toBe(commit);
    expect(existsSync(join(directory, "suspect"))).toBe(false);
  });

  test("a damaged pack is noticed while reading, renewed at the next opening, and only two broken ones are kept", async () => {
    await fleet.commit({ "fleet.yaml": "words ".repeat(500) });
    for (let round = 1; round <= 3; round++) {
      const mirror = await opened();
      const { tip } = await mirror.fetch([remote(fleet.url)], "main");
      const pack = readdirSync(join(directory, "objects", "pack")).find((name) => name.endsWith(".pack"));
      // Even its owner may only read a pack.
      chmodSync(join(directory, "objects", "pack", pack ?? ""), 0o600);
      truncateSync(join(directory, "objects", "pack", pack ?? ""), 60);
      const read = await mirror.read(tip!, () => true);
      expect(read).toMatchObject({ ok: false, problems: [{ code: "mirror-broken" }] });
      expect((await opened()).notices).toContainEqual(expect.objectContaining({ code: "mirror-renewed" }));
    }
    const aside = readdirSync(join(forge.directory, "state")).filter((name) => name.includes(".broken-"));
    expect(aside.sort()).toEqual(["mirror.git.broken-2", "mirror.git.broken-3"]);
  });

  test("a place where no directory can be made is a problem, not an exception", async () => {
    writeFileSync(join(forge.directory, "file"), "");
    const mirror = await openMirror(join(forge.directory, "file", "mirror.git"));
    expect(mirror).toMatchObject({ ok: false, problems: [{ code: "mirror-unusable" }] });
  });
});
