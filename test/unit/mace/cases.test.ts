// Every folder of cases/ is a test: roots and an environment in, the expected files, problems and notices out.
// `UPDATE=1` rewrites what is expected; read the difference like code.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { describeProblem, type Problem, type Result, succeed } from "../../../common/problem.ts";
import { chooseFamily } from "../../../mace/cli/family.ts";
import { parseEnvironment } from "../../../mace/environment.ts";
import { make } from "../../../mace/make.ts";
import type { Family, Rendering, Root } from "../../../mace/model.ts";
import { countLines } from "../../../mace/expand.ts";
import { readProviders } from "../../../mace/providers.ts";
import { PROVIDERS, type Providers } from "../../../mace/services/all.ts";

const CASES = join(import.meta.dirname, "cases");

describe("mace makes of", () => {
  for (const name of readdirSync(CASES).sort()) {
    test(name.replaceAll("-", " "), () => {
      const folder = join(CASES, name);
      const result = makeCase(folder);
      const actual = told(result);
      if (process.env["UPDATE"] === "1") rewrite(folder, actual);
      expect(actual).toEqual(readExpected(folder));
      if (result.ok) for (const file of result.value.files) expect(file.origins).toHaveLength(countLines(file.bytes));
    });
  }
});

interface Told {
  readonly files: Record<string, string>;
  readonly problems: string;
  readonly notices: string;
  /** Paths that have to go. */
  readonly removals: string;
}

function makeCase(folder: string): Result<Rendering> {
  const envFile = join(folder, "school.env");
  const env = parseEnvironment("school.env", existsSync(envFile) ? readFileSync(envFile) : Buffer.alloc(0));
  if (!env.ok) return env;
  const providers = providersOf(folder);
  if (!providers.ok) return providers;
  return make({ roots: readRoots(join(folder, "roots")), env: env.value, family: familyOf(folder) }, providers.value);
}

function providersOf(folder: string): Result<Providers> {
  const own = join(folder, "providers");
  return existsSync(own) ? readProviders("providers", readTree(own), PROVIDERS) : succeed(PROVIDERS);
}

function readRoots(folder: string): Root[] {
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name: name.replace(/^\d+\./, ""), files: readTree(join(folder, name)) }));
}

function familyOf(folder: string): Family {
  const file = join(folder, "family");
  const family = chooseFamily(existsSync(file) ? readFileSync(file, "utf8").trim() : "debian", "/");
  if (!family.ok) throw new Error(`${file} names no family`);
  return family.value;
}

function told(result: Result<Rendering>): Told {
  if (!result.ok) return { files: {}, problems: inWords(result.problems), notices: "", removals: "" };
  const files = result.value.files.map(({ path, bytes }) => [path, bytes.toString("latin1")]);
  const removals = result.value.removals.map(({ path, service }) => `${path} (${service})\n`).join("");
  return { files: Object.fromEntries(files), problems: "", notices: inWords(result.value.notices), removals };
}

function inWords(problems: readonly Problem[]): string {
  return problems.map((problem) => `${describeProblem(problem)}\n`).join("");
}

function readExpected(folder: string): Told {
  const tree = existsSync(join(folder, "expected")) ? readTree(join(folder, "expected")) : new Map<string, Buffer>();
  const files = [...tree].map(([path, bytes]) => [`/${path}`, bytes.toString("latin1")]);
  const [problems = "", notices = "", removals = ""] = ["problems", "notices", "removals"].map((what) => {
    const file = join(folder, `expected-${what}.txt`);
    return existsSync(file) ? readFileSync(file, "utf8") : "";
  });
  return { files: Object.fromEntries(files), problems, notices, removals };
}

function readTree(folder: string): Map<string, Buffer> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => join(entry.parentPath, entry.name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path)]));
}

function rewrite(folder: string, { files, problems, notices, removals }: Told): void {
  rmSync(join(folder, "expected"), { recursive: true, force: true });
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, "expected", path)), { recursive: true });
    writeFileSync(join(folder, "expected", path), text, "latin1");
  }
  for (const [what, text] of [
    ["problems", problems],
    ["notices", notices],
    ["removals", removals],
  ] as const) {
    rmSync(join(folder, `expected-${what}.txt`), { force: true });
    if (text !== "") writeFileSync(join(folder, `expected-${what}.txt`), text);
  }
}
