// A list from a server that speaks TLS, through the real program: with a certificate that is trusted, and with one that
// is not.
import { afterAll, beforeAll, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import https from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GitForge } from "../../support/git-forge.ts";
import { hasPrograms } from "../../support/needs.ts";
import { reconcile, type Answer } from "../../support/reconcile.ts";
import { bytesOf } from "../../support/data-web.ts";

const LIST = bytesOf("bad.example\n".repeat(50_000));
let folder: string;
let forge: GitForge;
let server: https.Server;
/** Bytes after which an answer ends before its time. */
const DROP_AFTER = 300_000;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "https-"));
  forge = await GitForge.open();
  if (!hasPrograms("openssl")) return;
  const [key, certificate] = ["key.pem", "certificate.pem"].map((name) => join(folder, name)) as [string, string];
  const names = ["-subj", "/CN=mothership", "-addext", "subjectAltName=IP:127.0.0.1"];
  const made = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
  execFileSync("openssl", [...made, ...names, "-keyout", key, "-out", certificate], { stdio: "ignore" });
  server = https.createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (request, response) => {
    const from = Number(/^bytes=(\d+)-$/u.exec(request.headers.range ?? "")?.[1] ?? 0);
    const to = Math.min(LIST.size, from + DROP_AFTER);
    response.writeHead(from === 0 ? 200 : 206, {
      etag: '"v1"',
      "content-length": LIST.size - from,
      ...(from === 0 ? {} : { "content-range": `bytes ${from}-${LIST.size - 1}/${LIST.size}` }),
    });
    response.write(LIST.slice(from, to), () => {
      if (to === LIST.size) response.end();
      else response.socket?.end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await forge.close();
  rmSync(folder, { recursive: true });
});

/** A trial of its own that wants the list, and what its run says. */
async function schoolThatWants(
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<Answer & { list: string }> {
  const fleet = await forge.repository(name);
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/list`;
  const item = { http: url, sha256: LIST.digest(), size_mib: 1 };
  await fleet.commit({
    "fleet.yaml": JSON.stringify({ data: { "/srv/list": item }, files: { "/etc/motd": { copy: "files/motd" } } }),
    "schools/escuela-12.yaml": "{}\n",
    "files/motd": "hello\n",
  });
  const home = join(folder, name);
  mkdirSync(join(home, "root"), { recursive: true });
  const remotes = { fleet: { url: fleet.path } };
  const settings = { host: "escuela-12", remotes, trust: "none", root: "root", state: "state", control: "c.sock" };
  writeFileSync(join(home, "config.yaml"), JSON.stringify(settings), { mode: 0o600 });
  const told = await reconcile(["--now", "--config", join(home, "config.yaml")], env);
  return { ...told, list: join(home, "root/srv/list") };
}

test("arrives whole although the line drops, when its certificate is trusted", async () => {
  if (!hasPrograms("openssl")) return;
  const env = { NODE_EXTRA_CA_CERTS: join(folder, "certificate.pem") };
  const { code, stdout, list } = await schoolThatWants("trusted", env);
  expect([code, stdout]).toEqual([0, expect.stringContaining("put /srv/list")]);
  expect(readFileSync(list).equals(LIST.slice(0, LIST.size))).toBe(true);
});

test("is not taken from a server that nobody vouches for; everything else goes on", async () => {
  if (!hasPrograms("openssl")) return;
  const { code, stdout, list } = await schoolThatWants("untrusted", {});
  expect(code).toBe(1);
  expect(stdout).toMatch(/127\.0\.0\.1:\d+\/list cannot be had now: self-signed certificate/u);
  expect(stdout).toContain("write /etc/motd");
  expect(existsSync(list)).toBe(false);
});
