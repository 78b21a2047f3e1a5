// Whatever somebody commits: an answer, never an exception, and every problem says where and what.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { parseConfig } from "../../../reconciler/config/read.ts";
import { readHost } from "../../../reconciler/desired/select.ts";
import { parseYaml } from "../../../reconciler/desired/yaml.ts";
import { describeProblem } from "../../../common/problem.ts";
import type { Problem, Result } from "../../../common/problem.ts";
import { textTree, treeFile } from "./support.ts";

const SECTIONS = [
  ...["groups", "templates", "env", "files", "policy", "health", "brake", "description", "__proto__"],
  ...["accounts", "packages", "updates", "irreversible", "services", "data", "windows", "calendars"],
];
const WORDS = [
  ...["copy", "template", "env", "http", "tcp", "exec", "check", "mode", "/etc/a", "toString", "A"],
  ...["users", "groups", "id", "names", "version", "absent", "running", "masked", "reads", "window", "debian"],
  ...["rsync", "path", "sha256", "zone", "hours", "not_during", "from", "to", "which"],
];
const LEAVES = [
  ...["files/x", "/etc/a", "http://a/", "", "0644", "present", "running", "masked", "rsync://a/b", "-a"],
  ...["UTC", "Mon 1:00-2:00", "2026-11-23", "A", true, 310],
];
const leaf = fc.oneof(fc.constantFrom(...LEAVES), fc.jsonValue({ maxDepth: 2 }));
const branch = fc.dictionary(fc.constantFrom(...WORDS), leaf, { maxKeys: 4 });
const section = fc.oneof(
  leaf,
  branch,
  fc.dictionary(fc.constantFrom(...WORDS), fc.oneof(branch, leaf), { maxKeys: 3 }),
);
const state = fc.dictionary(fc.constantFrom(...SECTIONS), section, { maxKeys: 4 });

test("whatever the right keys hold", () => {
  fc.assert(
    fc.property(state, state, (fleet, school) => {
      const texts = { "fleet.yaml": JSON.stringify(fleet), "schools/a.yaml": JSON.stringify(school), "files/x": "" };
      wellTold(readHost(textTree(texts), "a"));
    }),
    { numRuns: 500 },
  );
});

test("whatever bytes a file has", () => {
  const pieces = fc.constantFrom(
    "a",
    ":",
    " ",
    "\n",
    "-",
    "[",
    "]",
    "{",
    "}",
    "'",
    '"',
    "&a",
    "*a",
    "!",
    "|",
    "#",
    "?",
    "\t",
    "é",
  );
  const text = fc.array(pieces, { maxLength: 60 }).map((parts) => Buffer.from(parts.join("")));
  const bytes = fc.oneof(
    text,
    fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array)),
  );
  fc.assert(
    fc.property(bytes, (content) => {
      wellTold(parseYaml("f", content));
      wellTold(parseConfig("/etc/r/c.yaml", content));
      const tree = new Map(
        [treeFile("fleet.yaml", content), treeFile("schools/a.yaml", content)].map((file) => [file.path, file]),
      );
      wellTold(readHost(tree, "a"));
    }),
    { numRuns: 1000 },
  );
});

function wellTold(result: Result<unknown>): void {
  if (result.ok) return;
  expect(result.problems.length).toBeGreaterThan(0);
  for (const problem of result.problems) wellSaid(problem);
}

function wellSaid(problem: Problem): void {
  expect(problem.where?.file).toBeDefined();
  expect(problem.what).not.toContain("[object Object]");
  expect(describeProblem(problem)).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u);
}
