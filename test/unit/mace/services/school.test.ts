// What becomes of a piece of each of a school's services on each family: tables below school/, one a service.
// `UPDATE=1` rewrites them; read the difference like code.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { partOf, stepsFor } from "../../../../mace/apply/activate.ts";
import { make } from "../../../../mace/make.ts";
import type { Family, FinalFile, Removal } from "../../../../mace/model.ts";
import { PROVIDERS } from "../../../../mace/services/all.ts";
import { FAMILIES, type Provider } from "../../../../mace/services/provider.ts";

const FOLDER = join(import.meta.dirname, "school");

const SERVICES = [
  ...["apache", "cups", "e2guardian", "ejabberd", "kiwix", "mariadb", "nginx", "node-exporter", "postgresql"],
  ...["prometheus", "prosody", "samba", "squid", "sugar-server", "unattended-upgrades"],
];

/** By folder of the piece, then by family: the final file and what mace does about it. A family left out is refused. */
type Table = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

describe.each(SERVICES)("%s", (service) => {
  const file = join(FOLDER, `${service}.json`);
  const provider = PROVIDERS.get(service);
  if (provider === undefined) throw new Error(`${service} is not known`);

  test("makes, checks, removes and starts what its table says", () => {
    const table = tableOf(provider);
    if (process.env["UPDATE"] === "1") {
      mkdirSync(FOLDER, { recursive: true });
      writeFileSync(file, `${JSON.stringify(table, null, 2)}\n`);
    }
    expect(table).toEqual(existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {});
  });

  test("says of no other files than its own that it takes them over, and removes none of those", () => {
    for (const family of FAMILIES) {
      const own = Object.values(provider.confiles).flatMap(({ paths }) => paths[family] ?? []);
      const isOwn = (path: string): boolean => own.some((one) => patternOf(one).test(path));
      expect((provider.replaces[family] ?? []).filter((path) => !isOwn(path))).toEqual([]);
      expect((provider.removes[family] ?? []).filter(isOwn)).toEqual([]);
    }
  });

  test("says where its files are by variables that nobody else exports", () => {
    const others = [...PROVIDERS.values()].filter((one) => one !== provider);
    for (const family of FAMILIES) {
      const taken = others.flatMap(({ variables }) => Object.keys(variables?.[family] ?? {}));
      const names = Object.keys(provider.variables?.[family] ?? {});
      expect(names.filter((name) => taken.includes(name) || !/^[A-Z][A-Z0-9_]*$/.test(name))).toEqual([]);
    }
  });
});

test("every table belongs to a service", () => {
  expect(readdirSync(FOLDER).sort()).toEqual(SERVICES.map((service) => `${service}.json`));
});

function tableOf(provider: Provider): Table {
  const folders = Object.entries(provider.confiles).map(([name, { paths }]) =>
    [`${provider.service}.d`, name, Object.values(paths).some((path) => path.includes("{name}")) ? "15" : ""]
      .filter((word) => word !== "")
      .join("/"),
  );
  return Object.fromEntries(folders.map((folder) => [folder, rowOf(folder)]));
}

function rowOf(folder: string): Table[string] {
  return Object.fromEntries(
    FAMILIES.flatMap((family) => {
      const files = new Map([[`${folder}/10.conf`, Buffer.from("one two\n")]]);
      const made = make({ roots: [{ name: "school", files }], env: new Map(), family });
      if (made.ok) return [[family, sentencesOf(made.value.files, made.value.removals, family)]];
      expect(made.problems.map(({ code }) => code)).toEqual(["unknown-on-family"]);
      return [];
    }),
  );
}

function sentencesOf(files: readonly FinalFile[], removals: readonly Removal[], family: Family): readonly string[] {
  const parts = files.map(partOf);
  return [
    ...files.map(({ mode, owner = "root", group = "root", path }) => {
      const isPlain = mode === 0o644 && owner === "root" && group === "root";
      return isPlain ? path : `${path} ${mode.toString(8).padStart(4, "0")} ${owner}:${group}`;
    }),
    ...files.flatMap(({ checker }) => (checker === undefined ? "not checked" : checker.argv.join(" "))),
    ...removals.map(({ path }) => `removes ${path}`),
    ...stepsFor(parts, new Set(parts), family, PROVIDERS).map(({ argv }) => argv.join(" ")),
  ];
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replace("{name}", "[^/]+")}$`);
}
