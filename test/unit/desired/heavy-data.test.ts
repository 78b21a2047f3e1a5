import { expect, test } from "@jest/globals";
import { heavyData } from "../../../reconciler/desired/heavy-data.ts";
import { readHost } from "../../../reconciler/desired/select.ts";
import { treeFile } from "./support.ts";

const MIB = 2 ** 20;

test.each([
  ["a folder of 8 MiB may travel in git", { "data/list/a": 5 * MIB, "data/list/b/c": 3 * MIB }, []],
  ["a folder above that is told", { "data/list/a": 5 * MIB, "data/list/b/c": 3 * MIB + 1 }, ["9 MiB"]],
  ["a file above that is told", { "data/list": 20 * MIB }, ["20 MiB"]],
  ["what lies beside it does not count", { "data/list": 1, "data/list-of-others": 20 * MIB }, []],
])("%s", (_, files, told) => {
  const says = { data: { "/srv/list": { copy: "data/list" }, "/srv/other": { path: "/media/stick" } } };
  const texts = [
    treeFile("fleet.yaml", Buffer.from(JSON.stringify(says))),
    treeFile("schools/a.yaml", Buffer.from("")),
  ];
  const data = Object.entries(files).map(([path, size]) => treeFile(path, Buffer.alloc(size)));
  const tree = new Map([...texts, ...data].map((file) => [file.path, file]));
  const desired = readHost(tree, "a");
  if (!desired.ok) throw new Error(JSON.stringify(desired.problems));
  const notices = heavyData(desired.value, tree);
  expect(notices.map(({ what }) => /\d+ MiB/u.exec(what)?.[0])).toEqual(told);
  for (const { code, where, hint } of notices) {
    expect([code, where?.file]).toEqual(["heavy-data", "fleet.yaml"]);
    expect(hint).toContain("rsync or http");
  }
});
