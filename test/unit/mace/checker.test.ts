import { describe, expect, test } from "@jest/globals";
import { checkerCall, refusalOf } from "../../../common/checker.ts";

describe("how a checker is called", () => {
  test("the paths of the file and of the main configuration are filled in", () => {
    const checker = { argv: ["check", "--main={main}", "{file}:x"], main: "include {file};\nhttp { }\n" };
    expect(checkerCall(checker, "/etc/a.new~", "/etc/a.main")).toEqual({
      argv: ["check", "--main=/etc/a.main", "/etc/a.new~:x"],
      main: "include /etc/a.new~;\nhttp { }\n",
    });
  });

  test("other files of the service are named by their new copies, where they have one", () => {
    const beside = { modules: "/etc/web/modules.conf", conf: "/etc/web/web.conf" };
    const checker = { argv: ["check", "{main}"], main: "{modules} {conf} {file} {unknown}", beside };
    const call = checkerCall(checker, "/f", "/m", (path) => (path.endsWith("web.conf") ? "/etc/web/.new~" : path));
    expect(call?.main).toBe("/etc/web/modules.conf /etc/web/.new~ /f {unknown}");
  });

  test("a path that would break out of a configuration is written into none", () => {
    const checker = { argv: ["check", "{main}"], main: 'Include "{file}"' };
    expect(checkerCall(checker, '/srv/a" x\n/b', "/m")).toBeUndefined();
    expect(checkerCall({ argv: ["check", "{file}"] }, "/srv/a b", "/m")).toEqual({ argv: ["check", "/srv/a b"] });
  });

  test("a path cannot fill in a path of its own", () => {
    expect(checkerCall({ argv: ["check", "{file}"] }, "/srv/$&$1", "/m")?.argv).toEqual(["check", "/srv/$&$1"]);
  });
});

describe("what a checker means", () => {
  const lying = { argv: ["testparm"], refuses: ["^Unknown parameter", "error: \\S+:\\d+ "] };

  test.each([
    ["no, by its exit code", { code: 3, output: "" }, "exit 3"],
    ["no, because it had to be ended", { code: undefined, output: "" }, "was ended by a signal"],
    [
      "no, by a line of its output, although the code is 0",
      { code: 0, output: "ok\r\nUnknown parameter: x\r\n" },
      "Unknown parameter: x",
    ],
    ["yes", { code: 0, output: "Loaded services file OK.\nthe word Unknown parameter alone\n" }, undefined],
    ["yes, without a word", { code: 0, output: "" }, undefined],
  ])("%s", (_title, result, expected) => {
    expect(refusalOf(lying, result)).toBe(expected);
  });
});
