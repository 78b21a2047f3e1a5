import { describe, expect, test } from "@jest/globals";
import { frame, salvage, unframe } from "../../../reconciler/state/frame.ts";

const VALUES = [{ type: "one" }, ["two", 2, null], "three with\nnewline and ñ", { deep: { er: [1, 2, 3] } }];
const BYTES = Buffer.concat(VALUES.map(frame));

describe("records", () => {
  test("come back as they went", () => {
    expect(unframe(BYTES)).toEqual({ values: VALUES, goodBytes: BYTES.length });
    expect(salvage(BYTES)).toEqual(VALUES);
  });

  test("are lines of text that a person can read", () => {
    expect(frame({ type: "verdict", keep: true }).toString()).toMatch(
      /^30 [0-9a-f]{8} \{"type":"verdict","keep":true\}\n$/u,
    );
  });

  test("of an empty file are none", () => {
    expect(unframe(Buffer.alloc(0))).toEqual({ values: [], goodBytes: 0 });
    expect(salvage(Buffer.alloc(0))).toEqual([]);
  });

  test("a file cut off anywhere holds the whole ones before, and says that it is torn", () => {
    for (let length = 0; length < BYTES.length; length++) {
      const cut = unframe(BYTES.subarray(0, length));
      expect(cut.values).toEqual(VALUES.slice(0, cut.values.length));
      expect(cut.fault).toBe(cut.goodBytes === length ? undefined : "torn");
    }
  });

  test("any flipped bit costs the records it touches and invents none", () => {
    for (let at = 0; at < BYTES.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const damaged = Buffer.from(BYTES);
        damaged[at] = (BYTES[at] ?? 0) ^ (1 << bit);
        const { values, fault } = unframe(damaged);
        expect(values).toEqual(VALUES.slice(0, values.length));
        expect(fault).toBe("damaged");
        const saved = salvage(damaged);
        // A newline that is none any more joins two lines.
        expect(saved.length).toBeGreaterThanOrEqual(VALUES.length - 2);
        expect(saved).toEqual(VALUES.filter((value) => saved.some((each) => same(each, value))));
      }
    }
  });

  test("any bytes at all are read without an exception", () => {
    const junk = [Buffer.from("\n\n \n"), Buffer.from("9999999999 00000000 "), Buffer.from([0, 255, 10, 32, 32, 10])];
    // A right checksum over what is no JSON.
    junk.push(Buffer.from("1 15d54739 {\n"), Buffer.from("0 00000000 \n"));
    for (const bytes of junk) {
      expect(unframe(bytes).values).toEqual([]);
      expect(salvage(bytes)).toEqual([]);
    }
  });
});

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
