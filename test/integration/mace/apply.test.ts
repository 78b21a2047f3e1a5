// Applying with services whose checkers and restarts are real processes that this test can make fail.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import type { Result } from "../../../common/problem.ts";
import { apply, type Applied } from "../../../mace/apply/apply.ts";
import { type CommandRunner, runCommand } from "../../../mace/apply/command.ts";
import { make } from "../../../mace/make.ts";
import { providerTable } from "../../../mace/services/all.ts";
import { everywhere, type Provider } from "../../../mace/services/provider.ts";

/** Refuses a file with the word `wrong` in it and names the line, as real checkers do. */
const CHECKER = `
const text = require("node:fs").readFileSync(process.argv[1], "utf8").split("\\n");
const at = text.findIndex((line) => line.includes("wrong"));
if (at !== -1) { console.error(process.argv[1] + ":" + (at + 1) + ": bad word"); process.exit(3); }
`;

/** Fails as long as a file of the service has the word `unstartable` in it; notes each call. */
const ACTIVATOR = `
const fs = require("node:fs");
const [file, unit] = process.argv.slice(1);
fs.appendFileSync(file + ".calls", unit + "\\n");
if (fs.readFileSync(file, "utf8").includes("unstartable")) { console.error("unit entered failed state"); process.exit(1); }
`;

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "mace-apply-")));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function providerOf(service: string, check: readonly string[]): Provider {
  return {
    service,
    about: service,
    confiles: { "": { paths: everywhere(`/etc/${service}/main.conf`), comment: "#", check } },
    activation: { how: "restart", units: everywhere(`${service}.service`) },
    packages: everywhere([]),
    affects: [],
  };
}

const NODE_CHECK = [process.execPath, "-e", CHECKER, "{file}"];
const PROVIDERS = providerTable([providerOf("cache", NODE_CHECK), providerOf("names", NODE_CHECK)]);

/** `systemctl restart x.service` becomes a real process that reads the file of x. */
const run: CommandRunner = async (argv) => {
  if (argv[0] !== "systemctl") return runCommand(argv);
  const unit = argv[2] ?? "";
  return runCommand([
    process.execPath,
    "-e",
    ACTIVATOR,
    join(root, "etc", unit.replace(".service", ""), "main.conf"),
    unit,
  ]);
};

interface Circumstances {
  readonly live?: boolean;
  readonly withoutFallback?: boolean;
  readonly run?: CommandRunner;
  readonly providers?: typeof PROVIDERS;
}

async function applyTexts(texts: Record<string, string>, given: Circumstances = {}): Promise<Result<Applied>> {
  const providers = given.providers ?? PROVIDERS;
  const files = Object.entries(texts).map(([service, text]): [string, Buffer] => [
    `${service}.d/10.conf`,
    Buffer.from(text),
  ]);
  const made = make(
    { roots: [{ name: "school", files: new Map(files) }], env: new Map(), family: "debian" },
    providers,
  );
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  return apply(made.value, {
    destination: { root },
    family: "debian",
    providers,
    run: given.run ?? run,
    live: given.live ?? true,
    withoutFallback: given.withoutFallback ?? false,
    now: new Date("2026-03-01T06:00:00Z"),
  });
}

function textOf(service: string): string {
  return readFileSync(join(root, "etc", service, "main.conf"), "utf8");
}

function leftovers(): string[] {
  return readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.includes(".mace-"));
}

test("services whose files changed are activated, the others are left in peace", async () => {
  await applyTexts({ cache: "one\n", names: "one\n" });
  const second = await applyTexts({ cache: "two\n", names: "one\n" });
  expect(second).toMatchObject({ value: { activated: ["cache"], problems: [] } });
  expect(readFileSync(join(root, "etc/names/main.conf.calls"), "utf8")).toBe("names.service\n");
});

test("a file that its own checker refuses stops everything, with the source of the line", async () => {
  await applyTexts({ cache: "good\n", names: "good\n" });
  const refused = await applyTexts({ cache: "better\n", names: "fine\nwrong\n" });
  expect(refused).toMatchObject({
    ok: false,
    problems: [
      {
        code: "check-failed",
        where: { file: "/etc/names/main.conf" },
        what: expect.stringContaining("(exit 3): /etc/names/main.conf:5: bad word"),
        hint: "that line comes from school/names.d/10.conf:2",
      },
    ],
  });
  expect([textOf("cache"), textOf("names")]).toEqual([
    expect.stringContaining("good"),
    expect.stringContaining("good"),
  ]);
  expect(leftovers()).toEqual([]);
});

test("a checker that is not installed is said aloud", async () => {
  const providers = providerTable([providerOf("cache", ["no-such-checker-here", "{file}"])]);
  const applied = await applyTexts({ cache: "one\n" }, { providers });
  expect(applied).toMatchObject({ ok: true, value: { notices: [{ code: "not-checked" }], problems: [] } });
});

test("when a service does not start with its new file, the old files come back and it is restarted with them", async () => {
  await applyTexts({ cache: "good\n", names: "good\n" });
  const applied = await applyTexts({ cache: "unstartable\n", names: "new\n" });
  expect(applied).toMatchObject({ value: { fellBack: true, problems: [{ code: "activation-failed" }] } });
  expect([textOf("cache"), textOf("names")]).toEqual([
    expect.stringContaining("good"),
    expect.stringContaining("good"),
  ]);
  expect(readFileSync(join(root, "etc/cache/main.conf.calls"), "utf8")).toBe("cache.service\n".repeat(3));
  expect(leftovers()).toEqual([]);
  expect(await applyTexts({ cache: "good\n", names: "good\n" })).toMatchObject({
    value: { comparison: { changes: [] } },
  });
});

test("a file that was not there before goes away again", async () => {
  const applied = await applyTexts({ cache: "unstartable\n" });
  expect(applied).toMatchObject({ value: { fellBack: true } });
  expect(readdirSync(join(root, "etc/cache"))).toEqual(["main.conf.calls"]);
});

test("with -R the new files stay, and the service is tried again by the next run", async () => {
  await applyTexts({ cache: "good\n" });
  const applied = await applyTexts({ cache: "unstartable\n" }, { withoutFallback: true });
  expect(applied).toMatchObject({ value: { fellBack: false, problems: [{ code: "activation-failed" }] } });
  expect(textOf("cache")).toContain("unstartable");
  const again = await applyTexts({ cache: "unstartable\n" }, { withoutFallback: true });
  expect(again).toMatchObject({ value: { comparison: { changes: [] }, problems: [{ code: "activation-failed" }] } });
});

test("a run that ended between placing and activating is made up for by the next one", async () => {
  const dying: CommandRunner = async (argv) => {
    if (argv[0] === "systemctl") throw new Error("the power went");
    return runCommand(argv);
  };
  await expect(applyTexts({ cache: "one\n" }, { run: dying })).rejects.toThrow("the power went");
  expect(await applyTexts({ cache: "one\n" })).toMatchObject({
    value: { comparison: { changes: [] }, activated: ["cache"] },
  });
  expect(await applyTexts({ cache: "one\n" })).toMatchObject({ value: { activated: [] } });
});

test("what an earlier run left behind is swept away", async () => {
  mkdirSync(join(root, "etc/cache"), { recursive: true });
  writeFileSync(join(root, "etc/cache/.mace-999-0.new~"), "half");
  await applyTexts({ cache: "one\n" });
  expect(leftovers()).toEqual([]);
});

test("two runs do not work on one server at the same time", async () => {
  let second: Result<Applied> | undefined;
  const waiting: CommandRunner = async (argv) => {
    second ??= await applyTexts({ cache: "two\n" });
    return run(argv);
  };
  await applyTexts({ cache: "one\n" }, { run: waiting });
  expect(second).toMatchObject({ ok: false, problems: [{ code: "locked" }] });
  expect(textOf("cache")).toContain("one");
});

test("the lock of a run that died is taken over", async () => {
  mkdirSync(join(root, "var/lib/mace"), { recursive: true });
  writeFileSync(join(root, "var/lib/mace/lock"), "1 of-another-boot\n");
  expect(await applyTexts({ cache: "one\n" })).toMatchObject({ ok: true });
});

test("where nothing runs, files are placed and nothing is activated, which is told", async () => {
  const applied = await applyTexts({ cache: "unstartable\n" }, { live: false });
  expect(applied).toMatchObject({ value: { activated: [], problems: [], notices: [{ code: "not-activated" }] } });
});
