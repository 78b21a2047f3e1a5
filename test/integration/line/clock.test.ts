// A server whose clock is wrong: 1970 after a power cut, twenty years ahead and back, the night in which it is set. Real
// git, real cycles; only the clock is ours.
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { readFileSync } from "node:fs";
import { createPaint } from "../../../reconciler/report/log/paint.ts";
import type { CycleWish } from "../../../reconciler/cycle.ts";
import { describeStatus } from "../../../reconciler/status/describe.ts";
import { gatherStatus } from "../../../reconciler/status/gather.ts";
import { saveHolds } from "../../../reconciler/state/holds.ts";
import { momentNow } from "../../../reconciler/model/moment.ts";
import { School } from "../../support/school.ts";

const HOUR = 3_600_000;
const YEARS_20 = 20 * 365 * 24 * HOUR;

let school: School;
let wallMs: number;
let uptimeMs: number;
let boot: string;

beforeEach(async () => {
  school = await School.open();
  // Commits are made by the real clock, after this.
  [wallMs, uptimeMs, boot] = [Date.now() + HOUR, HOUR, "one"];
});

afterEach(() => school.close());

async function ground() {
  const real = await school.ground();
  const clock = { wallMs: () => wallMs, monotonicMs: () => uptimeMs, bootId: () => boot };
  return { ...real, machine: { ...real.machine, clock } };
}

async function run(wish: Partial<CycleWish> = {}) {
  const { result, problems, held } = await school.cycle(await ground(), wish);
  return { result, codes: problems.map(({ code }) => code), waits: held.flatMap(({ waits }) => waits?.what ?? []) };
}

async function status(): Promise<string> {
  return describeStatus(await gatherStatus(await ground()), createPaint(false)).join("\n");
}

/** A file that may be made at night only, in a zone whose clocks are set. */
function wish(text: string) {
  return {
    "fleet.yaml": JSON.stringify({
      windows: { night: { hours: ["00:15-01:45"], zone: "America/Santiago" } },
      files: { "/etc/motd": { copy: "files/motd", window: "night" } },
    }),
    "files/motd": text,
  };
}

const motd = (): string => readFileSync(school.at("/etc/motd"), "utf8");

describe("1970", () => {
  test("what has a window waits and says so, nothing is called old, and a person with a reason need not wait", async () => {
    school.put("/etc/hosts", "127.0.0.1 localhost\n");
    await school.commit(wish("first\n"));
    wallMs = Date.parse("1970-01-01T04:30:00Z");
    expect(await run()).toEqual({
      result: "unchanged",
      codes: ["clock-behind"],
      waits: ["the clock is not believed, so nobody knows whether the window night is open"],
    });
    const told = await status();
    expect(told).toContain("the clock is not believed");
    expect(told).toContain("set the clock");
    expect(told).not.toMatch(/ago\)|just now/u);
    expect(await run({ regardless: true })).toMatchObject({ result: "changed", codes: ["clock-behind"] });
    expect(motd()).toBe("first\n");
  });

  test("a run noted in 1970 is not called old once the clock is right, nor a new one fresh before", async () => {
    await school.commit({ "fleet.yaml": "{}\n" });
    wallMs = 5 * HOUR;
    await run();
    expect(await status()).not.toMatch(/nobody has run it for long/u);
    wallMs = Date.now() + HOUR;
    expect(await status()).not.toMatch(/nobody has run it for long/u);
    await run();
    wallMs += 5 * HOUR;
    expect(await status()).toMatch(/nobody has run it for long/u);
  });

  test("a suspension goes on, and ends after as long as the server was up", async () => {
    await school.commit({ "fleet.yaml": "{}\n" });
    await run();
    const began = momentNow((await ground()).machine.clock);
    const suspension = { reason: "exams", by: "rosa", since: began.at, until: began.at + 12 * HOUR, began };
    await saveHolds((await ground()).state, { suspension });
    [wallMs, uptimeMs, boot] = [HOUR, HOUR, "two"];
    expect((await run()).result).toBe("deferred");
    uptimeMs = 12 * HOUR;
    expect((await run()).result).toBe("unchanged");
  });
});

test("a leap of twenty years and back: the calm stays calm, and nothing is lost", async () => {
  await school.commit({
    "fleet.yaml": JSON.stringify({ files: { "/etc/motd": { copy: "files/m" } } }),
    "files/m": "first\n",
  });
  expect((await run()).result).toBe("changed");
  for (const leap of [YEARS_20, -YEARS_20]) {
    wallMs += leap;
    expect(await run()).toEqual({ result: "unchanged", codes: [], waits: [] });
    school.put("/etc/motd", `by hand ${leap}\n`);
    expect(await run()).toMatchObject({ result: "changed", codes: [] });
    expect(motd()).toBe("first\n");
  }
});
