// The same templates on every family of distributions: what each shape of school gets there, kept as lists.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { parseEnvironment } from "../../../mace/environment.ts";
import { make } from "../../../mace/make.ts";
import type { Family, FinalFile, Root } from "../../../mace/model.ts";
import { FAMILIES } from "../../../mace/services/provider.ts";
import { readRoot } from "../../../mace/walk.ts";
import type { Result } from "../../../common/problem.ts";

const TEMPLATES = join(import.meta.dirname, "../../../templates");
const SHAPES = ["gateway", "lan-controller", "appliance"];

describe.each(FAMILIES)("%s", (family) => {
  test.each(SHAPES)("gets the files of a %s", async (shape) => {
    const expected = join(import.meta.dirname, "families", family, `${shape}.txt`);
    const lines = await listOf(shape, family);
    if (process.env["UPDATE"] === "1") {
      mkdirSync(dirname(expected), { recursive: true });
      writeFileSync(expected, lines.join("\n"));
    }
    expect(lines).toEqual(existsSync(expected) ? readFileSync(expected, "utf8").split("\n") : []);
  });
});

/** What the family cannot have, then every file: permissions, owners where not root, path, and a digest of its text. */
async function listOf(shape: string, family: Family): Promise<readonly string[]> {
  const file = join(TEMPLATES, "examples", `${shape}.env`);
  const env = valueOf(parseEnvironment(file, readFileSync(file)));
  const wanted = (env.get("INCLUDE")?.value ?? "").replace("updates-debian", `updates-${family}`).split(":");
  const roots = await Promise.all(wanted.map(layerRoot));
  const isThere = (root: Root): boolean => root.files.size > 0 && make({ roots: [root], env, family }).ok;
  const { files, removals } = valueOf(make({ roots: roots.filter(isThere), env, family }));
  return [
    ...roots.filter((root) => !isThere(root)).map(({ name }) => `without ${name}`),
    ...files.map(fileLine),
    ...removals.map(({ path }) => `removed ${path}`),
    "",
  ];
}

async function layerRoot(layer: string): Promise<Root> {
  const folder = join(TEMPLATES, layer);
  return existsSync(folder) ? valueOf(await readRoot(layer, folder)) : { name: layer, files: new Map() };
}

function fileLine({ mode, owner = "root", group = "root", path, bytes }: FinalFile): string {
  const owners = owner === "root" && group === "root" ? "" : ` ${owner}:${group}`;
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 16);
  return `${mode.toString(8).padStart(4, "0")}${owners} ${path} ${digest}`;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}
