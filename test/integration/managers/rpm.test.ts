// The order of versions: ours beside rpm's own, for every pair of a list that has all its peculiarities.
import { expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import { compareVersions } from "../../../reconciler/resources/managers/rpm/version.ts";
import { hasPrograms } from "../../support/needs.ts";

const VERSIONS = [
  ...[
    "0",
    "1",
    "1.0",
    "1.0.0",
    "01.0",
    "1.00",
    "1.1",
    "1.10",
    "1.9",
    "2",
    "10",
    "1a",
    "1.a",
    "a1",
    "a",
    "b",
    "A",
    "1..0",
  ],
  ...[
    "1.0~rc1",
    "1.0~rc2",
    "1.0~",
    "1.0~~",
    "1.0~rc1~2",
    "1.0^",
    "1.0^git1",
    "1.0^git1~pre",
    "1.0~rc1^git1",
    "1.0.1^a",
  ],
  ...["1.0-1", "1.0-2", "1.0-10", "1.0-1.el9", "1.0-1.el9_2", "1.0~rc1-1", "0:1.0-1", "1:0.1-1", "2:0-0", "1.0+b1-1"],
  ...[
    "20240101",
    "2024.01.01",
    "5.14.0-427.el9",
    "5.14.0-70.13.1.el9_0",
    "1.0_1",
    "1.0.a.b",
    "1.0a-1",
    "99999999999999999999.1",
  ],
];

test("the order of versions is that of rpm", () => {
  if (!hasPrograms("rpm")) return;
  const pairs = VERSIONS.flatMap((one) => VERSIONS.map((other) => [one, other] as const));
  const list = pairs.map(([one, other]) => `{"${one}","${other}"}`).join(",");
  const script = `local told = {}; for _, pair in ipairs({${list}}) do told[#told + 1] = rpm.vercmp(pair[1], pair[2]) end print(table.concat(told, " "))`;
  const theirs = execFileSync("rpm", ["--eval", `%{lua:${script}}`], { encoding: "utf8" })
    .trim()
    .split(" ")
    .map(Number);
  const words = (order: (at: number) => number): string[] =>
    pairs.map(([one, other], at) => `${one} ${"<=>"[order(at) + 1] ?? "?"} ${other}`);
  expect(theirs).toHaveLength(pairs.length);
  expect(words((at) => compareVersions(...(pairs[at] ?? ["", ""])))).toEqual(words((at) => theirs[at] ?? Number.NaN));
});
