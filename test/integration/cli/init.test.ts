// A trial that works at once, and the settings of a school's server: made by the built program, read by the built program.
import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

import { runCommand } from "../../../reconciler/machine/command.ts";
import { parseConfig } from "../../../reconciler/config/read.ts";
import { mounts } from "../../support/needs.ts";
import { reconcile } from "../../support/reconcile.ts";

const NOBODYS = { GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "init-"));
});

afterEach(() => rm(folder, { recursive: true }));

/** A line that was printed to be pasted, in a shell of its own. */
async function paste(line: string): Promise<number | undefined> {
  return (await runCommand(["/bin/sh", "-c", line], { timeoutMs: 60_000, env: NOBODYS })).code;
}

async function gitSays(...args: string[]): Promise<string> {
  const told = await runCommand(["git", "-C", join(folder, "fleet"), ...args], { timeoutMs: 10_000, env: NOBODYS });
  return told.stdout.toString("utf8").trim();
}

describe("a trial", () => {
  test("is settled by the first run, and left unchanged by the second", async () => {
    expect((await reconcile(["init", folder])).code).toBe(0);
    const config = ["--config", join(folder, "config.yaml")];
    const first = await reconcile(["--now", ...config]);
    expect([first.code, first.stdout]).toEqual([0, expect.stringContaining("changed")]);
    const second = await reconcile(["--now", ...config]);
    expect([second.code, second.stdout]).toEqual([0, expect.stringMatching(/ unchanged .*\n$/u)]);
  });

  test("has everything to try as lines that can be pasted, each of which ends well", async () => {
    const { stdout } = await reconcile(["init", join(folder, "it's a trial")]);
    const lines = stdout.split("\n").filter((line) => line.startsWith("   "));
    expect(lines).toHaveLength(5);
    for (const line of lines) expect([line, await paste(line)]).toEqual([line, 0]);
    const motd = readFileSync(join(folder, "it's a trial/root/etc/motd"), "utf8");
    expect(motd).toContain("The library opens at eight.");
    expect(motd).not.toContain("written by hand");
  });

  test("has one commit that nobody's settings had a part in, and a name for the next one", async () => {
    await reconcile(["init", folder]);
    expect(await gitSays("log", "--format=%an <%ae>")).toBe("School fleet <fleet@localhost>");
    expect(await gitSays("status", "--short", "--branch")).toBe("## main...origin/main");
    expect(await gitSays("config", "--local", "user.email")).toBe("fleet@localhost");
  });

  test.each(["32k", "160k", "320k"])("leaves nothing behind on a disk of %s, full in the middle", async (size) => {
    const disk = join(folder, "disk");
    mkdirSync(disk);
    if (!mounts(disk, "-t", "tmpfs", "-o", `size=${size}`, "none")) return;
    try {
      const told = await reconcile(["init", join(disk, "a/trial")]);
      expect([told.code, await readdir(disk)]).toEqual([1, []]);
    } finally {
      execFileSync("umount", [disk]);
    }
  });

  test("leaves commits to a person who has a name already", async () => {
    const own = join(folder, "own-gitconfig");
    mkdirSync(join(folder, "trial"));
    writeFileSync(own, "[user]\n\tname = Rosa\n\temail = rosa@school.example\n[commit]\n\tgpgSign = true\n");
    expect((await reconcile(["init", join(folder, "trial")], { GIT_CONFIG_GLOBAL: own })).code).toBe(0);
    const local = await runCommand(["git", "-C", join(folder, "trial/fleet"), "config", "--local", "user.name"], {
      timeoutMs: 10_000,
      env: NOBODYS,
    });
    expect(local.code).toBe(1);
  });

  test("is never made over something", async () => {
    writeFileSync(join(folder, "precious"), "mine");
    const { code, stderr } = await reconcile(["init", folder]);
    expect([code, stderr]).toEqual([1, expect.stringContaining("nothing is overwritten")]);
    expect(await readdir(folder)).toEqual(["precious"]);
  });

  test("that is there already is pointed out, and stays as it is", async () => {
    await reconcile(["init", folder]);
    const before = readFileSync(join(folder, "config.yaml"), "utf8");
    const { code, stderr } = await reconcile(["init", folder]);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`reconcile --now --config ${folder}/config.yaml`)]);
    expect(readFileSync(join(folder, "config.yaml"), "utf8")).toBe(before);
  });

  test.each([
    ["a file in its place", "file"],
    ["a path that no socket can have", "x".repeat(100)],
    ["a path that git is not given", "back\\slash"],
  ])("is refused for %s, and nothing is left behind", async (_what, name) => {
    writeFileSync(join(folder, "file"), "");
    const { code } = await reconcile(["init", join(folder, name)]);
    expect([code, await readdir(folder)]).toEqual([1, ["file"]]);
  });

  test("takes back what it began when git cannot do its part", async () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "git"), '#!/bin/sh\ncase "$*" in *commit*) exit 1;; esac\nexec /usr/bin/git "$@"\n');
    chmodSync(join(bin, "git"), 0o755);
    const { code, stderr } = await reconcile(["init", join(folder, "trial")], { PATH: `${bin}:/usr/bin:/bin` });
    expect([code, stderr]).toEqual([1, expect.stringContaining("git did not do its part")]);
    expect(await readdir(folder)).not.toContain("trial");
  });
});

describe("a server", () => {
  const where = (): string => join(folder, "etc/config.yaml");
  const server = (...words: string[]): ReturnType<typeof reconcile> =>
    reconcile(["init", "--server", "--config", where(), ...words]);
  const FLEET = ["--remote", "https://git.example.org/fleet.git", "--host", "escuela-12"];

  test("gets valid settings that everybody can read and only their owner can write", async () => {
    const signers = join(folder, "allowed_signers");
    writeFileSync(signers, "admin@school.example ssh-ed25519 AAAA\n", { mode: 0o644 });
    const { code, stdout } = await server(...FLEET, "--allowed-signers", signers);
    expect([code, stdout]).toEqual([0, expect.stringContaining(`--now --config ${where()}`)]);
    expect(statSync(where()).mode & 0o777).toBe(0o644);
    expect(parseConfig(where(), readFileSync(where()))).toMatchObject({
      ok: true,
      value: { host: "escuela-12", root: "/", trust: { type: "signers", allowedSigners: signers } },
    });
  });

  test("trusts anyone only when that is said", async () => {
    expect((await server(...FLEET, "--trust-anyone")).code).toBe(0);
    expect(parseConfig(where(), readFileSync(where()))).toMatchObject({ ok: true, value: { trust: { type: "none" } } });
  });

  test("never gets its settings written over", async () => {
    await server(...FLEET, "--trust-anyone");
    const before = readFileSync(where(), "utf8");
    expect((await server("--remote", "/srv/other.git", "--host", "other", "--trust-anyone")).code).toBe(1);
    expect(readFileSync(where(), "utf8")).toBe(before);
  });

  test("has to be told whom to trust, with both ways explained", async () => {
    const { code, stderr } = await server(...FLEET);
    expect(code).toBe(64);
    expect(stderr).toMatch(/--allowed-signers FILE obeys[\s\S]*--trust-anyone obeys/u);
    expect(existsSync(where())).toBe(false);
  });

  test.each([
    ["nothing of the fleet", ["--trust-anyone"], 64, /--remote[\s\S]*--host/u],
    ["an address that runs a program", ["--remote", "ext::sh -c id", "--host", "a", "--trust-anyone"], 1, /./u],
    ["an address without encryption", ["--remote", "http://e.org/f", "--host", "a", "--trust-anyone"], 1, /encrypted/u],
    ["a host that is no name", ["--remote", "/srv/f.git", "--host", "A_b", "--trust-anyone"], 1, /small letters/u],
    ["signers that are not there", [...FLEET, "--allowed-signers", "/nowhere/signers"], 1, /is not there/u],
    ["both kinds of trust", [...FLEET, "--allowed-signers", "/x", "--trust-anyone"], 64, /exclude/u],
  ])("is refused with %s", async (_what, words, exitCode, told) => {
    const { code, stderr } = await server(...words);
    expect([code, stderr]).toEqual([exitCode, expect.stringMatching(told)]);
    expect(existsSync(where())).toBe(false);
  });
});
