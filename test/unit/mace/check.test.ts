import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { check } from "../../../mace/apply/check.ts";
import { runCommand, type CommandRunner } from "../../../mace/apply/command.ts";
import { make } from "../../../mace/make.ts";
import type { Checker } from "../../../common/checker.ts";
import type { FinalFile } from "../../../mace/model.ts";

afterEach(() => {
  jest.restoreAllMocks();
});

describe("a checker that judges rightly only as root", () => {
  test.each([
    ["is not asked by anybody else", 1000, []],
    ["is asked by root", 0, [["true", "/copy"]]],
  ])("%s", async (_title, uid, asked) => {
    jest.spyOn(process, "geteuid").mockReturnValue(uid);
    const heard: (readonly string[])[] = [];
    const run: CommandRunner = async (argv) => (heard.push(argv), { code: 0, missing: false, output: "" });
    const { passed, notices, problems } = await check([staged({ argv: ["true", "{file}"], asRoot: true })], run);
    expect(heard).toEqual(asked);
    expect(problems).toEqual([]);
    expect(passed).toEqual(uid === 0 ? ["/etc/one"] : []);
    expect(notices).toMatchObject(uid === 0 ? [] : [{ code: "not-checked", where: { file: "/etc/one" } }]);
  });

  test("is what its provider says", () => {
    const files = new Map([
      ["nftables.d/10.conf", Buffer.from("table inet school { }\n")],
      ["dnsmasq.d/10.conf", Buffer.from("domain-needed\n")],
    ]);
    const made = make({ roots: [{ name: "school", files }], env: new Map(), family: "debian" });
    const checkers = made.ok
      ? made.value.files.map(({ service, checker }) => [service, checker?.asRoot])
      : made.problems;
    expect(checkers).toEqual([
      ["dnsmasq", undefined],
      ["nftables", true],
    ]);
  });
});

test.each([["/none/checker"], ["/etc/passwd"], ["none-of-this-name"]])(
  "%s, which is no program that could be run, judges nothing",
  async (program) => {
    const { passed, notices, problems } = await check([staged({ argv: [program, "{file}"] })], runCommand);
    expect([passed, problems]).toEqual([[], []]);
    expect(notices).toMatchObject([{ code: "not-checked", what: expect.stringContaining("is not installed here") }]);
  },
);

function staged(checker: Checker): { readonly file: FinalFile; readonly at: string } {
  const bytes = Buffer.from("one\n");
  return {
    file: { path: "/etc/one", service: "one", confile: "", bytes, mode: 0o644, origins: [], checker },
    at: "/copy",
  };
}
