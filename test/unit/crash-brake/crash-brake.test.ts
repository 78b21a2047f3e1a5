// Processes that die, one after the other, on one disk; and what the next one may still do.
import { beforeEach, describe, expect, test } from "@jest/globals";
import { noteSteps, openJournal } from "../../../reconciler/apply/journal.ts";
import { createCrashBrake, type CrashBrake } from "../../../reconciler/crash-brake/crash-brake.ts";
import type { Ground } from "../../../reconciler/ground.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import type { Stage } from "../../../reconciler/model/outcome.ts";
import type { RunStep } from "../../../reconciler/model/run-step.ts";
import { closeJournal } from "../../../reconciler/apply/journal.ts";
import { loadLedger, type Ledger } from "../../../reconciler/state/ledger.ts";
import { MemorySchool } from "../../support/memory-school.ts";
import { change, revision } from "../report/sample.ts";

const HOUR = 3_600_000;
const [ONE, OTHER] = [revision("a"), revision("b")];

let school: MemorySchool;
/** Names the boot of the machine; the wall clock, Unix milliseconds. */
let boot: string | undefined;
let now: number;
let runs: number;

beforeEach(() => {
  [school, boot, now, runs] = [new MemorySchool(), "first", 1_795_000_000_000, 0];
});

function ground(): Ground {
  const { machine, ...rest } = school.ground;
  const clock = { ...machine.clock, wallMs: () => now, bootId: () => boot };
  return { ...rest, machine: { ...machine, clock } };
}

interface Begun {
  readonly brake: CrashBrake;
  readonly events: readonly Event[];
}

/** A process starts a run, as the cycle does. */
async function begin(): Promise<Begun> {
  const events: Event[] = [];
  const brake = createCrashBrake(ground());
  brake.listen({ type: "run-started", run: `r${++runs}`, trigger: "timer", because: "a test", at: now });
  await brake.lookBack((event) => events.push(event));
  return { brake, events };
}

/** The run gets as far as this, for a commit whose texts have the digest "d". */
async function goTo(step: RunStep, tip = ONE): Promise<Begun> {
  const begun = await begin();
  const { brake } = begun;
  if (step === "start" || step === "recover") return begun;
  if (step === "account") {
    brake.turnToAccount();
    return begun;
  }
  brake.listen({ type: "stage-started", stage: "fetch" });
  if (step === "fetch") return begun;
  await brake.offered(await loadLedger(ground().state), tip);
  if (!brake.turnTo(tip)) return begun;
  if (step !== "verify" && step !== "render")
    brake.listen({ type: "revision-chosen", revision: tip, desired: tip, digest: "d" });
  brake.listen({ type: "stage-started", stage: step satisfies Stage });
  return begun;
}

async function dieIn(step: RunStep, times: number): Promise<void> {
  for (let n = 0; n < times; n++) await goTo(step);
}

async function ledger(): Promise<Ledger> {
  return (await loadLedger(ground().state)).ledger;
}

async function openRun(): Promise<void> {
  const steps = [change("/etc/one"), change("/etc/two")].map((each, n) => ({ n, change: each }));
  const { state } = ground();
  const intent = { run: `r${runs}`, commit: ONE.commit, at: now, digest: "d", deadlineMs: 1, checks: [], before: [] };
  await openJournal(state, { ...intent, began: { monotonicMs: 0 }, steps });
  await noteSteps(state, "begun", steps.slice(1));
}

const NOTE = "/var/lib/reconciler/at-work";

test("a run that comes to its end leaves nothing behind, and writes no ledger", async () => {
  const { brake } = await goTo("judge");
  expect(school.disk.stat(NOTE)).toBeDefined();
  await brake.ended();
  expect(school.disk.snapshot()).toEqual(new MemorySchool().disk.snapshot());
});

test("a note costs no sync: the power takes it away, and nobody is blamed", async () => {
  await goTo("apply");
  school = school.afterPowerCut();
  expect((await begin()).events).toEqual([]);
});

describe("three deaths", () => {
  test.each<RunStep>(["refresh", "observe", "plan", "check", "apply", "judge", "rollback"])(
    "in %s set the revision aside, and this server only reports",
    async (step) => {
      await dieIn(step, 3);
      const { brake } = await begin();
      const reason = expect.stringMatching(/^the program died 3 times while it was .*aaaaaaaaaaaa/u);
      expect(await ledger()).toMatchObject({
        quarantine: { d: { commit: ONE.commit, count: 1, reason } },
        reportOnly: { step, commit: ONE.commit, offered: ONE.commit, since: now, reason },
        deathsEver: { [step]: 3 },
      });
      expect(brake.problems()).toMatchObject([{ code: "report-only", hint: expect.stringContaining("release") }]);
    },
  );

  test("are told each", async () => {
    const told = [];
    for (let n = 0; n < 4; n++) told.push(...(await goTo("observe")).events);
    expect(told).toEqual([1, 2, 3].map((times) => expect.objectContaining({ type: "died", step: "observe", times })));
  });

  test("in two places, or with a run in between that ends, are not", async () => {
    await dieIn("observe", 2);
    await dieIn("plan", 2);
    await (await begin()).brake.ended();
    expect((await ledger()).deaths).toBeUndefined();
    await dieIn("observe", 2);
    expect((await begin()).brake.problems()).toEqual([]);
  });

  test("of different commits are not", async () => {
    await dieIn("observe", 2);
    await goTo("observe", OTHER);
    expect((await begin()).brake.problems()).toEqual([]);
  });

  test("are counted by what was about to be changed, also when somebody else recovered meanwhile", async () => {
    for (let n = 0; n < 3; n++) {
      await goTo("apply");
      await openRun();
      await closeJournal(ground().state);
    }
    await begin();
    expect((await ledger()).reportOnly?.reason).toBe(
      "the program died 3 times while it was applying aaaaaaaaaaaa, at /etc/two",
    );
  });
});

describe("a machine that was started anew in between", () => {
  const reboot = () => void (boot = `${boot}'`);

  test.each<[RunStep, boolean]>([
    ["fetch", false],
    ["observe", false],
    ["check", true],
    ["apply", true],
    ["judge", true],
    ["rollback", true],
  ])("while it was at %s: blamed %s", async (step, isBlamed) => {
    for (let n = 0; n < 3; n++) {
      await goTo(step);
      reboot();
    }
    expect((await begin()).brake.problems()).toHaveLength(isBlamed ? 1 : 0);
  });

  test("may do so in a recovery as often as it likes", async () => {
    await goTo("apply");
    await openRun();
    for (let n = 0; n < 5; n++) {
      reboot();
      expect((await begin()).brake.stopsBefore("recover")).toBe(false);
    }
  });
});

test("where nobody knows the boot, only a run that was touching is blamed", async () => {
  boot = undefined;
  await dieIn("fetch", 4);
  expect((await begin()).brake.problems()).toEqual([]);
});

describe("what only reports", () => {
  test("goes on with changes when git offers another commit, and says so", async () => {
    await dieIn("apply", 3);
    const { brake, events } = await goTo("plan", OTHER);
    expect(brake.problems()).toEqual([]);
    expect(events).toContainEqual({ type: "report-only-ended", because: "git offers bbbbbbbbbbbb now" });
    expect((await ledger()).reportOnly).toBeUndefined();
    expect(Object.keys((await ledger()).quarantine)).toEqual(["d"]);
  });

  test("goes on reporting while git offers the same, however many runs end", async () => {
    await dieIn("apply", 3);
    for (let n = 0; n < 3; n++) {
      const { brake } = await goTo("plan");
      expect(brake.problems()).toHaveLength(1);
      await brake.ended();
    }
  });

  test("does not turn to a commit that kills before there is a plan, but to others", async () => {
    await dieIn("render", 3);
    const { brake } = await begin();
    expect(brake.turnTo(ONE)).toBe(false);
    expect(brake.turnTo(OTHER)).toBe(true);
    expect(await ledger()).toMatchObject({ quarantine: {}, reportOnly: { step: "render" } });
  });

  test("that dies all the same stops earlier and earlier, until it comes up", async () => {
    for (const step of ["apply", "observe", "fetch", "start"] as const) {
      await dieIn(step, 3);
      await begin();
      expect((await ledger()).reportOnly).toMatchObject({ step, since: now });
    }
    expect((await begin()).brake.stopsBefore("start")).toBe(true);
  });
});

describe("where git cannot help", () => {
  beforeEach(() => dieIn("fetch", 3));

  test("a run ends before it, whatever was offered last", async () => {
    const { brake } = await begin();
    expect([brake.stopsBefore("start"), brake.stopsBefore("fetch")]).toEqual([false, true]);
    expect(await ledger()).toMatchObject({ quarantine: {}, reportOnly: { step: "fetch" } });
  });

  test("it is tried after some hours, once; and is over when that run ends", async () => {
    await (await begin()).brake.ended();
    now += 6 * HOUR;
    expect((await goTo("fetch")).brake.stopsBefore("fetch")).toBe(false);
    const { brake } = await begin();
    expect(brake.stopsBefore("fetch")).toBe(true);
    await brake.ended();
    now += 6 * HOUR;
    const again = await goTo("plan");
    await again.brake.ended();
    expect(again.events).toContainEqual(expect.objectContaining({ type: "report-only-ended" }));
    expect((await begin()).brake.problems()).toEqual([]);
  });

  test("a clock that went back does not make it wait for years", async () => {
    await (await begin()).brake.ended();
    now = 0;
    expect((await begin()).brake.stopsBefore("fetch")).toBe(false);
  });
});

describe("a recovery that kills", () => {
  beforeEach(async () => {
    await goTo("apply");
    await openRun();
    await dieIn("recover", 3);
  });

  test("is not tried any more, and its revision is set aside", async () => {
    expect((await begin()).brake.stopsBefore("recover")).toBe(true);
    expect(await ledger()).toMatchObject({
      reportOnly: { step: "recover" },
      quarantine: { d: { commit: ONE.commit } },
    });
  });

  test("is over when a person brought the run to its end", async () => {
    await closeJournal(ground().state);
    const { brake, events } = await begin();
    expect(brake.problems()).toEqual([]);
    expect(events).toContainEqual(expect.objectContaining({ type: "report-only-ended" }));
  });

  test("is not even looked at any more when that kills as well", async () => {
    const first = await begin();
    expect(first.brake.turnToAccount()).toBe(true);
    await dieIn("account", 2);
    const { brake } = await begin();
    expect([brake.stopsBefore("recover"), brake.turnToAccount()]).toEqual([true, false]);
  });
});

test("a disk on which nothing can be written only hides deaths", async () => {
  const { state, ...rest } = ground();
  const full = (): never => {
    throw new Error("no space");
  };
  const brake = createCrashBrake({ ...rest, state: { ...state, jot: full, create: full, unlink: full } });
  brake.listen({ type: "run-started", run: "r", trigger: "timer", because: "a test", at: now });
  await brake.lookBack(() => undefined);
  brake.listen({ type: "stage-started", stage: "fetch" });
  await brake.ended();
  expect(brake.problems()).toEqual([]);
});
