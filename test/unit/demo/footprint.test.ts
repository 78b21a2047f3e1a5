import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";

import { contents, differences, traces } from "../../../reconciler/demo/footprint.ts";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "footprint-"));
  writeFileSync(join(folder, "a"), "one");
  symlinkSync("a", join(folder, "link"));
});

afterEach(() => rmSync(folder, { recursive: true }));

test("reading leaves nothing", () => {
  const before = traces(folder);
  readFileSync(join(folder, "a"));
  expect(differences(before, traces(folder))).toEqual([]);
});

test("a file written anew with the same content shows in its traces, and not in the contents", () => {
  const [before, said] = [traces(folder), contents(folder)];
  rmSync(join(folder, "a"));
  writeFileSync(join(folder, "a"), "one");
  expect(differences(before, traces(folder))).toEqual(["/", "/a"]);
  expect(differences(said, contents(folder))).toEqual([]);
});

test("what programs note for themselves while they run is not looked at", () => {
  const before = traces(folder);
  mkdirSync(join(folder, "run/lessons"), { recursive: true });
  writeFileSync(join(folder, "run/lessons/address"), "http://127.0.0.1:1/");
  mkdirSync(join(folder, "runner"));
  expect(differences(before, traces(folder))).toEqual(["/", "/runner"]);
});

test("another content, another target, and what is new or gone are told by path", () => {
  const before = contents(folder);
  writeFileSync(join(folder, "a"), "two");
  writeFileSync(join(folder, "new"), "");
  rmSync(join(folder, "link"));
  symlinkSync("b", join(folder, "link"));
  expect(differences(before, contents(folder))).toEqual(["/a", "/link", "/new"]);
});
