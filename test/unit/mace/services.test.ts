import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { PROVIDERS } from "../../../mace/services/all.ts";
import type { Family } from "../../../mace/model.ts";
import { FAMILIES } from "../../../mace/services/provider.ts";

const SERVICES = join(import.meta.dirname, "../../../mace/services");

test("every file of services/ is one service that mace knows under the name of the file", () => {
  const files = readdirSync(SERVICES).flatMap((name) => /^(.*)\.ts$/.exec(name)?.[1] ?? []);
  expect([...PROVIDERS.keys()].sort()).toEqual(files.filter((name) => name !== "all" && name !== "provider").sort());
});

describe.each([...PROVIDERS.values()])("$service", (provider) => {
  const confiles = Object.values(provider.confiles);
  const confilesOn = (family: Family) => confiles.filter(({ paths }) => family in paths);

  test("has an absolute place for each of its files on every family that it knows", () => {
    for (const { paths } of confiles) {
      expect(Object.keys(paths).length).toBeGreaterThan(0);
      for (const path of Object.values(paths)) expect(path).toMatch(/^\/[A-Za-z0-9_./{}-]+$/);
    }
  });

  test("is activated and packaged on every family on which it has a place", () => {
    const known = FAMILIES.filter((family) => confiles.some(({ paths }) => family in paths));
    for (const family of known) {
      expect(provider.packages).toHaveProperty(family);
      for (const { how, units } of [provider, ...confilesOn(family)].flatMap(({ activation }) => activation ?? []))
        if (how !== "daemon-reload") expect(units).toHaveProperty(family);
    }
  });

  test("checks the staged file, by an argument list", () => {
    for (const { check } of confiles)
      if (check !== undefined) expect(check.filter((word) => /\{(?:file|main)\}/.test(word))).toHaveLength(1);
  });

  test("affects only services that exist", () => {
    expect(provider.affects.filter((name) => !PROVIDERS.has(name))).toEqual([]);
  });
});

test("no two services make the same file", () => {
  for (const family of FAMILIES) {
    const paths = [...PROVIDERS.values()].flatMap(({ confiles }) =>
      Object.values(confiles).map((one) => one.paths[family]),
    );
    const known = paths.filter((path) => path !== undefined);
    expect(new Set(known).size).toBe(known.length);
  }
});
