// What apk is told, with answers as its manual has them: the real program is not to be had where the tests run.
import { expect, test } from "@jest/globals";
import type { CommandResult, Machine } from "../../../../../reconciler/machine/machine.ts";
import { apk } from "../../../../../reconciler/resources/managers/apk/apk.ts";
import { memoryMachine } from "../../../../support/accounts.ts";
import { MemoryFiles } from "../../../../support/memory-files.ts";

const options = { signal: new AbortController().signal, timeoutMs: 1000 };
const INSTALLED = "P:hello\nV:1.0-r0\nF:etc\nR:hello.conf\n\nP:libhello\nV:1.0-r0\n";

type MemoryMachine = Machine & { readonly files: MemoryFiles };

/** A machine on which apk answers by what it is told; what is not foreseen fails. */
function machineWith(answers: Readonly<Record<string, string>>, calls: string[] = []): MemoryMachine {
  const files = new MemoryFiles();
  files.put("/lib/apk/db/installed", INSTALLED);
  files.put("/etc/apk/world", "hello\nlibhello=1.0-r0\n");
  const answer = async (argv: readonly string[]): Promise<CommandResult> => {
    const words = argv.slice(3).join(" ");
    calls.push(words);
    const stdout = answers[words];
    if (stdout === undefined) return { code: 1, stdout: Buffer.alloc(0), stderr: `ERROR: not foreseen: ${words}` };
    return { code: 0, stdout: Buffer.from(stdout), stderr: "" };
  };
  return { ...memoryMachine(files, { query: answer, run: answer }), files };
}

test("installed versions come from apk's own records, holds from its world", async () => {
  expect(await apk.installed(machineWith({}), ["libhello", "nobody"])).toEqual({
    ok: true,
    value: new Map([["libhello", { version: "1.0-r0", held: true }]]),
  });
});

test("a simulation joins what comes and what goes", async () => {
  const machine = machineWith({
    "add --simulate -- hello=2.0-r0": "(1/1) Upgrading hello (1.0-r0 -> 2.0-r0)\nOK: 1 MiB in 2 packages\n",
    "del --simulate --rdepends -- libhello": "(1/1) Purging libhello (1.0-r0)\n",
  });
  const wishes = [
    { name: "hello", type: "installed", version: "2.0-r0" },
    { name: "libhello", type: "absent" },
    { name: "nobody", type: "absent" },
  ] as const;
  expect(await apk.simulate(machine, wishes)).toEqual({
    ok: true,
    value: [
      { name: "hello", from: "1.0-r0", to: "2.0-r0" },
      { name: "libhello", from: "1.0-r0" },
    ],
  });
});

test("what apk would keep because others need it is no removal", async () => {
  const machine = machineWith({
    "del --simulate --rdepends -- libhello": "World updated, but the following packages are not removed due to:\n",
  });
  expect(await apk.simulate(machine, [{ name: "libhello", type: "absent" }])).toMatchObject({
    ok: false,
    problems: [{ code: "broken-dependencies", where: { key: "libhello" } }],
  });
});

test("nothing is done when something else would be touched", async () => {
  const calls: string[] = [];
  const machine = machineWith(
    { "add --simulate -- hello=2.0-r0": "(1/2) Installing extra (1.0-r0)\n(2/2) Upgrading hello (1.0-r0 -> 2.0-r0)\n" },
    calls,
  );
  const actions = [{ name: "hello", from: "1.0-r0", to: "2.0-r0" }];
  expect(await apk.perform(machine, actions, [], options)).toMatchObject([{ code: "surprise" }]);
  expect(calls).toEqual(["add --simulate -- hello=2.0-r0"]);
});

test("an archive of ours is taken in place of the repository's, and the end is looked at", async () => {
  const archive = "/var/lib/reconciler/archives/hello_0.9/hello-0.9-r0.apk";
  const would = "(1/1) Downgrading hello (1.0-r0 -> 0.9-r0)\n";
  const machine = machineWith({ [`add --simulate -- ${archive}`]: would, [`add -- ${archive}`]: would });
  const actions = [{ name: "hello", from: "1.0-r0", to: "0.9-r0" }];
  // It said that all went well, and did nothing.
  expect(await apk.perform(machine, actions, [archive], options)).toMatchObject([{ code: "manager-failed" }]);
  machine.files.put("/lib/apk/db/installed", INSTALLED.replace("V:1.0-r0", "V:0.9-r0"));
  expect(await apk.perform(machine, actions, [archive], options)).toEqual([]);
});

test("a hold is a pin, and what is pinned no more is wanted in any version", async () => {
  const calls: string[] = [];
  const machine = machineWith({ "add -- hello=1.0-r0": "OK\n", "add -- libhello": "OK\n" }, calls);
  expect(await apk.hold(machine, ["hello", "nobody"], true, options)).toEqual([]);
  expect(await apk.hold(machine, ["libhello"], false, options)).toEqual([]);
  expect(calls).toEqual(["add -- hello=1.0-r0", "add -- libhello"]);
});

test("names and versions that are none never reach the program", async () => {
  const calls: string[] = [];
  const machine = machineWith({}, calls);
  expect(await apk.simulate(machine, [{ name: "--root=/", type: "absent" }])).toMatchObject({ ok: false });
  expect(await apk.perform(machine, [{ name: "hello", to: "-x" }], [], options)).toMatchObject([
    { code: "package-version" },
  ]);
  expect(await apk.isAtLeast(machine, "--help", "1.0")).toBe(false);
  expect(await apk.hold(machine, ["!hello"], true, options)).toMatchObject([{ code: "package-name" }]);
  expect(calls).toEqual([]);
});

test("versions are compared by apk itself", async () => {
  const machine = machineWith({ "version --test 1.10-r0 1.9-r0": ">\n", "version --test 1.0-r0 1.9-r0": "<\n" });
  expect(await apk.isAtLeast(machine, "1.10-r0", "1.9-r0")).toBe(true);
  expect(await apk.isAtLeast(machine, "1.0-r0", "1.9-r0")).toBe(false);
});

test("the maintainer's version beside an edited file is a hint", async () => {
  const machine = machineWith({});
  machine.files.put("/etc/hello.conf.apk-new", "new\n");
  expect(await apk.conffileHints(machine, ["hello", "libhello"])).toEqual([
    { package: "hello", path: "/etc/hello.conf", other: "/etc/hello.conf.apk-new" },
  ]);
});
