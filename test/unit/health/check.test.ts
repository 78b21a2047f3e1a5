import { describe, expect, test } from "@jest/globals";
import { checkHealth } from "../../../reconciler/health/check.ts";
import type { CommandResult } from "../../../reconciler/machine/machine.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import type { HealthCheck } from "../../../reconciler/model/health.ts";
import type { HealthLook } from "../../../reconciler/health/check.ts";

type Query = HealthLook["query"];

const PASSED: CommandResult = { code: 0, stdout: Buffer.alloc(0), stderr: "" };
const FAILED: CommandResult = { code: 3, stdout: Buffer.alloc(0), stderr: "starting\nnot yet \u001b[2Jlistening\n" };

function check(name: string, more: Partial<HealthCheck> = {}): HealthCheck {
  return { name, level: "required", probe: { type: "exec", argv: [name] }, timeoutMs: 1000, graceMs: 0, ...more };
}

function look(query: Query): HealthLook {
  const unused = () => {
    throw new Error("an exec check reads no file");
  };
  const files = { stat: unused, read: unused, list: unused, readLink: unused };
  return { files, query, clock: { wallMs: () => Date.now(), monotonicMs: () => performance.now() } };
}

const ignore = () => undefined;

describe("checking health", () => {
  test("before a change tries a failing check once, whatever its grace", async () => {
    let attempts = 0;
    const failing = look(async () => (attempts++, FAILED));
    const report = await checkHealth([check("web", { graceMs: 60_000 })], failing, "before", ignore);
    expect(report).toEqual([
      { name: "web", level: "required", ok: false, detail: "exit code 3: not yet \\x1b[2Jlistening" },
    ]);
    expect(attempts).toBe(1);
  });

  test("after a change waits for a service that starts slowly", async () => {
    let attempts = 0;
    const slow = look(async () => (++attempts < 3 ? FAILED : PASSED));
    const report = await checkHealth([check("web", { graceMs: 60_000 })], slow, "after", ignore);
    expect(report).toEqual([{ name: "web", level: "required", ok: true, detail: "" }]);
    expect(attempts).toBe(3);
  });

  test("after a change gives up when the grace is over, with a last try at its very end", async () => {
    const tried: number[] = [];
    const started = performance.now();
    const failing = look(async () => (tried.push(performance.now() - started), FAILED));
    const report = await checkHealth([check("web", { graceMs: 250 })], failing, "after", ignore);
    expect(report[0]?.ok).toBe(false);
    // At once, after 100 ms, and when 250 ms are over instead of after 200 ms more.
    expect(tried).toHaveLength(3);
    expect(tried[2]).toBeGreaterThanOrEqual(245);
  });

  test("ends an attempt that takes longer than its own timeout", async () => {
    const hanging = look(() => new Promise(ignore));
    const report = await checkHealth([check("web", { timeoutMs: 20 })], hanging, "before", ignore);
    expect(report[0]?.detail).toBe("no answer within 0.0 s");
  });

  test("ends every wait when it is told to, and says what was found until then", async () => {
    const stop = new AbortController();
    const mixed = look((argv) => (argv[0] === "hangs" ? new Promise(ignore) : Promise.resolve(FAILED)));
    const checks = [check("hangs", { timeoutMs: 60_000 }), check("fails", { graceMs: 60_000 })];
    const wait = checkHealth(checks, mixed, "after", ignore, stop.signal);
    setImmediate(() => stop.abort());
    const details = (await wait).map((finding) => finding.detail);
    expect(details[0]).toBe("was interrupted before there was an answer");
    expect(details[1]).toMatch(/^exit code 3/);
  });

  test("makes at most eight attempts at once, and still makes them all", async () => {
    let running = 0;
    let most = 0;
    const counting = look(async () => {
      most = Math.max(most, ++running);
      await new Promise(setImmediate);
      running--;
      return PASSED;
    });
    const names = Array.from({ length: 30 }, (_, index) => `check-${index}`);
    const report = await checkHealth(
      names.map((name) => check(name)),
      counting,
      "before",
      ignore,
    );
    expect(most).toBe(8);
    expect(report.map((finding) => finding.name)).toEqual(names);
  });

  test("lets a check whose neighbours wait out their grace pass at once", async () => {
    const events: Event[] = [];
    const mixed = look(async (argv) => (argv[0] === "good" ? PASSED : FAILED));
    const slow = Array.from({ length: 12 }, (_, index) => check(`bad-${index}`, { graceMs: 300 }));
    await checkHealth([...slow, check("good")], mixed, "after", (event) => events.push(event));
    expect(events[0]).toMatchObject({ type: "health", when: "after", finding: { name: "good", ok: true } });
    expect(events).toHaveLength(13);
  });

  describe("that has to be good again later", () => {
    const again = { graceMs: 60_000, againMs: 1 };

    test("asks twice after a change, and once before it", async () => {
      let attempts = 0;
      const good = look(async () => (attempts++, PASSED));
      await checkHealth([check("remote", again)], good, "before", ignore);
      expect(attempts).toBe(1);
      await checkHealth([check("remote", again)], good, "after", ignore);
      expect(attempts).toBe(3);
    });

    test("notices what goes away a little later, and waits for it to come back for good", async () => {
      const answers = [PASSED, FAILED, FAILED, PASSED, PASSED];
      const moody = look(async () => answers.shift() ?? PASSED);
      const report = await checkHealth([check("remote", again)], moody, "after", ignore);
      expect(report[0]?.ok).toBe(true);
      expect(answers).toEqual([]);
    });

    test("is not good when it is away at the end of its grace", async () => {
      let attempts = 0;
      const fading = look(async () => (attempts++ === 0 ? PASSED : FAILED));
      const report = await checkHealth([check("remote", { graceMs: 0, againMs: 1 })], fading, "after", ignore);
      expect(report[0]?.ok).toBe(false);
    });

    test("goes by the first answer when nobody waits for the second", async () => {
      const stop = new AbortController();
      const good = look(async () => (setImmediate(() => stop.abort()), PASSED));
      const patient = check("remote", { graceMs: 60_000, againMs: 60_000 });
      expect(await checkHealth([patient], good, "after", ignore, stop.signal)).toMatchObject([{ ok: true }]);
    });
  });

  test("turns a surprise inside a probe into a finding", async () => {
    const broken = look(() => Promise.reject(new Error("out of\u0007 processes")));
    const report = await checkHealth([check("web")], broken, "before", ignore);
    expect(report[0]).toMatchObject({ ok: false, detail: "out of\\x07 processes" });
  });
});
