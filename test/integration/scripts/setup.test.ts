// The setup in a checkout whose only package is a folder beside it: what it does the first time, and when it has to do it again.
import { cp, mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

const here = resolve(import.meta.dirname, "../../..");
const INSTALLING = "setup: installing the packages of package-lock.json (npm ci)\n";
const BUILDING = "setup: building the programs in dist/\n";
let checkout: string;

beforeEach(async () => {
  checkout = await mkdtemp(join(tmpdir(), "sugar-scripts-"));
  await mkdir(join(checkout, "scripts"));
  await mkdir(join(checkout, "reconciler"));
  for (const name of ["setup.mjs", "freshness.mjs"]) {
    await cp(join(here, "scripts", name), join(checkout, "scripts", name));
  }
  await writeFile(join(checkout, "scripts/build.mjs"), BUILD);
  await writeFile(join(checkout, "reconciler/main.ts"), "export {};\n");
  await mkdir(join(checkout, "part"));
  await writeFile(join(checkout, "part/package.json"), JSON.stringify({ name: "part", version: "1.0.0" }));
  await describeCheckout({ part: "file:part" });
  await writeLockfile("1.0.0");
});

afterEach(async () => {
  await rm(checkout, { recursive: true });
});

test("says what it does the first time and nothing the second time", () => {
  expect(setUp()).toBe(INSTALLING + BUILDING);
  expect(setUp()).toBe("");
});

test("installs again when the lockfile has changed", async () => {
  setUp();
  await writeLockfile("2.0.0");
  expect(setUp()).toBe(INSTALLING + BUILDING);
});

test("installs again when an installation was cut short", async () => {
  setUp();
  await rm(join(checkout, "node_modules"), { recursive: true });
  await mkdir(join(checkout, "node_modules"));
  expect(setUp()).toBe(INSTALLING);
});

test("takes an installation that was made by hand", async () => {
  await mkdir(join(checkout, "node_modules"));
  await writeFile(join(checkout, "node_modules/.package-lock.json"), "{}");
  const later = Date.now() / 1000 + 60;
  await utimes(join(checkout, "node_modules/.package-lock.json"), later, later);
  expect(setUp()).toBe(BUILDING);
});

test("builds again when a source has changed, is new or is gone", async () => {
  setUp();
  await writeFile(join(checkout, "reconciler/main.ts"), "export const changed = true;\n");
  expect(setUp()).toBe(BUILDING);
  await writeFile(join(checkout, "reconciler/new.ts"), "export {};\n");
  expect(setUp()).toBe(BUILDING);
  await rm(join(checkout, "reconciler/new.ts"));
  expect(setUp()).toBe(BUILDING);
  expect(setUp()).toBe("");
});

test("builds again when what it made is gone", async () => {
  setUp();
  await rm(join(checkout, "dist/program.js"));
  expect(setUp()).toBe(BUILDING);
});

test("shows npm's own words when npm fails", async () => {
  await describeCheckout({ part: "file:part", other: "file:other" });
  const said = setUp(1);
  expect(said).toContain("npm error");
  expect(said).toContain("npm ci did not succeed; its own words are above.");
  expect(said).not.toContain(BUILDING);
});

/** Makes one file, with the same book-keeping as the real build. */
const BUILD = `
import { mkdirSync, writeFileSync } from "node:fs";
import { recordBuild, stateOfSources } from "./freshness.mjs";
const root = new URL("..", import.meta.url).pathname;
export async function build() {
  const state = stateOfSources(root);
  mkdirSync(root + "dist", { recursive: true });
  writeFileSync(root + "dist/program.js", "");
  recordBuild(root, state, ["dist/program.js"]);
}
`;

async function describeCheckout(dependencies: Record<string, string>): Promise<void> {
  const description = { name: "checkout", engines: { node: ">=20.19" }, dependencies };
  await writeFile(join(checkout, "package.json"), JSON.stringify(description));
}

async function writeLockfile(version: string): Promise<void> {
  const packages = {
    "": { name: "checkout", version, dependencies: { part: "file:part" } },
    "node_modules/part": { resolved: "part", link: true },
    part: { version: "1.0.0" },
  };
  const lockfile = { name: "checkout", version, lockfileVersion: 3, requires: true, packages };
  await writeFile(join(checkout, "package-lock.json"), JSON.stringify(lockfile));
}

/** What it said; fails when it ended differently than expected. */
function setUp(expected = 0): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(checkout, "scripts/setup.mjs")], {
    encoding: "utf8",
    env: { PATH: process.env["PATH"], HOME: checkout },
  });
  expect({ status, stdout }).toEqual({ status: expected, stdout: "" });
  return stderr;
}
