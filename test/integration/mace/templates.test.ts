import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { make } from "../../../mace/make.ts";
import { FAMILIES } from "../../../mace/services/provider.ts";
import { readRoot } from "../../../mace/walk.ts";

const TEMPLATES = join(import.meta.dirname, "../../../templates");
const LAYERS = readdirSync(TEMPLATES).filter((name) => /^\d{4}\./.test(name));

describe.each(LAYERS)("the template %s", (layer) => {
  test.each(FAMILIES)("can be used alone on %s, with nothing but its own defaults", async (family) => {
    const root = await readRoot(`templates/${layer}`, join(TEMPLATES, layer));
    if (!root.ok) throw new Error(JSON.stringify(root.problems));
    const made = make({ roots: [root.value], env: new Map(), family });
    expect(made.ok ? made.value.notices : made.problems).toEqual([]);
    expect(made.ok && made.value.files.length).toBeGreaterThan(0);
  });
});

test("all templates together make every file once", async () => {
  const roots = await Promise.all(LAYERS.map(async (layer) => readRoot(`templates/${layer}`, join(TEMPLATES, layer))));
  const made = make({
    roots: roots.flatMap((root) => (root.ok ? [root.value] : [])),
    env: new Map(),
    family: "debian",
  });
  expect(made.ok && made.value.pieces.filter(({ fate }) => fate !== "used")).toEqual([]);
});
