// `reconcile status`: answers in every condition a server can be in.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { spawn } from "node:child_process";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startControl } from "../../../reconciler/control/server.ts";
import type { DaemonStatus } from "../../../reconciler/control/protocol.ts";
import { frame } from "../../../reconciler/state/frame.ts";
import { saveHolds } from "../../../reconciler/state/holds.ts";
import { School, snapshotOf } from "../../support/school.ts";
import { ask, misfits, type Answer } from "./ask.ts";

let school: School;

beforeEach(async () => {
  school = await School.open();
});
afterEach(() => school.close());

const status = (...words: readonly string[]): Promise<Answer> => ask("status", "--config", school.configFile, ...words);
const TREE = { "config/fleet/files.d/etc/motd/10-hello.conf": "hello\n" };

test("a settled server says so in a few lines, and nobody has to do anything", async () => {
  const commit = await school.commit(TREE, { message: "hello" });
  await school.cycle();
  const { code, out } = await status();
  expect(code).toBe(0);
  expect(out).toContain("escuela-12: settled\n");
  expect(out).toContain(`runs      ${commit.slice(0, 8)} "hello" since `);
  expect(out).toContain("git       wants the same\n");
  expect(out).toContain("to do     nobody has to do anything\n");
  expect(out.trimEnd().split("\n").length).toBeLessThanOrEqual(12);
});

test("looking changes nothing, not even by making the state directory", async () => {
  await school.commit(TREE);
  await school.cycle();
  const before = snapshotOf(school.forge.directory);
  await status();
  expect(snapshotOf(school.forge.directory)).toEqual(before);
  rmSync(school.state, { recursive: true });
  const { code, out } = await status();
  expect(code).toBe(1);
  expect(out).toContain("why       nothing has ever run here\n");
  expect(snapshotOf(school.forge.directory)["/state"]).toBeUndefined();
});

test("without config.yaml it tells what is missing", async () => {
  rmSync(school.configFile);
  const { code, err } = await status();
  expect(code).toBe(1);
  expect(err).toContain(school.configFile);
});

describe("why it is not as git wants it", () => {
  test("a revision that was refused, with the place, and the author who has to correct it", async () => {
    await school.commit(TREE);
    await school.cycle();
    await school.commit({ ...TREE, "fleet.yaml": "filess: {}\n" }, { message: "a mistake" });
    await school.cycle();
    const { code, out } = await status();
    expect(code).toBe(1);
    expect(out).toMatch(/^git {7}wants [0-9a-f]{8} "a mistake", of /mu);
    expect(out).toContain("why       refused: fleet.yaml:1:1");
    expect(out).toContain("to do     the fleet's author: ");
  });

  test("a revision that broke what was healthy is in quarantine, and its reason is told", async () => {
    const checked = { "fleet.yaml": '{"health":{"motd":{"file":"/etc/motd","contains":"hello","grace_s":0}}}' };
    await school.commit({ ...TREE, ...checked });
    await school.cycle();
    await school.commit({ ...checked, "config/fleet/files.d/etc/motd/10-hello.conf": "bye\n" });
    expect((await school.cycle()).result).toBe("rolled_back");
    const { code, out } = await status();
    expect(code).toBe(1);
    expect(out).toContain("why       quarantined here ");
    expect(out).toContain("motd: ");
    expect(out).toContain("to do     the fleet's author: ");
  });

  test("a suspension, with who, why and until when; and a pin", async () => {
    await school.commit(TREE);
    const { applied } = await school.cycle();
    const { state } = await school.ground();
    const now = Date.now();
    const suspension = { reason: "exams \u001b[31m", by: "mirta", since: now, until: now + 3_600_000 };
    await saveHolds(state, { suspension, pin: { commit: applied?.commit ?? "", by: "mirta", since: now } });
    const { code, out } = await status();
    expect(code).toBe(1);
    expect(out).toMatch(/why {7}suspended by mirta until \d{4}-\d\d-\d\d \d\d:\d\d: exams \\x1b\[31m$/mu);
    expect(out).toMatch(/why {7}pinned to [0-9a-f]{8} by mirta/u);
  });

  test("a remote that does not answer, while the last revision stays in care", async () => {
    await school.commit(TREE);
    await school.cycle();
    school.configure({ remotes: { fleet: { url: join(school.forge.directory, "nowhere.git") } } });
    await school.cycle();
    const { code, out } = await status();
    expect(code).toBe(1);
    expect(out).toContain("why       git could not be asked: ");
    expect(out).toContain("to do     somebody on this server: ");
  });

  test("a run that was cut off", async () => {
    await school.commit(TREE);
    await school.cycle();
    const intent = { type: "intent", run: "20261123T163522Z-1a2b", commit: "0", at: 0, deadlineMs: 0, steps: [] };
    writeFileSync(join(school.state, "journal.log"), frame(intent));
    const { code, out } = await status();
    expect(code).toBe(1);
    expect(out).toContain("why       a run (20261123T163522Z-1a2b) was cut off in the middle");
  });

  test("differences that are left alone are counted", async () => {
    await school.commit({ ...TREE, "fleet.yaml": '{"policy":{"/etc/motd":"report"}}' });
    school.put("/etc/motd", "ours\n");
    await school.cycle();
    const { out } = await status();
    expect(out).toMatch(/^things {4}\d+ in sync, 1 foreign \(1 left alone by policy\)$/mu);
  });
});

describe("what happens next", () => {
  const withDaemon = async (live: DaemonStatus, look: () => Promise<void>): Promise<void> => {
    const { config } = await school.ground();
    const control = await startControl(
      config.control,
      () => Promise.reject(new Error("not asked for")),
      () => live,
    );
    if (!control.ok) throw new Error(JSON.stringify(control.problems));
    await look().finally(() => control.value.close());
  };

  beforeEach(async () => {
    await school.commit(TREE);
    await school.cycle();
  });

  test("a daemon tells when its next run is", () =>
    withDaemon({ busy: false, nextRunAt: Date.now() + 12.5 * 60_000 }, async () => {
      expect((await status()).out).toMatch(/^next {6}a run in 12 min \(\d\d:\d\d\)$/mu);
    }));

  test("a daemon in the middle of a run tells at which stage it is, and its open journal is no accident", () =>
    withDaemon({ busy: true, stage: "apply", startedAt: Date.now() }, async () => {
      writeFileSync(join(school.state, "journal.log"), frame({ type: "intent", run: "now" }));
      const { code, out } = await status();
      expect(out).toMatch(/^next {6}a run is going on \(apply\), begun .* \(just now\)$/mu);
      expect(out).not.toContain("cut off");
      expect(code).toBe(0);
    }));

  test("a run in another process is told by its number; a number left behind by a dead one is not", async () => {
    const other = spawn("sleep", ["60"]);
    try {
      writeFileSync(join(school.state, "lock"), `pid ${String(other.pid)}\nboot x\nstarted 2026-11-23T16:35:22.000Z\n`);
      expect((await status()).out).toContain(`next      a run is going on in process ${String(other.pid)}\n`);
    } finally {
      await new Promise((resolve) => other.on("exit", resolve).kill("SIGKILL"));
    }
    expect((await status()).out).toContain("next      no daemon answers here");
  });
});

test("--json fits its schema, settled or not", async () => {
  expect(misfits("status", JSON.parse((await status("--json")).out))).toEqual([]);
  await school.commit(TREE);
  await school.cycle();
  const settled = JSON.parse((await status("--json")).out) as { settled: boolean; duty: object };
  expect(misfits("status", settled)).toEqual([]);
  expect(settled).toMatchObject({ settled: true, duty: { who: "nobody" } });
  await school.commit({ ...TREE, "fleet.yaml": "filess: {}\n" });
  await school.cycle();
  const refused = JSON.parse((await status("--json")).out) as { reasons: object[] };
  expect(misfits("status", refused)).toEqual([]);
  expect(refused.reasons).toMatchObject([{ type: "refused", problem: { code: "unknown-key" } }]);
});
