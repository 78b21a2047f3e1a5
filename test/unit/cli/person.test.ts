import { userInfo } from "node:os";
import { expect, test } from "@jest/globals";

import { whoAsks } from "../../../reconciler/cli/person.ts";

test("behind sudo it is who called it", () => {
  expect(whoAsks({ SUDO_USER: "rosa" })).toBe("rosa");
});

test.each([{}, { SUDO_USER: "" }])("otherwise it is who is logged in", (env) => {
  expect(whoAsks(env)).toBe(userInfo().username);
});

test("whatever the environment holds, it is short and can be printed", () => {
  const who = whoAsks({ SUDO_USER: `\u001b[31m${"x".repeat(1000)}` });
  expect(who.startsWith("\\x1b[31m")).toBe(true);
  expect(who).toHaveLength(64);
});
