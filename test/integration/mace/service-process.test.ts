// The old promise, with a real service on loopback: if it does not start with its new configuration, the old one comes
// back and the service answers again; with -R the new one stays, and its errors can be read.
import { mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Result } from "../../../common/problem.ts";
import { apply, type Applied } from "../../../mace/apply/apply.ts";
import { type CommandRunner, runCommand } from "../../../mace/apply/command.ts";
import { make } from "../../../mace/make.ts";
import { providerTable } from "../../../mace/services/all.ts";
import { everywhere, type Provider } from "../../../mace/services/provider.ts";

/** Says `greeting` of its configuration to whoever asks over HTTP; refuses to start when it meets another word. */
const SERVICE = `
const { readFileSync, writeFileSync } = require("node:fs");
const { createServer } = require("node:http");
const [file, ready] = process.argv.slice(1);
const settings = readFileSync(file, "utf8").split("\\n").filter((line) => line !== "" && !line.startsWith("#"));
for (const line of settings) if (!line.startsWith("greeting ")) throw new Error("cannot start with: " + line);
const server = createServer((_request, response) => response.end(settings.join().slice("greeting ".length)));
server.listen(0, "127.0.0.1", () => writeFileSync(ready, String(server.address().port)));
`;

/** What systemctl restart does: ends the process, starts another, and waits until it answers or has died. */
const SUPERVISOR = `
const { spawn } = require("node:child_process");
const { existsSync, openSync, readFileSync, rmSync, writeFileSync } = require("node:fs");
const [service, file, ready, pidFile, log] = process.argv.slice(1);
if (existsSync(pidFile)) { try { process.kill(Number(readFileSync(pidFile, "utf8")), "SIGKILL"); } catch {} }
rmSync(ready, { force: true });
const errors = openSync(log, "w");
const child = spawn(process.execPath, ["-e", service, file, ready], { detached: true, stdio: ["ignore", "ignore", errors] });
writeFileSync(pidFile, String(child.pid));
const looking = setInterval(() => { if (existsSync(ready) && readFileSync(ready, "utf8") !== "") process.exit(0); }, 10);
child.on("exit", () => {
  clearInterval(looking);
  console.error(readFileSync(log, "utf8").split("\\n").find((line) => line.startsWith("Error:")));
  process.exit(1);
});
`;

const GREETER: Provider = {
  service: "greeter",
  about: "says hello",
  confiles: { "": { paths: everywhere("/etc/greeter.conf"), comment: "#" } },
  activation: { how: "restart", units: everywhere("greeter.service") },
  packages: everywhere([]),
  affects: [],
  replaces: everywhere(["/etc/greeter.conf"]),
  removes: {},
};

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "mace-service-")));
});

afterEach(() => {
  try {
    process.kill(Number(readFileSync(join(root, "pid"), "utf8")), "SIGKILL");
  } catch {
    // It did not start, or has ended by itself.
  }
  rmSync(root, { recursive: true, force: true });
});

const run: CommandRunner = async (argv) => {
  if (argv[0] === "journalctl") return { code: undefined, missing: true, output: "" };
  expect(argv).toEqual(["systemctl", "restart", "greeter.service"]);
  const places = ["etc/greeter.conf", "port", "pid", "log"].map((name) => join(root, name));
  return runCommand([process.execPath, "-e", SUPERVISOR, SERVICE, ...places]);
};

async function applyText(text: string, withoutFallback = false): Promise<Result<Applied>> {
  const providers = providerTable([GREETER]);
  const roots = [{ name: "school", files: new Map([["greeter.d/10.conf", Buffer.from(text)]]) }];
  const made = make({ roots, env: new Map(), family: "debian" }, providers);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return apply(made.value, {
    ...{ destination: { root }, family: "debian", providers, run },
    ...{ live: true, withoutFallback, now: new Date("2026-03-01T06:00:00Z") },
  });
}

async function answer(): Promise<string> {
  const port = readFileSync(join(root, "port"), "utf8");
  return (await fetch(`http://127.0.0.1:${port}/`)).text();
}

test("a service uses its new configuration as soon as it is applied", async () => {
  await applyText("greeting good morning\n");
  expect(await answer()).toBe("good morning");
  expect(await applyText("greeting good night\n")).toMatchObject({ value: { activated: ["greeter"], problems: [] } });
  expect(await answer()).toBe("good night");
});

test("a service that does not start with the new configuration runs on with the old one", async () => {
  await applyText("greeting good morning\n");
  expect(await applyText("greetnig good night\n")).toMatchObject({
    value: {
      fellBack: true,
      problems: [
        { code: "activation-failed", what: expect.stringContaining("cannot start with: greetnig good night") },
      ],
    },
  });
  expect(await answer()).toBe("good morning");
  expect(await applyText("greeting good morning\n")).toMatchObject({ value: { comparison: { changes: [] } } });
});

test("with -R the new configuration stays, so that the service can be started by hand and its errors be read", async () => {
  await applyText("greeting good morning\n");
  expect(await applyText("greetnig good night\n", true)).toMatchObject({ value: { fellBack: false } });
  expect(readFileSync(join(root, "etc/greeter.conf"), "utf8")).toContain("greetnig good night");
  await expect(answer()).rejects.toThrow();
  expect((await run(["systemctl", "restart", "greeter.service"])).output).toContain("cannot start with");
});
