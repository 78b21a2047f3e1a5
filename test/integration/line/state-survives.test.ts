// What a server has learnt outlives a restart, the loss of either copy of its state, and a disk that is full. Real git,
// real files, real verbs.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { gatherStatus } from "../../../reconciler/status/gather.ts";
import { mounts } from "../../support/needs.ts";
import { School } from "../../support/school.ts";
import { ask } from "../cli/ask.ts";

let school: School;
let mounted: string[] = [];

beforeEach(async () => {
  school = await School.open();
});

afterEach(async () => {
  for (const place of mounted) execFileSync("umount", ["-l", place]);
  mounted = [];
  await school.close();
});

const copyOf = (): string => `${school.state}-copy`;
const config = (): readonly string[] => ["--config", school.configFile];

function wish(text: string, health: object = {}) {
  return {
    "fleet.yaml": JSON.stringify({ files: { "/etc/motd": { copy: "files/motd" } }, health }),
    "files/motd": text,
  };
}

async function standing() {
  const status = await gatherStatus(await school.ground());
  const { running, lastRun, reasons, quarantine } = status;
  return {
    applied: running?.revision.commit,
    last: lastRun?.result,
    reasons: reasons.map(({ type }) => type).filter((type) => type !== "waiting"),
    quarantine: quarantine.map(({ reason, count }) => ({ reason, count })),
  };
}

/** A server that has been taken back from a bad revision, and that a person has suspended since. */
async function experienced(): Promise<void> {
  await school.commit(wish("good\n"));
  await school.cycle();
  await school.commit(wish("bad\n", { motd: { file: "/etc/motd", contains: "good", grace_s: 0 } }));
  expect((await school.cycle()).result).toBe("rolled_back");
  const { code } = await ask("suspend", "--reason", "exams", ...config());
  expect(code).toBe(0);
}

describe("last success, quarantine, suspension and what is ours come back", () => {
  test("when the whole state directory is lost", async () => {
    await experienced();
    const before = await standing();
    rmSync(school.state, { recursive: true });
    const outcome = await school.cycle();
    expect(outcome.problems.map(({ code }) => code)).toContain("state-restored");
    // Suspended, as it was; the bad revision is not tried again.
    expect(outcome.result).toBe("deferred");
    expect(await standing()).toEqual({ ...before, last: "deferred" });
    await ask("resume", ...config());
    await school.commit({});
    // What we created is known to be ours, and goes when git wants it no more.
    expect(await school.cycle()).toMatchObject({ result: "changed" });
    expect(existsSync(school.at("/etc/motd"))).toBe(false);
  });

  test("from the state, when the copy is lost; and then there are two again", async () => {
    await experienced();
    const before = await standing();
    const copied = readdirSync(copyOf()).sort();
    rmSync(copyOf(), { recursive: true });
    await school.cycle();
    expect(await standing()).toEqual({ ...before, last: "deferred" });
    expect(readdirSync(copyOf()).sort()).toEqual(copied);
    expect(statSync(copyOf()).mode & 0o777).toBe(0o700);
  });

  test("also what a person said between two runs, and took back", async () => {
    await experienced();
    await ask("resume", ...config());
    expect((await ask("release", ...config())).code).toBe(0);
    rmSync(school.state, { recursive: true });
    expect((await school.cycle()).result).toBe("rolled_back");
    expect((await standing()).quarantine).toMatchObject([{ count: 1 }]);
  });

  test("and a person who speaks first after the loss takes nothing back by it", async () => {
    await experienced();
    rmSync(school.state, { recursive: true });
    expect((await ask("release", ...config())).code).toBe(0);
    expect((await school.cycle()).result).toBe("deferred");
  });
});

test("a calm run writes nothing to the copy", async () => {
  await school.commit(wish("good\n"));
  await school.cycle();
  await school.cycle();
  const before = times();
  for (let n = 0; n < 3; n++) expect((await school.cycle()).result).toBe("unchanged");
  expect(times()).toEqual(before);

  function times(): readonly string[] {
    return readdirSync(copyOf()).map((name) => `${name} ${statSync(join(copyOf(), name)).ctimeMs}`);
  }
});

describe("a copy that cannot be used is told once a run, and the server goes on without it", () => {
  test.each<[string, () => unknown, string]>([
    [
      "its disk is not mounted",
      () => school.configure({ state_copy: join(school.forge.directory, "stick/copy") }),
      "copy-missing",
    ],
    ["it is a file", () => writeFileSync(copyOf(), ""), "copy-missing"],
    ["others may enter it", () => mkdirSync(copyOf(), { mode: 0o755 }), "copy-not-ours"],
    [
      "it is a link to a folder that is not ours alone",
      () => {
        mkdirSync(join(school.forge.directory, "theirs"), { mode: 0o755 });
        symlinkSync("theirs", copyOf());
      },
      "copy-not-ours",
    ],
  ])("%s", async (_, spoil, code) => {
    spoil();
    await school.commit(wish("good\n"));
    const { result, settled, problems } = await school.cycle();
    expect([result, settled, problems.map((problem) => problem.code)]).toEqual(["changed", true, [code]]);
    expect(problems[0]?.hint).toContain("state_copy");
    expect((await ask("status", ...config())).code).toBe(0);
  });

  test("its disk is full, or read-only", async () => {
    mkdirSync(copyOf(), { mode: 0o700 });
    if (!mount(copyOf(), "-t", "tmpfs", "-o", "size=64k,mode=0700", "tmpfs")) return;
    writeFileSync(join(copyOf(), "filler"), Buffer.alloc(60 * 1024));
    await school.commit(wish("good\n"));
    expect(codesOf(await school.cycle())).toEqual(["changed", true, ["copy-failed"]]);
    rmSync(join(copyOf(), "filler"));
    expect(codesOf(await school.cycle())).toEqual(["unchanged", true, []]);
    execFileSync("mount", ["-o", "remount,ro", copyOf()]);
    expect(codesOf(await school.cycle())).toEqual(["unchanged", true, []]);
    await school.commit(wish("better\n"));
    expect(codesOf(await school.cycle())).toEqual(["changed", true, ["copy-failed"]]);
  });
});

describe("a disk with a reserve", () => {
  test("that is full gives it back: a run can be taken back, and the next ones know all", async () => {
    mkdirSync(school.state);
    if (!mount(school.state, "-t", "tmpfs", "-o", "size=40m", "tmpfs")) return;
    school.configure({ limits: { reserve_bytes: 8 * 1024 * 1024 } });
    await school.commit(wish("good\n"));
    await school.cycle();
    const reserve = join(school.state, "reserve");
    expect(statSync(reserve)).toMatchObject({ size: 8 * 1024 * 1024, blocks: 8 * 2048 });
    const { ino } = statSync(reserve);
    await school.cycle();
    expect(statSync(reserve).ino).toBe(ino);

    fill(join(school.state, "filler"));
    school.put("/etc/motd", "by hand\n");
    const outcome = await school.cycle();
    expect(codesOf(outcome)).toEqual(["changed", true, ["reserve-spent"]]);
    expect(readFileSync(school.at("/etc/motd"), "utf8")).toBe("good\n");
    expect(existsSync(reserve)).toBe(false);

    rmSync(join(school.state, "filler"));
    expect(codesOf(await school.cycle())).toEqual(["unchanged", true, []]);
    expect(statSync(reserve).size).toBe(8 * 1024 * 1024);
  });
});

function codesOf({ result, settled, problems }: Awaited<ReturnType<School["cycle"]>>) {
  return [result, settled, problems.map(({ code }) => code)];
}

/** Until the disk takes nothing more. */
function fill(place: string): void {
  try {
    for (;;) writeFileSync(place, Buffer.alloc(64 * 1024), { flag: "a" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
  }
}

function mount(place: string, ...args: readonly string[]): boolean {
  const done = mounts(place, ...args);
  if (done) mounted.push(place);
  return done;
}
