import { expect, test } from "@jest/globals";
import { isName, namesIn, scope } from "../../../reconciler/desired/paths.ts";
import { readHost } from "../../../reconciler/desired/select.ts";
import { textTree } from "./support.ts";

const READ = [
  ...["fleet.yaml", "groups/gateway.yaml", "schools/a.yaml", "env/fleet.env", "env/groups/gateway.env"],
  ...[
    "env/schools/a.env",
    "config/fleet/x.d/1.conf",
    "config/groups/g/x.d/1.conf",
    "config/schools/a/x.d/1.conf",
    "files/x/y",
  ],
];
const NOT_READ = [
  ...["schools/b.yaml", "schools/a.yaml.orig", "schools/aa.yaml", "env/schools/b.env", "config/schools/b/x.d/1.conf"],
  ...["config/schools/ab/x.d/1.conf", "README.md", "keys/allowed", "schema/state.schema.json", "config/other/x"],
];

test.each(READ)("a school reads %s", (path) => {
  expect(scope("a")(path)).toBe(true);
});

test.each(NOT_READ)("a change to %s is no news to another school", (path) => {
  expect(scope("a")(path)).toBe(false);
});

test("mistakes of another school, and of a group this school is not in, are not its trouble", () => {
  const tree = textTree({
    "fleet.yaml": "env: {A: x}\n",
    "groups/mine.yaml": "env: {B: x}\n",
    "groups/theirs.yaml": "}{",
    "schools/a.yaml": "groups: [mine]\n",
    "schools/b.yaml": "unknown: key\n",
  });
  const desired = readHost(tree, "a");
  expect(desired.ok && [...desired.value.env.keys()]).toEqual(["A", "B"]);
});

test("mistakes of its own groups and of the fleet are, all at once", () => {
  const tree = textTree({
    "fleet.yaml": "x: 1\n",
    "groups/mine.yaml": "}{",
    "schools/a.yaml": "groups: [mine, none]\n",
  });
  const desired = readHost(tree, "a");
  const told = desired.ok ? [] : desired.problems.map(({ code, where }) => [code, where?.file]);
  expect(told).toEqual([
    ["unknown-key", "fleet.yaml"],
    ["unknown-group", "schools/a.yaml"],
    ["yaml-syntax", "groups/mine.yaml"],
  ]);
});

test("a host that only the caller knows of is offered in the hint", () => {
  const unknown = readHost(textTree({ "fleet.yaml": "" }), "escuela-21", ["escuela-12"]);
  expect(unknown).toMatchObject({ ok: false, problems: [{ hint: expect.stringContaining("escuela-12") }] });
});

test.each(["../etc/passwd", "", ".", "a/b", "A", "a_b", "-a", "a-", "a".repeat(64), "a\n"])(
  "%j names no host",
  (name) => {
    expect(isName(name)).toBe(false);
    expect(readHost(textTree({ "fleet.yaml": "", [`schools/${name}.yaml`]: "" }), name)).toMatchObject({ ok: false });
  },
);

test("names are found in file names only", () => {
  const paths = [
    "groups/b.yaml",
    "groups/a.yaml",
    "groups/a/c.yaml",
    "groups/README.md",
    "schools/d.yaml",
    "groups/E.yaml",
  ];
  expect(namesIn("groups", paths)).toEqual(["a", "b"]);
});
