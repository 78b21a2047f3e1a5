// `reconcile why PATH`: layer, file, line and commit of every part of a file.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { School } from "../../support/school.ts";
import { ask, misfits, type Answer } from "./ask.ts";

let school: School;

beforeEach(async () => {
  school = await School.open();
});
afterEach(() => school.close());

const why = (...words: readonly string[]): Promise<Answer> => ask("why", "--config", school.configFile, ...words);

const HELLO = "config/fleet/files.d/etc/motd/10-hello.conf";
const MORE = "config/schools/escuela-12/files.d/etc/motd/20-more.conf";

describe("a file made of pieces", () => {
  test("each range of lines is told with its source, commit, author and day", async () => {
    const first = await school.commit({ [HELLO]: "one\ntwo\n" }, { author: "Ana", time: 1_790_000_000 });
    const second = await school.commit(
      { [HELLO]: "one\nTWO\n", [MORE]: "three\n" },
      { author: "Beto", time: 1_790_100_000 },
    );
    await school.cycle();
    const { code, out } = await why("/etc/motd");
    expect(code).toBe(0);
    expect(linesOf(out)).toEqual([
      `1  ${HELLO}:1 ${first.slice(0, 12)} Ana 2026-09-21`,
      `2  ${HELLO}:2 ${second.slice(0, 12)} Beto 2026-09-22`,
      `3  ${MORE}:1 ${second.slice(0, 12)} Beto 2026-09-22`,
    ]);
    expect(out).toContain("  now: in sync\n");
    expect(out).toContain("  it was not here before us, so it is removed when git no longer wants it\n");
  });

  test("variables are told with their value and the place that set them last", async () => {
    await school.commit({
      "fleet.yaml": '{"env":{"SCHOOL":"all"}}',
      "schools/escuela-12.yaml": "env:\n  SCHOOL: Escuela 12\n",
      "env/fleet.env": "GREETING=hola\n",
      [HELLO]: "@GREETING@ @SCHOOL@\n",
    });
    await school.cycle();
    const { out } = await why("/etc/motd");
    expect(out).toMatch(/^ {2}GREETING +hola +set in env\/fleet.env:1$/mu);
    expect(out).toMatch(/^ {2}SCHOOL +Escuela 12 +set in schools\/escuela-12.yaml:2:3 env.SCHOOL$/mu);
  });

  test("what was overridden or hidden is told with what did it", async () => {
    await school.commit({
      [HELLO]: "fleet\n",
      "config/fleet/files.d/etc/motd/20-more.conf": "fleet\n",
      "config/schools/escuela-12/files.d/etc/motd/10-hello.conf": "school\n",
      [MORE]: "",
    });
    await school.cycle();
    const { out } = await why("/etc/motd");
    expect(out).toContain(`  ${HELLO}: overridden by config/schools/escuela-12/files.d/etc/motd/10-hello.conf\n`);
    expect(out).toContain(`  config/fleet/files.d/etc/motd/20-more.conf: overridden by ${MORE}\n`);
  });

  test("lines of the package's templates name the program's version, and the header mace", async () => {
    await school.commit({ "fleet.yaml": '{"templates":{"0300.proxy":true}}' });
    await school.cycle();
    const { out } = await why("/etc/squid/squid.conf");
    expect(out).toMatch(/^ {2}1-\d+ +mace \(the header\)$/mu);
    expect(out).toMatch(/^ {2}\S+ +templates\/0300.proxy\/squid.d\/10-proxy.conf:1-\d+ +this program's version /mu);
    expect(out).toMatch(/^ {2}PROXY_PORT +3128 +set in templates\/0300.proxy\/layer.yaml:\d+(:\d+)?$/mu);
    expect(out).toContain("  checked by squid ");
  });
});

describe("what files: asks for", () => {
  const FILES = [
    "files:",
    "  /etc/key: {template: files/key, mode: '0600', env: {PW: hunter2}}",
    "  /etc/link: {link: motd}",
    "  /srv/library: {directory: true}",
    "  /etc/gone: {absent: true}",
    "",
  ].join("\n");

  beforeEach(async () => {
    await school.commit({ "fleet.yaml": FILES, "files/key": "password=@PW@\n" }, { author: "Ana" });
    await school.cycle();
  });

  test.each([
    ["/etc/link", "a link to motd", "fleet.yaml:3:3 files./etc/link"],
    ["/srv/library", "a directory", "fleet.yaml:4:3 files./srv/library"],
    ["/etc/gone", "nothing is to be here", "fleet.yaml:5:3 files./etc/gone"],
    ["/etc/key", "a file of 17 bytes", "fleet.yaml:2:3 files./etc/key"],
  ])("%s is %s, and the place that asked for it is told with its author", async (path, kind, place) => {
    const { code, out } = await why(path);
    expect(code).toBe(0);
    expect(out).toContain(`  ${kind}, made by `);
    expect(out).toContain(`  asked for in ${place}, `);
    expect(out).toMatch(/asked for in .* Ana \d{4}-\d\d-\d\d$/mu);
  });

  test("what was filled into a file that only its owner may read is not shown", async () => {
    const { out } = await why("/etc/key");
    expect(out).toMatch(/^ {2}PW +\(not shown\) +set in fleet.yaml/mu);
    expect(out + (await why("/etc/key", "--json")).out).not.toContain("hunter2");
  });

  test("a directory in which something only has to lie says so", async () => {
    expect((await why("/srv")).out).toContain("made when missing, otherwise left alone");
  });
});

describe("how it stands now", () => {
  test("a change by hand is drift; a file that was here before us is never removed", async () => {
    school.put("/etc/motd", "ours\n");
    await school.commit({ [HELLO]: "hello\n" });
    await school.cycle();
    school.put("/etc/motd", "changed by hand\n");
    const { out } = await why("/etc/motd");
    expect(out).toContain("  now: drift: it was changed on this server since we wrote it\n");
    expect(out).toContain("  it was here before us, so it is never removed\n");
  });

  test("a path with the policy ignore is not looked at", async () => {
    await school.commit({ "fleet.yaml": '{"policy":{"/etc/motd":"ignore"}}', [HELLO]: "hello\n" });
    await school.cycle();
    expect((await why("/etc/motd")).out).toContain("policy ignore");
    expect((await why("/etc/motd")).out).toContain("now: not looked at");
  });
});

describe("a path that is not managed", () => {
  beforeEach(async () => {
    await school.commit({ [HELLO]: "hello\n" });
    await school.cycle();
  });

  test("is told so, with those that may have been meant; the exit code is 1", async () => {
    const { code, out } = await why("/etc/modt");
    expect(code).toBe(1);
    expect(out).toContain("/etc/modt is not managed: ");
    expect(out).toContain("did you mean\n  /etc/motd\n");
  });

  test("a relative path is no path of this server; a path as this machine has it is understood", async () => {
    expect(await why("etc/motd")).toMatchObject({ code: 1, err: expect.stringContaining("not an absolute path") });
    expect(await why(school.at("/etc/motd"))).toMatchObject({ code: 0 });
  });
});

test("before the first fetch there is nothing to explain", async () => {
  expect(await why("/etc/motd")).toMatchObject({ code: 1, err: expect.stringContaining("no revision of the fleet") });
});

test("--json fits its schema, managed or not", async () => {
  await school.commit({ "fleet.yaml": '{"env":{"A":"b"},"files":{"/etc/l":{"link":"m"}}}', [HELLO]: "@A@\n" });
  await school.cycle();
  for (const path of ["/etc/motd", "/etc/l", "/etc", "/etc/nothing"]) {
    const told: unknown = JSON.parse((await why(path, "--json")).out);
    expect([path, misfits("why", told)]).toEqual([path, []]);
  }
});

/** The section of lines, each with single spaces between its columns. */
function linesOf(out: string): readonly string[] {
  const [, section = ""] = /^lines\n((?: {2}.*\n)+)/mu.exec(out) ?? [];
  return section
    .trimEnd()
    .split("\n")
    .map((line) => line.trim().replace(/(?<=\S) +(?=[0-9a-f]{12} )/u, " "));
}
