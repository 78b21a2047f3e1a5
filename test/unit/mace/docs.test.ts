import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "@jest/globals";

const SCRIPT = join(import.meta.dirname, "../../../scripts/docs.mjs");

test("docs/providers.md and docs/templates.md say what the sources say", () => {
  const { status, stderr } = spawnSync(process.execPath, [SCRIPT, "--check"], { encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
});
