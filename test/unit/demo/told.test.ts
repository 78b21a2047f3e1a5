import { expect, test } from "@jest/globals";

import { closingTable, indent, outcomeLine, type Played } from "../../../reconciler/demo/told.ts";

const GOOD: Played = { title: "The server is new.", result: "changed", exitCode: 0, told: "All is made.", ms: 312 };
const BAD: Played = {
  title: "It is taken back.",
  result: "rolled_back",
  exitCode: 1,
  deviation: "It is not.",
  ms: 1250,
};
const EARLY: Played = { title: "A commit comes.", deviation: "git did not do its part", ms: 10 };

test("the table has a row for each scene and counts those that came out as told", () => {
  expect(closingTable([GOOD, BAD, EARLY]).split("\n")).toEqual([
    " 1  as told   0.3 s  changed           The server is new.",
    " 2  NOT SO    1.3 s  rolled back       It is taken back.",
    " 3  NOT SO    0.0 s                    A commit comes.",
    "",
    "1 of 3 scenes came out as told, in 1.6 s.",
  ]);
});

test("a run is told by its result, its exit code and its time", () => {
  expect(outcomeLine(BAD)).toBe("reconcile --now: rolled back, exit 1 (1.3 s)");
  expect(outcomeLine(EARLY)).toBe("reconcile --now: did not come so far (0.0 s)");
});

test("only lines with something in them are moved in", () => {
  expect(indent("a\n\nb\n")).toBe("   a\n\n   b\n");
});
