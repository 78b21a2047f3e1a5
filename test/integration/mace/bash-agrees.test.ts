// What mace accepts as an .env file has to mean exactly what it means to Bash.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const FILE = join(import.meta.dirname, "../../unit/mace/environment-cases.json");
const CASES: { title: string; text: string; values?: Record<string, string> }[] = JSON.parse(
  readFileSync(FILE, "utf8"),
);

test.each(CASES.filter(({ values }) => values !== undefined))("bash agrees about $title", ({ text, values = {} }) => {
  const names = Object.keys(values);
  const script = `source <(cat); for name in ${names.join(" ")}; do printf '%s\\0' "\${!name}"; done`;
  const { stdout, stderr } = spawnSync("bash", ["--norc", "-c", script], {
    input: text,
    encoding: "utf8",
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
  });
  expect(stderr).toBe("");
  expect(stdout.split("\0").slice(0, -1)).toEqual(Object.values(values));
});
