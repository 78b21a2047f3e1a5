// What mace accepts as an .env file has to mean exactly what it means to Bash.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { CASES } from "../../unit/mace/environment-cases.ts";

test.each(CASES.filter(({ values }) => values !== undefined))("bash agrees about $title", ({ bytes, values = {} }) => {
  const names = Object.keys(values);
  const script = `source <(cat); for name in ${names.join(" ")}; do printf '%s\\0' "\${!name}"; done`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    input: bytes,
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
  });
  expect(stderr).toBe("");
  expect(stdout.split("\0").slice(0, -1)).toEqual(Object.values(values));
});

test("what mace refuses is no empty danger: Bash would run commands from many of these files", () => {
  const refused = CASES.filter(({ problems }) => problems !== undefined);
  const traces = refused.filter(({ bytes }) => bytes.length < 1000 && bytes.includes("executed") && leavesTrace(bytes));
  expect(traces.length).toBeGreaterThan(50);
});

/** Whether running it makes a file, in a folder that is gone afterwards. */
function leavesTrace(bytes: Buffer): boolean {
  const folder = mkdtempSync(join(tmpdir(), "mace-bash-"));
  try {
    const env = { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" };
    spawnSync("bash", ["--norc", "-s"], {
      input: bytes,
      cwd: folder,
      env,
      timeout: 10_000,
    });
    return readdirSync(folder).length > 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
