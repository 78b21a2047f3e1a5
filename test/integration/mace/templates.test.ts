// The layers one by one and together: each stands on its own, and none says of a variable what another denies.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { type Problem, type Result } from "../../../common/problem.ts";
import { type Declaration, readDeclarations } from "../../../mace/declarations.ts";
import { parseEnvironment } from "../../../mace/environment.ts";
import { referencesIn } from "../../../mace/expand.ts";
import { make } from "../../../mace/make.ts";
import type { Environment, Family, Root } from "../../../mace/model.ts";
import { FAMILIES } from "../../../mace/services/provider.ts";
import { readRoot } from "../../../mace/walk.ts";

const TEMPLATES = join(import.meta.dirname, "../../../templates");
const LAYERS = readdirSync(TEMPLATES).filter((name) => /^\d{4}\./.test(name));
const EXAMPLES = readdirSync(join(TEMPLATES, "examples"));
const SPOKEN_TO_MACE = ["INCLUDE", "DST_ROOT"];

/** Layers that some families have no program for, and where they can be used. */
const ONLY_ON: Readonly<Record<string, readonly Family[]>> = {
  "0120.networkd": ["debian", "redhat", "suse", "arch"],
  "0125.networkd-router": ["debian", "redhat", "suse", "arch"],
  "0130.updates-debian": ["debian"],
  "0130.updates-redhat": ["redhat"],
  "0130.updates-suse": ["suse"],
  "0510.presence-certificate": ["debian", "redhat", "suse", "arch"],
  "0700.library": ["debian", "redhat", "suse", "arch"],
  "0800.monitoring": ["debian", "suse"],
};

describe.each(LAYERS)("the template %s", (layer) => {
  const declarations = declared(layer);

  test.each(FAMILIES)(
    "can be used alone on %s, or is refused because the family has no such program",
    async (family) => {
      const made = make({ roots: [await root(layer)], env: examplesOf(declarations, true), family });
      if (ONLY_ON[layer]?.includes(family) === false) {
        expect(problemsOf(made).map(({ code }) => code)).toContain("unknown-on-family");
      } else {
        expect(made.ok ? made.value.notices : made.problems).toEqual([]);
        expect(made.ok && made.value.files.length).toBeGreaterThan(0);
      }
    },
  );

  test("declares what it uses and nothing else, each with an example that is not what it is anyway", async () => {
    const pieces = [...(await root(layer)).files].filter(([path]) => path.endsWith(".conf"));
    const used = new Set(pieces.flatMap(([, bytes]) => [...referencesIn(bytes)].map(({ name }) => name)));
    const exported = ["SQUID_USER", "SQUID_CACHE", "PROMETHEUS_AGENT", "PROMETHEUS_ARGS", "NODE_EXPORTER_ARGS"];
    expect([...used].filter((name) => !exported.includes(name)).sort()).toEqual([...declarations.keys()].sort());
    for (const { name, example, default: usual, about } of declarations.values()) {
      expect([name, example]).not.toEqual([name, usual]);
      expect(about).toMatch(/^[A-Z].*\.$/);
    }
  });

  test("takes every one of its own examples", async () => {
    const family = ONLY_ON[layer]?.[0] ?? "debian";
    expect(problemsOf(make({ roots: [await root(layer)], env: examplesOf(declarations, false), family }))).toEqual([]);
  });
});

test("a variable means the same in every layer that has it", () => {
  // Each family has its own words for what may happen after an update, and no school uses two of these layers.
  const layers = LAYERS.filter((layer) => !layer.startsWith("0130.updates-"));
  const meanings = new Map<string, Set<string>>();
  for (const { name, type, required, default: usual = "" } of layers.flatMap((layer) => [
    ...declared(layer).values(),
  ])) {
    const meaning = `${type}, ${required ? "required" : `by default ${usual}`}`;
    meanings.set(name, (meanings.get(name) ?? new Set()).add(meaning));
  }
  expect([...meanings].filter(([, { size }]) => size > 1)).toEqual([]);
});

test.each(EXAMPLES)("%s sets only what its layers declare, and its layers are there", (file) => {
  const env = valueOf(parseEnvironment(file, readFileSync(join(TEMPLATES, "examples", file))));
  const layers = (env.get("INCLUDE")?.value ?? "").split(":");
  expect(layers).toEqual(layers.filter((layer) => LAYERS.includes(layer)).sort());
  const names = new Set(layers.flatMap((layer) => [...declared(layer).keys()]));
  expect([...env.keys()].filter((name) => !names.has(name))).toEqual(SPOKEN_TO_MACE);
});

test("all templates of a family together make every file once", async () => {
  const layers = LAYERS.filter((layer) => ONLY_ON[layer]?.includes("debian") !== false);
  const required = layers.flatMap((layer) => [...examplesOf(declared(layer), true)]);
  const made = make({ roots: await Promise.all(layers.map(root)), env: new Map(required), family: "debian" });
  expect(valueOf(made).pieces.filter(({ fate }) => fate !== "used")).toEqual([]);
});

async function root(layer: string): Promise<Root> {
  return valueOf(await readRoot(`templates/${layer}`, join(TEMPLATES, layer)));
}

function declared(layer: string): ReadonlyMap<string, Declaration> {
  if (!readdirSync(join(TEMPLATES, layer)).includes("layer.yaml")) return new Map();
  return valueOf(readDeclarations(layer, readFileSync(join(TEMPLATES, layer, "layer.yaml"))));
}

/** The examples of variables as an environment: of all of them, or only of those that each school has to set. */
function examplesOf(declarations: ReadonlyMap<string, Declaration>, onlyRequired: boolean): Environment {
  const wanted = [...declarations.values()].filter(({ required }) => required || !onlyRequired);
  return new Map(wanted.map(({ name, example = "" }) => [name, { value: example, where: { file: "an example" } }]));
}

function problemsOf<T>(result: Result<T>): readonly Problem[] {
  return result.ok ? [] : result.problems;
}

function valueOf<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.value;
}
