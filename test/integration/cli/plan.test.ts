// `reconcile plan`: tells everything and touches nothing.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aim } from "../../../reconciler/aim.ts";
import { takeLock } from "../../../reconciler/machine/lock.ts";
import { lookIntoMirror } from "../../../reconciler/source/mirror.ts";
import { frame } from "../../../reconciler/state/frame.ts";
import { saveHolds } from "../../../reconciler/state/holds.ts";
import { loadLedger, withQuarantined } from "../../../reconciler/state/ledger.ts";
import { School, snapshotOf } from "../../support/school.ts";
import { ask, misfits, type Answer } from "./ask.ts";

let school: School;

beforeEach(async () => {
  school = await School.open();
});
afterEach(() => school.close());

const plan = (...words: readonly string[]): Promise<Answer> => ask("plan", "--config", school.configFile, ...words);

const FIRST = {
  "fleet.yaml": JSON.stringify({ env: { SCHOOL: "Escuela 12" }, files: { "/etc/issue": { copy: "files/issue" } } }),
  "config/fleet/files.d/etc/motd/10-hello.conf": "hello @SCHOOL@\nwelcome\n",
  "files/issue": "issue\n",
};

describe("what would change", () => {
  test("each change is told with its reason, its diff and the source of every added line; the exit code is 2", async () => {
    const commit = await school.commit(FIRST, { message: "first" });
    await school.cycle();
    const next = await school.commit({
      ...FIRST,
      "config/fleet/files.d/etc/motd/10-hello.conf": "hello @SCHOOL@\nwelcome back\n",
      "config/schools/escuela-12/files.d/etc/motd/20-more.conf": "more\n",
    });
    const { code, out } = await plan();
    expect(code).toBe(2);
    expect(out).toContain("replace /etc/motd: git changed it\n");
    expect(out).toContain("    -welcome\n    +welcome back\n    +more\n");
    expect(out).toContain(`    from config/fleet/files.d/etc/motd/10-hello.conf:2 at ${next.slice(0, 8)}\n`);
    expect(out).toContain(
      `    from config/schools/escuela-12/files.d/etc/motd/20-more.conf:1 at ${next.slice(0, 8)}\n`,
    );
    expect(out).not.toContain("/etc/issue");
    expect(out).toMatch(/1 change\nnothing was touched\n$/u);
    expect(commit).not.toBe(next);
  });

  test("what could cut the server off is told to have to show that it did not", async () => {
    const files = { "/etc/nftables.conf": { copy: "files/issue" }, "/etc/modem/apn": { copy: "files/issue" } };
    const fleet = { files: { ...files, "/etc/issue": { copy: "files/issue" } }, confirm: { "/etc/modem/": true } };
    await school.commit({ ...FIRST, "fleet.yaml": JSON.stringify({ env: { SCHOOL: "Escuela 12" }, ...fleet }) });
    const { out } = await plan();
    const words = (risk: string) => `could cut this server off (${risk}): kept only when it is then reached as before`;
    expect(out).toContain(`write /etc/nftables.conf: new\n    ${words("firewall")}\n`);
    expect(out).toContain(`write /etc/modem/apn: new\n    ${words("marked by the fleet")}\n`);
    expect(out.match(/could cut this server off/gu)).toHaveLength(2);
    const json: unknown = JSON.parse((await plan("--json")).out);
    expect(misfits("plan", json)).toEqual([]);
    expect(json).toMatchObject({ changes: expect.arrayContaining([expect.objectContaining({ risk: "firewall" })]) });
  });

  test("when all is as git wants it, it says so and exits with 0", async () => {
    await school.commit(FIRST);
    await school.cycle();
    expect(await plan()).toMatchObject({
      code: 0,
      out: expect.stringMatching(/nothing to change\nnothing was touched\n$/u),
    });
  });

  test("neither the root nor anything in the state directory but the mirror moves", async () => {
    await school.commit(FIRST);
    await school.cycle();
    await school.commit({ ...FIRST, "files/issue": "another\n" });
    school.put("/etc/motd", "changed by hand\n");
    const [root, state] = [school.snapshot(), withoutMirror(school)];
    expect((await plan()).code).toBe(2);
    expect(school.snapshot()).toEqual(root);
    expect(withoutMirror(school)).toEqual(state);
  });

  test("--no-fetch makes nothing at all, and plans from what was fetched before", async () => {
    await school.commit(FIRST);
    expect(await plan("--no-fetch")).toMatchObject({ code: 1, err: expect.stringContaining("no revision") });
    expect(existsSync(school.state)).toBe(false);
    await school.cycle();
    await school.commit({ ...FIRST, "files/issue": "another\n" });
    const state = snapshotOf(school.state);
    expect(await plan("--no-fetch")).toMatchObject({ code: 0 });
    expect(snapshotOf(school.state)).toEqual(state);
  });

  test("--revision plans for another commit, by an abbreviated id; an unknown one is a problem", async () => {
    const first = await school.commit(FIRST);
    await school.cycle();
    await school.commit({ ...FIRST, "files/issue": "another\n" });
    await school.cycle();
    const { code, out } = await plan("--revision", first.slice(0, 7));
    expect(code).toBe(2);
    expect(out).toContain("    -another\n    +issue\n");
    expect(await plan("--revision", "abcdef12")).toMatchObject({
      code: 1,
      out: expect.stringContaining("abcdef12 is no commit"),
    });
  });

  test("a difference that the policy leaves alone is told and is no change", async () => {
    await school.commit({ ...FIRST, "fleet.yaml": '{"env":{"SCHOOL":"x"},"policy":{"/etc/motd":"report"}}' });
    school.put("/etc/motd", "ours\n");
    const { code, out } = await plan();
    expect(out).toContain("leave /etc/motd as it is: it was here before us (policy report)\n");
    expect(code).toBe(0);
  });
});

test("while the server is suspended, the plan is told with who suspended it", async () => {
  await school.commit(FIRST);
  const { state } = await school.ground();
  const until = Date.now() + 3_600_000;
  await saveHolds(state, { suspension: { reason: "exams", by: "mirta", since: Date.now(), until } });
  const { code, out } = await plan();
  expect(code).toBe(2);
  expect(out).toMatch(/^suspended by mirta until \d{4}-\d\d-\d\d \d\d:\d\d: exams; cycles only look$/mu);
});

describe("content that is not shown", () => {
  const secret = { "fleet.yaml": '{"files":{"/etc/key":{"copy":"files/key","mode":"0600"}}}' };

  test("a file that only its owner may read is told by size and digest, whichever side is the private one", async () => {
    await school.commit({ ...secret, "files/key": "hunter2\n" });
    const first = await plan();
    expect(first.out).toMatch(
      /content not shown, because only its owner may read it: nothing becomes 8 bytes \([0-9a-f]{12}\)\n/u,
    );
    await school.cycle();
    await school.commit({ "fleet.yaml": '{"files":{"/etc/key":{"copy":"files/key"}}}', "files/key": "public\n" });
    const { out } = await plan();
    expect(out).toContain("only its owner may read it: 8 bytes");
    expect(first.out + out + (await plan("--json")).out).not.toMatch(/hunter2|public/u);
  });

  test("what is not text, and what is larger than 256 KiB, is told the same way", async () => {
    const files = '{"files":{"/etc/bin":{"copy":"files/bin"},"/etc/big":{"copy":"files/big"}}}';
    await school.commit({ "fleet.yaml": files, "files/bin": Buffer.from([0, 1]), "files/big": "x\n".repeat(140_000) });
    const { out } = await plan();
    expect(out).toContain("content not shown, because it is not text: nothing becomes 2 bytes");
    expect(out).toContain("content not shown, because it is too large to be compared: nothing becomes 280000 bytes");
  });

  test("an escape sequence in a content, or in the subject of a commit, does not reach the terminal", async () => {
    const piece = "config/fleet/files.d/etc/motd/10-hello.conf";
    await school.commit({ [piece]: "\u001b[2Jgone\n" }, { message: "\u001b[31mred" });
    const { out } = await plan();
    expect(out).toContain("+\\x1b[2Jgone");
    expect(out).not.toContain("\u001b");
  });
});

describe("problems", () => {
  test("a revision with a mistake is refused with its place, and the care of the good one is planned", async () => {
    await school.commit(FIRST);
    await school.cycle();
    school.put("/etc/motd", "changed by hand\n");
    await school.commit({ ...FIRST, "fleet.yaml": "filess: {}\n" }, { message: "a mistake" });
    const { code, out } = await plan();
    expect(code).toBe(1);
    expect(out).toMatch(/^refused: [0-9a-f]{8} "a mistake" \(invalid\)$/mu);
    expect(out).toContain("fleet.yaml:1:1");
    expect(out).toContain("restore /etc/motd: changed on this server since we wrote it");
  });

  test("the brake is told together with what it stops", async () => {
    await school.commit(FIRST);
    await school.cycle();
    await school.commit({});
    const { code, out } = await plan();
    expect(code).toBe(1);
    expect(out).toContain("remove /etc/motd: no longer in git");
    expect(out).toContain("--allow-removals");
  });

  test("a revision that was rolled back here is shown to whoever asks for it, and called what it is", async () => {
    await school.commit(FIRST);
    await school.cycle();
    const bad = await school.commit({ ...FIRST, "files/issue": "bad\n" });
    await quarantine(bad);
    expect((await plan()).out).toMatch(/^refused: .* \(quarantined\)$/mu);
    const { code, out } = await plan("--revision", bad);
    expect(code).toBe(1);
    expect(out).toContain("+bad");
    expect(out).toContain("is set aside here: it broke");
  });

  test("a remote that does not answer is a problem, and what is known is planned all the same", async () => {
    await school.commit(FIRST);
    await school.cycle();
    school.configure({ remotes: { fleet: { url: join(school.forge.directory, "nowhere.git") } } });
    const { code, out } = await plan();
    expect(code).toBe(1);
    expect(out).toContain("nothing to change, 1 problem");
  });

  test("a run that was cut off is told, because it is brought to an end before anything is planned", async () => {
    await school.commit(FIRST);
    await school.cycle();
    writeFileSync(
      join(school.state, "journal.log"),
      frame({ type: "intent", run: "20261123T163522Z-1a2b", steps: [] }),
    );
    const { code, out } = await plan();
    expect(code).toBe(1);
    expect(out).toContain("the run 20261123T163522Z-1a2b was cut off in the middle");
    expect(existsSync(join(school.state, "journal.log"))).toBe(true);
  });

  test("while another run holds the lock, it says so and plans from what the mirror has", async () => {
    await school.commit(FIRST);
    await school.cycle();
    await school.commit({ ...FIRST, "files/issue": "another\n" });
    const lock = await takeLock(join(school.state, "lock"), { waitMs: 0 });
    if (!lock.ok) throw new Error("the lock is not free");
    try {
      const { code, err } = await plan();
      expect(code).toBe(0);
      expect(err).toContain("is at work here");
      expect(err).toContain("planned from what was fetched before");
    } finally {
      lock.value.release();
    }
    expect((await plan()).code).toBe(2);
  });
});

test("--json fits its schema, with changes, held differences and problems", async () => {
  await school.commit({ ...FIRST, "fleet.yaml": '{"env":{"SCHOOL":"x"},"policy":{"/etc/motd":"report"}}' });
  school.put("/etc/motd", "ours\n");
  await school.cycle();
  await school.commit({
    ...FIRST,
    "fleet.yaml": '{"env":{"SCHOOL":"y"},"policy":{"/etc/motd":"report"},"files":{"/etc/b":{"copy":"files/b"}}}',
    "files/b": "b\n",
    "config/fleet/files.d/etc/issue/10-x.conf": "text\n",
  });
  const { code, out } = await plan("--json");
  expect(code).toBe(2);
  const told = JSON.parse(out) as { changes: { name: string; sources: unknown[] }[]; held: unknown[] };
  expect(misfits("plan", told)).toEqual([]);
  expect(told.held).toHaveLength(1);
  expect(told.changes.find(({ name }) => name === "/etc/b")?.sources).toEqual([
    { file: "files/b", shipped: false, from: 1, to: 1, variables: [] },
  ]);
  await school.commit({ "fleet.yaml": "x: 1\n" });
  const broken = JSON.parse((await plan("--json")).out) as { problems: unknown[] };
  expect(misfits("plan", broken)).toEqual([]);
  expect(broken.problems.length).toBeGreaterThan(0);
});

function withoutMirror({ state }: School): object {
  const entries = Object.entries(snapshotOf(state));
  // The lock's words come and go; the folder itself has a new time when git's own folders move.
  return Object.fromEntries(
    entries.filter(([path]) => path !== "/" && path !== "/lock" && !path.startsWith("/mirror.git")),
  );
}

/** As if a cycle had rolled it back: what the school reads of it is noted by its digest. */
async function quarantine(commit: string): Promise<void> {
  await plan();
  const ground = await school.ground();
  const mirror = lookIntoMirror(join(school.state, "mirror.git"));
  const revision = await mirror?.revision(commit);
  if (mirror === undefined || revision === undefined) throw new Error("the commit was not fetched");
  const aimed = await aim(ground, mirror, revision);
  if (!aimed.ok) throw new Error(JSON.stringify(aimed.problems));
  const { ledger, save } = await loadLedger(ground.state);
  await save(withQuarantined(ledger, aimed.value.digest, commit, "it broke", 1));
}
