import { describe, expect, test } from "@jest/globals";
import { explainFetch } from "../../../reconciler/source/fetch-problem.ts";
import type { FetchContext } from "../../../reconciler/source/fetch-problem.ts";

const context: FetchContext = {
  remote: "origin",
  address: "https://git.school.example/fleet.git",
  branch: "main",
  timeoutMs: 90_000,
  nowMs: Date.UTC(2026, 10, 23),
  newestKnown: Date.UTC(2026, 10, 20) / 1000,
};

function explained(stderr: string, changes: Partial<FetchContext> = {}) {
  return explainFetch({ code: 128, stdout: Buffer.alloc(0), stderr }, { ...context, ...changes });
}

const GNUTLS =
  "fatal: unable to access 'https://h/': server certificate verification failed. CAfile: none CRLfile: none";

describe("git's words become a problem with a remedy", () => {
  test.each([
    [
      "ssh-host-key",
      "No ED25519 host key is known for h and you have requested strict checking.\nHost key verification failed.\nfatal: Could not read from remote repository.",
    ],
    ["ssh-host-key", "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed."],
    ["remote-auth", "git@h: Permission denied (publickey).\nfatal: Could not read from remote repository."],
    ["remote-auth", "fatal: could not read Username for 'https://h': terminal prompts disabled"],
    ["remote-auth", "fatal: unable to access 'https://h/': The requested URL returned error: 403"],
    ["remote-name-unknown", "fatal: unable to access 'https://h/': Could not resolve host: h"],
    [
      "remote-name-unknown",
      "ssh: Could not resolve hostname h: Name or service not known\nfatal: Could not read from remote repository.",
    ],
    [
      "remote-unreachable",
      "fatal: unable to access 'https://h/': Failed to connect to h port 443 after 2 ms: Couldn't connect to server",
    ],
    [
      "remote-unreachable",
      "ssh: connect to host h port 22: Connection refused\nfatal: Could not read from remote repository.",
    ],
    [
      "remote-unreachable",
      "ssh: connect to host h port 22: Connection timed out\nfatal: Could not read from remote repository.",
    ],
    ["remote-unreachable", "ssh: connect to host h port 22: No route to host"],
    ["repository-missing", "fatal: repository 'https://h/fleet.git/' not found"],
    ["repository-missing", "ERROR: Repository not found.\nfatal: Could not read from remote repository."],
    ["repository-missing", "fatal: '/srv/x.git' does not appear to be a git repository"],
    [
      "fetch-stalled",
      "error: RPC failed; curl 28 Operation too slow. Less than 200 bytes/sec transferred the last 45 seconds\nfatal: early EOF",
    ],
    ["tls-clock", "fatal: unable to access 'https://h/': SSL certificate problem: certificate is not yet valid"],
    ["tls-clock", "fatal: unable to access 'https://h/': SSL certificate problem: certificate has expired"],
    ["tls-certificate", "fatal: unable to access 'https://h/': SSL certificate problem: self-signed certificate"],
    ["tls-certificate", GNUTLS],
    [
      "objects-refused",
      "error: object 1234abcd: hasDotdot: contains '..'\nfatal: fsck error in packed object\nfatal: index-pack failed",
    ],
    ["disk-full", "fatal: write error: No space left on device\nfatal: index-pack failed"],
    ["protocol-refused", "fatal: transport 'ext' not allowed"],
    ["fetch-failed", "fatal: something nobody has seen before"],
  ])("%s: %j", (code, stderr) => {
    const problem = explained(stderr);
    expect(problem.code).toBe(code);
    if (code !== "fetch-failed") expect(problem.hint).toMatch(/\w/);
  });

  test("a bad certificate on a server whose clock is behind a commit it already has is the clock's fault", () => {
    const problem = explained(GNUTLS, { nowMs: Date.UTC(2026, 4, 1) });
    expect(problem).toMatchObject({ code: "tls-clock", what: expect.stringContaining("2026-05-01") });
    expect(explained(GNUTLS, { nowMs: 60_000 })).toMatchObject({ code: "tls-clock" });
  });

  test("words of a stranger reach nobody's terminal as they are, nor at any length", () => {
    const { what } = explained(`remote: \u001b]0;owned\u0007 ${"x".repeat(5000)}`);
    expect(what).not.toMatch(/[\u001b\u0007]/);
    expect(what.length).toBeLessThan(800);
  });

  test("a passed deadline and a missing git are told as that", () => {
    const none = { code: undefined, stdout: Buffer.alloc(0), stderr: "" };
    expect(explainFetch({ ...none, ended: "timeout" }, context)).toMatchObject({
      code: "fetch-timeout",
      what: "origin did not finish within 90 seconds",
    });
    expect(explainFetch({ ...none, ended: "not-found" }, context)).toMatchObject({ code: "git-missing" });
  });
});
