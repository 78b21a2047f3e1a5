import { execFileSync } from "node:child_process";
import { expect, test } from "@jest/globals";

import { shellLine, shellWord } from "../../../reconciler/trial/shell-word.ts";

const WORDS = ["plain", "/srv/school one", "it's", "$HOME", "`id`", 'a"b', "", "*", "-n;ls", "two\nlines", "~/x"];

test("a shell reads every word back as it was", () => {
  const line = `printf '%s\\0' ${shellLine(WORDS)}`;
  expect(execFileSync("/bin/sh", ["-c", line], { encoding: "utf8" }).split("\0").slice(0, -1)).toEqual(WORDS);
});

test("a word that needs no quotes has none", () => {
  expect(shellWord("/srv/trial/config.yaml")).toBe("/srv/trial/config.yaml");
});
