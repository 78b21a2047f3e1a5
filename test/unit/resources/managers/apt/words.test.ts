// What may stand in an argument list of apt-get, and what may not.
import { expect, test } from "@jest/globals";
import { unfitNames, unfitWishes } from "../../../../../reconciler/resources/managers/apt/words.ts";

test.each(["hello", "libc6:i386", "g++", "python3.11-venv", "0ad", "libstdc++6", "r-base"])("a name: %s", (name) => {
  expect(unfitNames([name])).toEqual([]);
});

test.each([
  "",
  "-",
  "--help",
  "bash-",
  "hello=1.0",
  "hello/sid",
  "^hello",
  "hello*",
  "hello?",
  "task^",
  "./hello.deb",
  "/srv/hello.deb",
  "hello world",
  "hello\n",
  "Hello",
  "hello:",
  "hello:-o",
])("not a name: %j", (name) => {
  expect(unfitNames([name]).map(({ code }) => code)).toEqual(["package-name"]);
});

test.each(["1.0", "1:2.36-9+deb12u4", "0.1~rc1", "20240102-1ubuntu3"])("a version: %s", (version) => {
  expect(unfitWishes([{ name: "hello", type: "installed", version, minimum: version }])).toEqual([]);
});

test.each(["", "-1", "1.0 ", "1;2", "1/2", "$(id)", "1\n2"])("not a version: %j", (version) => {
  const problems = unfitWishes([{ name: "hello", type: "installed", version }]);
  expect(problems.map(({ code }) => code)).toEqual(["package-version"]);
});

test("what is wrong is told without the control characters in it", () => {
  const [problem] = unfitNames(["\u001b[2Jhello"]);
  expect(problem?.what).toContain("\\x1b[2Jhello");
});
