// The values that init, suspend and resume print for programs have the shapes that the documentation gives them.
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { Ajv } from "ajv";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reconcile } from "../../support/reconcile.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "steering-"));
});

afterEach(() => rmSync(folder, { recursive: true }));

async function shape(schema: string, ...words: readonly string[]): Promise<unknown> {
  const { code, stdout } = await reconcile([...words, "--json"]);
  const value = JSON.parse(stdout) as unknown;
  const ajv = new Ajv({ allErrors: true });
  const validate = ajv.compile(JSON.parse(readFileSync(`docs/json/${schema}.schema.json`, "utf8")));
  expect({ code, valid: validate(value), errors: validate.errors }).toEqual({ code: 0, valid: true, errors: null });
  return value;
}

test("a trial, a suspension, and its end", async () => {
  const config = ["--config", join(folder, "trial/config.yaml")];
  expect(await shape("init", "init", join(folder, "trial"))).toMatchObject({ kind: "trial" });
  expect(await shape("holds", "suspend", "--reason", "exams", ...config)).toMatchObject({
    suspension: { reason: "exams" },
  });
  expect(await shape("holds", "resume", ...config)).toEqual({ version: 1, kind: "holds" });
});

test("a server's settings", async () => {
  const words = ["--server", "--remote", "/srv/fleet.git", "--host", "escuela-12", "--trust-anyone"];
  const config = join(folder, "config.yaml");
  expect(await shape("init", "init", ...words, "--config", config)).toMatchObject({ kind: "server", config });
});
