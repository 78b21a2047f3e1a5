// What the documentation shows has to work: its examples are read from the pages.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "@jest/globals";
import { describeProblem } from "../../../common/problem.ts";
import type { Result } from "../../../common/problem.ts";
import { parseConfig } from "../../../reconciler/config/read.ts";
import { parseFleet } from "../../../reconciler/desired/parse.ts";
import { select } from "../../../reconciler/desired/select.ts";
import { textTree } from "./support.ts";

const DOCS = join(import.meta.dirname, "../../../docs");
const CONFIG = "/etc/reconciler/config.yaml";

test("the example fleet in desired-state.md is what its comments say", () => {
  const sources = { "files/issue": "", "files/about.txt": "", "data/forms/enrolment.txt": "" };
  const fleet = valueOf(parseFleet(textTree({ ...sources, ...examplesIn("desired-state.md") })));
  const desired = valueOf(select(fleet, "escuela-12"));
  expect(desired.templates).toEqual(["0100.base", "0200.names", "0300.proxy", "0600.web"]);
  expect(desired.files.has("/srv/books")).toBe(false);
  expect(desired.files.get("/etc/issue")).toMatchObject({ owner: "root", mode: 0o644, content: { type: "copy" } });
  expect(desired.health.map(({ name }) => name)).toEqual(["cache", "disk", "message", "names", "page"]);
  expect(desired.health.at(-1)).toMatchObject({ graceMs: 90_000, probe: { type: "http", contains: "<h1>" } });
  expect([...desired.packages.keys()]).toEqual(["apache2", "nginx", "rsync", "squid"]);
  expect(desired.accounts.users.get("kiwix")).toMatchObject({ group: "kiwix", groups: ["www-data"] });
  expect(desired.services.get("bluetooth")?.state).toMatchObject({ running: false, masked: true });
  const stick = { type: "rsync", url: "/media/stick/encyclopedia" };
  expect(desired.data.get("/srv/encyclopedia")).toMatchObject({ source: stick, maxAgeMs: 48 * 3_600_000, mode: 0o755 });
  expect(desired.updates).toEqual({ which: "security", window: "nights", except: ["linux-image-amd64"] });
  expect(desired.calendars.get("exams")?.spans.map(({ name }) => name)).toEqual(["First term"]);
});

test("the short forms in desired-state.md mean what the table says", () => {
  const rows = readFileSync(join(DOCS, "desired-state.md"), "utf8").matchAll(
    /^\| `(nginx: \w+)` +\| `(nginx: \{.*?\})`/gmsu,
  );
  const pairs = [...rows].map(([, short = "", long = ""]) => [short, long]);
  expect(pairs).toHaveLength(5);
  for (const [short = "", long = ""] of pairs) expect(stateOfNginx(short)).toEqual(stateOfNginx(long));
});

function stateOfNginx(line: string): unknown {
  const section = /present|absent|\{\}/u.test(line) ? "packages" : "services";
  const fleet = valueOf(parseFleet(textTree({ "fleet.yaml": `${section}: {${line}}`, "schools/a.yaml": "" })));
  return valueOf(select(fleet, "a"))[section].get("nginx")?.state;
}

test("the examples in configuration.md are settings", () => {
  for (const [name, text] of Object.entries(examplesIn("configuration.md"))) {
    expect([name, parseConfig(CONFIG, Buffer.from(text), "escuela-12").ok]).toEqual([name, true]);
  }
});

test("the defaults in configuration.md are the defaults", () => {
  const { all = "", smallest = "" } = examplesIn("configuration.md");
  const shown = valueOf(parseConfig(CONFIG, Buffer.from(all), "escuela-12"));
  const defaults = valueOf(parseConfig(CONFIG, Buffer.from(smallest), "escuela-12"));
  expect({ ...shown, remotes: [], templates: "" }).toEqual({ ...defaults, remotes: [], templates: "" });
});

test("the defaults in the schema are the defaults", () => {
  const schema: unknown = JSON.parse(readFileSync(join(DOCS, "../desired-state/schema/config.schema.json"), "utf8"));
  const config = valueOf(parseConfig(CONFIG, Buffer.from(yamlOf(defaultsIn(schema))), "escuela-12"));
  const { smallest = "" } = examplesIn("configuration.md");
  const defaults = valueOf(parseConfig(CONFIG, Buffer.from(smallest), "escuela-12"));
  expect({ ...config, remotes: [], trust: "" }).toEqual({ ...defaults, remotes: [], trust: "" });
});

/** Code blocks by the word after `yaml`. */
function examplesIn(page: string): Record<string, string> {
  const text = readFileSync(join(DOCS, page), "utf8");
  const blocks = [...text.matchAll(/^```yaml (\S+)\n(.*?)^```$/gmsu)];
  expect(blocks.length).toBeGreaterThan(0);
  return Object.fromEntries(blocks.map(([, name = "", body = ""]) => [name, body]));
}

/** Every `default` of a schema, in the shape of the document. */
function defaultsIn(schema: unknown): unknown {
  if (typeof schema !== "object" || schema === null) return undefined;
  if ("default" in schema) return schema.default;
  if (!("properties" in schema) || typeof schema.properties !== "object") return undefined;
  const members = Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, defaultsIn(inner)]);
  return Object.fromEntries(members.filter(([, value]) => value !== undefined));
}

function yamlOf(defaults: unknown): string {
  return JSON.stringify({ ...(defaults as object), trust: "none", remotes: { a: { url: "/srv/fleet" } } });
}

function valueOf<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw new Error(result.problems.map(describeProblem).join("\n"));
}
