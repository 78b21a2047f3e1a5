import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { faultOfOwner, parseConfig, readConfig } from "../../../reconciler/config/read.ts";

const WRITTEN = "host: escuela-12\nremotes: {here: {url: fleet}}\ntrust: none\nroot: root\nstate: state\n";
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("relative paths are taken from the folder of the file", async () => {
  const file = join(folder, "config.yaml");
  writeFileSync(file, WRITTEN, { mode: 0o644 });
  const config = await readConfig(file);
  const remotes = [{ name: "here", url: join(folder, "fleet"), plainHttp: false }];
  expect(config).toMatchObject({
    ok: true,
    value: { file, remotes, root: join(folder, "root"), state: join(folder, "state") },
  });
});

test("a missing file says how to make one", async () => {
  const config = await readConfig(join(folder, "none.yaml"));
  expect(config).toMatchObject({ problems: [{ code: "no-config", hint: expect.stringContaining("reconcile init") }] });
});

test("a folder in the place of the file offers the file in it", async () => {
  mkdirSync(join(folder, "etc"));
  const config = await readConfig(join(folder, "etc"));
  expect(config).toMatchObject({
    problems: [{ code: "config-unreadable", hint: `did you mean ${join(folder, "etc")}/config.yaml?` }],
  });
});

test("a file that others can write is refused when it is read for root", async () => {
  const file = join(folder, "config.yaml");
  writeFileSync(file, WRITTEN);
  chmodSync(file, 0o666);
  // Who made the file decides which of the two faults it is: the tests may run as root, or not.
  const code = process.getuid?.() === 0 ? "config-writable" : "config-not-roots";
  expect(await readConfig(file, 0)).toMatchObject({ ok: false, problems: [{ code }] });
  expect(await readConfig(file, 1000)).toMatchObject({ ok: true });
});

test.each([
  [0o644, 0, undefined],
  [0o600, 0, undefined],
  [0o664, 0, "config-writable"],
  [0o646, 0, "config-writable"],
  [0o644, 1000, "config-not-roots"],
])("for root, mode %o of user %i is %s", (mode, owner, code) => {
  expect(faultOfOwner("/c", mode, owner, 0)?.code).toBe(code);
  expect(faultOfOwner("/c", mode, owner, 1000)).toBeUndefined();
});

test("the machine's own name names the host, and is refused when it cannot", () => {
  const written = Buffer.from("remotes: {a: {url: /x}}\ntrust: none\n");
  expect(parseConfig("/c", written, "ESCUELA-12.lan")).toMatchObject({ value: { host: "escuela-12" } });
  expect(parseConfig("/c", written, "my_server")).toMatchObject({ problems: [{ code: "bad-host" }] });
});

test("nothing in the settings can be changed afterwards", () => {
  const config = parseConfig("/srv/trial/config.yaml", Buffer.from(WRITTEN));
  if (!config.ok) throw new Error("expected settings");
  expect(Object.isFrozen(config.value.deadlines)).toBe(true);
  expect(() => Object.assign(config.value.remotes[0] ?? {}, { url: "x" })).toThrow(TypeError);
});
