import { readFileSync } from "node:fs";
import { describe, expect, test } from "@jest/globals";

import type { Config } from "../../../reconciler/config/config.ts";
import { exampleFleetFolder } from "../../../reconciler/package-paths.ts";
import { parseConfig } from "../../../reconciler/config/read.ts";
import { trialConfigText } from "../../../reconciler/trial/config-text.ts";
import { serverConfigText } from "../../../reconciler/trial/server-config-text.ts";
import type { Result } from "../../../common/problem.ts";

const FILE = "/etc/reconciler/config.yaml";
const SERVER = { host: "escuela-12", remote: "https://git.example.org/fleet.git" };
const SIGNERS = { ...SERVER, allowedSigners: "/etc/reconciler/allowed_signers" };

function parsed(text: string): Config {
  const config: Result<Config> = parseConfig(FILE, Buffer.from(text), "some-machine");
  if (!config.ok) throw new Error(JSON.stringify(config.problems));
  return config.value;
}

/** Everything that is an example, written out: `# key: value` becomes `key: value`. */
function uncommented(text: string): string {
  return text.replace(/^( *)# ((?: *)[a-z_]+:(?: [^ ].*)?)$/gmu, "$1$2");
}

describe("the settings of a trial", () => {
  test("stay inside their folder and speak of its school", () => {
    const config = parsed(trialConfigText("escuela-12"));
    expect(config).toMatchObject({ host: "escuela-12", trust: { type: "none" }, watch: true, intervalMs: 10_000 });
    expect(config).toMatchObject({ root: "/etc/reconciler/root", state: "/etc/reconciler/state" });
    expect(config.remotes).toEqual([{ name: "mothership", url: "/etc/reconciler/fleet.git", plainHttp: false }]);
  });
});

describe("the settings of a server", () => {
  test("are those of the program where nothing was asked for", () => {
    const config = parsed(serverConfigText(SIGNERS));
    expect(config).toMatchObject({ host: "escuela-12", root: "/", state: "/var/lib/reconciler", branch: "main" });
    expect(config.trust).toEqual({ type: "signers", allowedSigners: "/etc/reconciler/allowed_signers" });
  });

  test("trust anyone only when that was said", () => {
    expect(parsed(serverConfigText(SERVER)).trust).toEqual({ type: "none" });
  });

  test.each(["no", "12", "null"])("take the host %s for a name", (host) => {
    expect(parsed(serverConfigText({ ...SERVER, host })).host).toBe(host);
  });

  test("cannot be added to through an address", () => {
    const remote = 'https://git.example.org/x"\ntrust: none\nroot: "/tmp';
    expect(parseConfig(FILE, Buffer.from(serverConfigText({ ...SIGNERS, remote }))).ok).toBe(false);
  });
});

describe.each([
  ["a trial", trialConfigText("escuela-12")],
  ["a server", serverConfigText(SIGNERS)],
])("the settings of %s", (_name, text) => {
  test("explain every key of the schema", () => {
    const schema: Schema = JSON.parse(readFileSync(`${exampleFleetFolder()}/schema/config.schema.json`, "utf8"));
    const missing = keysOf(schema).filter((key) => !new RegExp(`\\b${key}:`, "u").test(text));
    expect(missing).toEqual([]);
  });

  test("show examples that are valid themselves, and the defaults where they say so", () => {
    expect(parsed(uncommented(text))).toMatchObject({
      deadlines: { fetchMs: 120_000, cycleMs: 900_000, checkMs: 30_000, commandMs: 60_000, confirmMs: 120_000 },
      limits: parsed(text).limits,
    });
  });
});

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
}

function keysOf(schema: Schema): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([key, below]) => [key, ...keysOf(below)]);
  const { additionalProperties: more } = schema;
  return typeof more === "object" ? [...own, ...keysOf(more)] : own;
}
