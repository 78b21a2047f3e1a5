// `npm test` in a small checkout of its own: which tests it has in, its exit code and its last line out.
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";

const here = resolve(import.meta.dirname, "../../..");
let checkout: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "sugar-scripts-"));
  await mkdir(join(checkout, "scripts"));
  for (const name of ["setup.mjs", "freshness.mjs", "jest.mjs", "test.mjs"]) {
    await cp(join(here, "scripts", name), join(checkout, "scripts", name));
  }
  // Nothing to bundle here: the build is somebody else's test.
  await writeFile(join(checkout, "scripts/build.mjs"), "export async function build() {}\n");
  await cp(join(here, "package.json"), join(checkout, "package.json"));
  await cp(join(here, "package-lock.json"), join(checkout, "package-lock.json"), { preserveTimestamps: true });
  await symlink(join(here, "node_modules"), join(checkout, "node_modules"));
  await writeFile(join(checkout, "jest.config.js"), 'export default { testMatch: ["<rootDir>/*.test.js"] };\n');
});

afterEach(async () => {
  await rm(checkout, { recursive: true });
});

describe("the last line is the totals, and the exit code agrees", () => {
  test("all passed", async () => {
    await tests("pass.test.js", 'test("a", () => {}); test("b", () => {});');
    expect(npmTest()).toEqual({ code: 0, last: "2 passed, 0 failed" });
  });

  test("one failed", async () => {
    await tests("mixed.test.js", 'test("a", () => {}); test("b", () => { throw new Error("b"); });');
    expect(npmTest()).toEqual({ code: 1, last: "1 passed, 1 failed" });
  });

  test("a file that cannot be loaded is a failure", async () => {
    await tests("pass.test.js", 'test("a", () => {});');
    await tests("broken.test.js", "this is not JavaScript");
    expect(npmTest()).toEqual({ code: 1, last: "1 passed, 1 failed" });
  });

  test("no test at all is a failure", () => {
    expect(npmTest()).toEqual({ code: 1, last: "0 passed, 1 failed" });
  });

  test("a skipped test is told, and only a build server minds", async () => {
    await tests("skipped.test.js", 'test("a", () => {}); test.skip("b", () => {}); test.todo("c");');
    expect(npmTest()).toEqual({ code: 0, last: "1 passed, 0 failed, 2 skipped" });
    expect(npmTest({ CI: "true" })).toEqual({ code: 1, last: "1 passed, 0 failed, 2 skipped" });
  });

  test("a test that finds out while it runs that it proves nothing here counts as skipped, not as passed", async () => {
    const note = '(await import("node:fs")).appendFileSync(process.env.SKIPPED_TESTS, "b (no dnsmasq)\\n");';
    await tests("unproven.test.js", `test("a", () => {}); test("b", async () => { ${note} });`);
    expect(npmTest()).toEqual({ code: 0, last: "1 passed, 0 failed, 1 skipped" });
    expect(npmTest({ CI: "true" })).toEqual({ code: 1, last: "1 passed, 0 failed, 1 skipped" });
  });

  test("arguments go to jest", async () => {
    await tests("one.test.js", 'test("a", () => {});');
    await tests("other.test.js", 'test("b", () => {});');
    expect(npmTest({}, "one")).toEqual({ code: 0, last: "1 passed, 0 failed" });
  });
});

test("a Node that is too old is refused in one sentence", async () => {
  const description = await readFile(join(checkout, "package.json"), "utf8");
  await writeFile(join(checkout, "package.json"), description.replace(/">=20[.\d]*"/, '">=900.1"'));
  const { status, stderr } = run({});
  expect({ status, stderr }).toEqual({
    status: 1,
    stderr: `Node ${process.versions.node} is too old: the Sugar Server Kit needs Node 900.1 or newer (nodejs.org).\n`,
  });
});

async function tests(name: string, body: string): Promise<void> {
  await writeFile(join(checkout, name), `${body}\n`);
}

function npmTest(env: Record<string, string> = {}, ...args: string[]) {
  const { status, stdout } = run(env, ...args);
  return { code: status, last: stdout.trimEnd().split("\n").at(-1) };
}

function run(env: Record<string, string>, ...args: string[]) {
  return spawnSync(process.execPath, [join(checkout, "scripts/test.mjs"), ...args], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: checkout, ...env },
  });
}
