// Versions of rpm, two at a time.
import { expect, test } from "@jest/globals";
import fc from "fast-check";
import { compareVersions } from "../../../../../reconciler/resources/managers/rpm/version.ts";

test.each([
  ["1.10", ">", "1.9"],
  ["1.0~rc1", "<", "1.0"],
  ["1.0^git1", ">", "1.0"],
  ["1.0^git1", "<", "1.0.1"],
  ["1:0.1-1", ">", "9.0-1"],
  ["0:1.0-1", "=", "1.0-1"],
  ["1.0", "<", "1.0-7"],
  ["1.0-2", ">", "1.0-1.el9"],
  ["1.0a", "<", "1.0.1"],
])("%s %s %s", (one, sign, other) => {
  expect("<=>"[compareVersions(one, other) + 1]).toBe(sign);
});

test("is an order whatever the versions are", () => {
  const version = fc.stringMatching(/^[0-9a-c~^.]{0,8}$/u);
  fc.assert(
    fc.property(version, version, (one, other) => {
      expect(compareVersions(one, other) + compareVersions(other, one)).toBe(0);
      expect(Math.abs(compareVersions(one, one))).toBe(0);
    }),
  );
});
