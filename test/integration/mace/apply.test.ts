// Applying with services whose checkers and restarts are real processes that this test can make fail.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
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
    replaces: {},
    removes: {},
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

function fileOf(service: string): string {
  return join(root, "etc", service, "main.conf");
}

async function applyTexts(texts: Record<string, string>, given: Circumstances = {}): Promise<Result<Applied>> {
  const providers = given.providers ?? PROVIDERS;
  const files = Object.entries(texts).map(([service, text]): [string, Buffer] => [
    service.includes("/") ? `${service}/10.conf` : `${service}.d/10.conf`,
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
  return readFileSync(fileOf(service), "utf8");
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

/** Reads its main configuration, which has to include the file under test, and lies about wrong words with exit code 0. */
const WHOLE_CHECKER = `
const fs = require("node:fs");
const main = fs.readFileSync(process.argv[1], "utf8");
const [, file] = /^include (.*)$/m.exec(main);
const [, other] = /^beside (.*)$/m.exec(main);
console.log("read " + require("node:path").extname(process.argv[1]) + " " + (fs.existsSync(other) && fs.readFileSync(other, "utf8").trim()));
fs.readFileSync(file, "utf8").split("\\n").forEach((line, at) => {
  if (line.includes("lie")) console.log(file + ":" + (at + 1) + ": Unknown word, ignored");
});
`;

function wholeProvider(...more: readonly string[]): Provider {
  const check = [process.execPath, "-e", WHOLE_CHECKER, "{main}", ...more];
  return {
    ...providerOf("web", check),
    confiles: {
      modules: { paths: everywhere("/etc/web/modules.load"), comment: "#" },
      sites: {
        paths: everywhere("/etc/web/sites.lua"),
        comment: "#",
        check,
        checkMain: everywhere("include {file}\nbeside {modules}\n"),
        checkRefuses: [": Unknown word"],
      },
    },
  };
}

async function applyWeb(modules: string, sites: string, given: CommandRunner = runCommand): Promise<Result<Applied>> {
  const providers = providerTable([wholeProvider()]);
  const files = new Map([
    ["web.d/modules/10.conf", Buffer.from(modules)],
    ["web.d/sites/10.conf", Buffer.from(sites)],
  ]);
  const made = make({ roots: [{ name: "school", files }], env: new Map(), family: "debian" }, providers);
  if (!made.ok) throw new Error(JSON.stringify(made.problems));
  const now = new Date("2026-03-01T06:00:00Z");
  return apply(made.value, {
    ...{ destination: { root }, family: "debian", providers, run: given },
    ...{ live: false, withoutFallback: false, now },
  });
}

test("a file that means something only in a main configuration is checked inside one, and of that nothing stays", async () => {
  const said: string[] = [];
  const listening: CommandRunner = async (argv) => {
    const end = await runCommand(argv);
    said.push(end.output);
    return end;
  };
  expect(await applyWeb("one\n", "two\n", listening)).toMatchObject({ ok: true, value: { problems: [] } });
  expect(said).toEqual([expect.stringContaining("read .lua # Made by mace")]);
  expect(said[0]).toContain("one");
  expect(readdirSync(join(root, "etc/web")).sort()).toEqual(["modules.load", "sites.lua"]);
});

test("a checker that says no and exits with 0 is understood, with the source of the line", async () => {
  expect(await applyWeb("one\n", "two\na lie\n")).toMatchObject({
    problems: [{ code: "check-failed", hint: "that line comes from school/web.d/sites/10.conf:2" }],
  });
  expect(leftovers()).toEqual([]);
});

test("the main configuration goes away again even when checking itself breaks down", async () => {
  const breaking: CommandRunner = async () => {
    throw new Error("the machine is on fire");
  };
  await expect(applyWeb("one\n", "two\n", breaking)).rejects.toThrow("on fire");
  expect(leftovers()).toEqual([]);
});

test("a file that has to go comes back when the service does not start without it", async () => {
  const removes = everywhere(["/etc/cache/default.conf"]);
  const providers = providerTable([{ ...providerOf("cache", NODE_CHECK), removes }]);
  mkdirSync(join(root, "etc/cache"), { recursive: true });
  writeFileSync(join(root, "etc/cache/default.conf"), "of the distribution\n");
  const applied = await applyTexts({ cache: "unstartable\n" }, { providers });
  expect(applied).toMatchObject({ value: { fellBack: true } });
  expect(readFileSync(join(root, "etc/cache/default.conf"), "utf8")).toBe("of the distribution\n");
  expect(await applyTexts({ cache: "fine\n" }, { providers })).toMatchObject({ value: { activated: ["cache"] } });
  expect(existsSync(join(root, "etc/cache/default.conf"))).toBe(false);
  expect(await applyTexts({ cache: "fine\n" }, { providers })).toMatchObject({
    value: { comparison: { changes: [], departures: [] }, activated: [] },
  });
});

test("a service of which something goes is told, and one of which nothing is left is only mentioned", async () => {
  const second = providerOf("names", NODE_CHECK);
  const several = {
    ...second,
    confiles: { one: second.confiles[""]!, two: { paths: everywhere("/etc/names/two.conf") } },
  };
  const providers = providerTable([providerOf("cache", NODE_CHECK), several]);
  await applyTexts({ cache: "a\n", "names.d/one": "b\n", "names.d/two": "c\n" }, { providers });
  const applied = await applyTexts({ "names.d/one": "b\n" }, { providers });
  expect(applied).toMatchObject({
    value: { activated: ["names"], notices: [{ code: "no-longer-configured", where: { key: "cache.d" } }] },
  });
  expect(existsSync(fileOf("cache"))).toBe(false);
  expect(existsSync(join(root, "etc/names/two.conf"))).toBe(false);
});
