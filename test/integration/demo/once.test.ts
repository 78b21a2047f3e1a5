// `npm start -- --once` as a person has it: the whole story comes true, with dpkg and without it, and nothing stays.
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

import { runCommand } from "../../../reconciler/machine/command.ts";
import { exampleFleetFolder } from "../../../reconciler/package-paths.ts";
import { isUnhindered, missingPrograms } from "../../support/needs.ts";
import { PROGRAMS } from "../managers/apt-repository.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "story-"));
});

afterEach(() => rm(folder, { recursive: true }));

interface Story {
  readonly code: number | undefined;
  readonly told: string;
}

async function play(path: string): Promise<Story> {
  const program = join(exampleFleetFolder(), "../dist/demo.js");
  const told = await runCommand([process.execPath, program, "--once"], {
    timeoutMs: 240_000,
    env: { PATH: path, DEMO_DIR: join(folder, "it's a [school]"), NO_COLOR: "1" },
  });
  return { code: told.code, told: told.stdout.toString("utf8") + told.stderr };
}

/** Every program of this machine but those of Debian's packages. */
function pathWithoutPackages(): string {
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const known = (process.env["PATH"] ?? "").split(delimiter).reverse();
  const programs = new Map(known.flatMap((from) => namesIn(from).map((name) => [name, join(from, name)] as const)));
  for (const [name, program] of programs) if (!/^(?:apt|dpkg)/u.test(name)) symlinkSync(program, join(bin, name));
  return bin;
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

test("every scene comes out as told: files, data, services, and packages by this machine's own dpkg", async () => {
  if (!isUnhindered(missingPrograms(...PROGRAMS))) return;
  const { code, told } = await play(process.env["PATH"] ?? "");
  expect([code, told]).toEqual([0, expect.stringContaining("15 of 15 scenes came out as told")]);
  expect(told).toContain("Its settings are changed, so it is restarted, once.");
  expect(told).toContain("It is taken back, and the lessons are there again.");
  expect(told).toContain("dpkg has installed both of them");
  expect(told).toContain("the version before is installed again");
  expect(readdirSync(folder)).toEqual([]);
});

test("without dpkg it says what would have been installed, and never that it was", async () => {
  const { code, told } = await play(pathWithoutPackages());
  expect([code, told]).toEqual([0, expect.stringContaining("14 of 14 scenes came out as told")]);
  expect(told).toContain("Nothing is installed, and the run says so.");
  expect(told).not.toMatch(/dpkg has installed|is installed again/u);
  expect(readdirSync(folder)).toEqual(["bin"]);
});

test("stopped in the middle, it leaves nothing running", async () => {
  const program = join(exampleFleetFolder(), "../dist/demo.js");
  const env = { PATH: process.env["PATH"], DEMO_DIR: join(folder, "school"), NO_COLOR: "1" };
  const child = spawn(process.execPath, [program, "--once"], { env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const address = await noted(join(folder, "school-once/root/run/lessons/address"));
  child.kill("SIGINT");
  expect(await ended).toBe(1);
  await expect(fetch(address)).rejects.toThrow();
});

/** What the web server for the lessons writes down when it can be asked. */
async function noted(file: string): Promise<string> {
  for (;;) {
    const text = existsSync(file) ? readFileSync(file, "utf8") : "";
    if (text.endsWith("\n")) return text.trim();
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
