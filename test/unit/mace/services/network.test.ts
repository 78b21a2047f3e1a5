// Where each piece of the services of names and network ends up on each family: tables below network/, one a service.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { make } from "../../../../mace/make.ts";
import { PROVIDERS } from "../../../../mace/services/all.ts";
import { FAMILIES } from "../../../../mace/services/provider.ts";

const FOLDER = join(import.meta.dirname, "network");

/** By folder of the piece, then by family: final path and, where it is not 0644, mode. A family left out is refused. */
type Table = Readonly<Record<string, Readonly<Record<string, string>>>>;

describe.each(readdirSync(FOLDER).map((file) => file.replace(/\.json$/, "")))("%s", (service) => {
  const table: Table = JSON.parse(readFileSync(join(FOLDER, `${service}.json`), "utf8"));

  test("has all of its files in the table", () => {
    const words = Object.keys(table).map((folder) => folder.split("/")[1] ?? "");
    const confiles = Object.keys(PROVIDERS.get(service)?.confiles ?? {});
    expect([...new Set(confiles.includes("") ? [""] : words)].sort()).toEqual(confiles.sort());
  });

  describe.each(Object.entries(table))("%s", (folder, expected) => {
    test.each(FAMILIES)("on %s", (family) => {
      const files = new Map([[`${folder}/10.conf`, Buffer.from("text\n")]]);
      const made = make({ roots: [{ name: "school", files }], env: new Map(), family });
      const found = made.ok
        ? made.value.files.map(({ path, mode }) => (mode === 0o644 ? path : `${path} 0${mode.toString(8)}`))
        : made.problems.map(({ code }) => code);
      expect(found).toEqual([expected[family] ?? "unknown-on-family"]);
    });
  });
});
