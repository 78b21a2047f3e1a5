// `reconcile check [DIR]`: a whole fleet at a desk, without any server.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { ask, misfits } from "./ask.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "check-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const FLEET = {
  "fleet.yaml": "templates: {0300.proxy: true}\nhealth:\n  squid: {tcp: '127.0.0.1:3128'}\n",
  "groups/gateway.yaml": "{}\n",
  "config/fleet/files.d/etc/motd/10-hello.conf": "hello @HOST@\n",
  "schools/escuela-1.yaml": "groups: [gateway]\nfiles:\n  /etc/link: {link: motd, owner: proxy}\n",
  "schools/escuela-2.yaml": "{}\n",
};

test("every school is told with its files, health checks and groups; no settings, root or state are needed", async () => {
  write(FLEET);
  const { code, out } = await ask("check", folder);
  expect(out).toMatch(/^escuela-1 {2}3 files {2}1 health check {2}gateway$/mu);
  expect(out).toMatch(/^escuela-2 {2}2 files {2}1 health check {2}no groups$/mu);
  expect(out).toContain("2 schools: all is well\n");
  expect(code).toBe(0);
});

test("mistakes in several files, and in what is rendered, are told in one reading", async () => {
  write({
    ...FLEET,
    "schools/escuela-1.yaml": "groups: [gatewy]\n",
    "schools/escuela-3.yaml": "files:\n  /etc/x: {modee: '0644'}\n",
    "config/schools/escuela-2/files.d/etc/issue/10-x.conf": "@NOPE@\n",
  });
  const { code, out } = await ask("check", folder);
  expect(code).toBe(1);
  expect(out).toContain("schools/escuela-1.yaml:1:10 groups.0\n  there is no group gatewy\n");
  expect(out).toContain("schools/escuela-3.yaml:2:12 files./etc/x.modee\n");
  expect(out).toContain("config/schools/escuela-2/files.d/etc/issue/10-x.conf:1:1\n  @NOPE@ is not defined\n");
  expect(out).toContain("3 schools: 3 problems\n");
});

test("a mistake in a group does not hide what is wrong in schools that are not in it", async () => {
  write({
    ...FLEET,
    "groups/gateway.yaml": "wrong: 1\n",
    "config/schools/escuela-2/files.d/etc/issue/10-x.conf": "@NOPE@\n",
  });
  const { out } = await ask("check", folder);
  expect(out).toContain("groups/gateway.yaml:1:1");
  expect(out).toContain("@NOPE@ is not defined");
  expect(out).toContain("2 schools: 2 problems\n");
});

test("a mistake of a thousand schools is told once", async () => {
  const schools = Array.from({ length: 1000 }, (_, index) => `schools/escuela-${index}.yaml`);
  const inGateway: Record<string, string> = Object.fromEntries(schools.map((path) => [path, "groups: [gateway]\n"]));
  const { "schools/escuela-1.yaml": _one, "schools/escuela-2.yaml": _other, ...shared } = FLEET;
  write({ ...shared, ...inGateway, "config/fleet/files.d/etc/issue/10-x.conf": "@NOPE@\n" });
  const { code, out } = await ask("check", folder);
  expect(code).toBe(1);
  expect(out.match(/@NOPE@ is not defined/gu)).toHaveLength(1);
  expect(out).toContain("  in 1,000 schools\n");
});

test("one school does not read what is another's", async () => {
  write({ ...FLEET, "config/schools/escuela-2/files.d/etc/motd/20-more.conf": "@NOPE@\n" });
  const { out } = await ask("check", folder, "--json");
  const { schools } = JSON.parse(out) as { schools: { host: string; ok: boolean }[] };
  expect(schools).toMatchObject([
    { host: "escuela-1", ok: true },
    { host: "escuela-2", ok: false },
  ]);
});

test("data that is too heavy for git is told, with another way to travel", async () => {
  const list = "x".repeat(3 * 2 ** 20);
  write({ ...FLEET, "data/lists/a": list, "data/lists/b": list });
  write({ "schools/escuela-2.yaml": "data:\n  /srv/lists: {copy: data/lists}\n" });
  expect((await ask("check", folder)).out).not.toContain("MiB");
  write({ "data/lists/c": list });
  const { code, out } = await ask("check", folder);
  expect(out).toContain("schools/escuela-2.yaml:2:3 data./srv/lists\n  /srv/lists has 9 MiB in the repository; 8 are");
  expect(out).toContain("let it travel by rsync or http: a change of 1 %");
  expect(code).toBe(0);
  write({ "data/lists/whole": "x".repeat(4 * 2 ** 20 + 1) });
  const refused = await ask("check", folder);
  expect(refused.err + refused.out).toContain("let it travel by rsync or http, as `data:`");
  expect(refused.code).toBe(1);
});

test("a folder that is not there, and one without fleet.yaml, are problems", async () => {
  expect(await ask("check", join(folder, "nowhere"))).toMatchObject({
    code: 1,
    err: expect.stringContaining("nowhere"),
  });
  write({ "schools/escuela-1.yaml": "{}\n" });
  const { code, out } = await ask("check", folder);
  expect(code).toBe(1);
  expect(out).toContain("fleet.yaml\n  this file is missing\n");
});

test("--json fits its schema, well or not", async () => {
  write(FLEET);
  const well: unknown = JSON.parse((await ask("check", folder, "--json")).out);
  expect(misfits("check", well)).toEqual([]);
  expect(well).toMatchObject({ ok: true });
  write({ "config/fleet/files.d/etc/motd/10-hello.conf": "@NOPE@\n", "config/fleet/squid.d/README": "text\n" });
  const broken: unknown = JSON.parse((await ask("check", folder, "--json")).out);
  expect(misfits("check", broken)).toEqual([]);
  expect(broken).toMatchObject({ ok: false });
});

test.each(["plan", "status", "history", "why", "check"])("%s explains itself, with an example", async (verb) => {
  const { code, out } = await ask(verb, "--help");
  expect(code).toBe(0);
  expect(out).toContain(`Usage: reconcile ${verb}`);
  expect(out).toContain(`Example:\n  $ reconcile ${verb}`);
});

test("services that wait for one another are a circle, told here and not on a server", async () => {
  write({
    "fleet.yaml": "services:\n  one: {running: true, after: [two]}\n  two: {running: true, after: [one]}\n",
    "schools/escuela-1.yaml": "{}\n",
  });
  const { code, out } = await ask("check", folder);
  expect(out).toContain("there is no way to begin: service one needs service two needs service one");
  expect(code).toBe(1);
});
