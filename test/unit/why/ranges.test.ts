import { describe, expect, test } from "@jest/globals";
import { lineNumbers, sourceRanges, type Origins } from "../../../reconciler/why/ranges.ts";

function origin(path: string, line: number, ...variables: string[]): Origins[number] {
  return { root: "config/fleet", path, line, variables };
}

const TWO_PIECES: Origins = [undefined, undefined, origin("a", 1, "X"), origin("a", 2, "X", "Y"), origin("b", 1)];

describe("lines of a final file", () => {
  test("become one range for each piece, and one for what mace wrote", () => {
    expect(sourceRanges(TWO_PIECES)).toEqual([
      { from: 1, to: 2 },
      { from: 3, to: 4, source: { file: "config/fleet/a", shipped: false, from: 1, to: 2, variables: ["X", "Y"] } },
      { from: 5, to: 5, source: { file: "config/fleet/b", shipped: false, from: 1, to: 1, variables: [] } },
    ]);
  });

  test("can be asked for in part, and beyond the end", () => {
    expect(sourceRanges(TWO_PIECES, { from: 4, to: 9 })).toMatchObject([
      { from: 4, to: 4 },
      { from: 5, to: 5 },
    ]);
    expect(sourceRanges([], { from: 1, to: 3 })).toEqual([]);
  });

  test("of one source that do not follow each other stay apart, and so do those that are cut", () => {
    expect(sourceRanges([origin("a", 1), origin("a", 3)])).toHaveLength(2);
    const byLine = (_: string, line: number): number => line;
    expect(sourceRanges([origin("a", 1), origin("a", 2)], undefined, byLine)).toHaveLength(2);
    expect(sourceRanges([origin("a", 1), origin("a", 2)], undefined, () => "one commit")).toHaveLength(1);
  });

  test("of the package's templates are known to ship with the program", () => {
    const shipped: Origins = [{ root: "templates", path: "0300.proxy/squid.d/10-proxy.conf", line: 1, variables: [] }];
    expect(sourceRanges(shipped)[0]?.source).toMatchObject({ shipped: true });
  });
});

test("a range of one line is one number", () => {
  expect([lineNumbers({ from: 5, to: 5 }), lineNumbers({ from: 5, to: 8 })]).toEqual(["5", "5-8"]);
});
