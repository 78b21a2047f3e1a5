import { describe, expect, test } from "@jest/globals";
import { createSlot, mergeWishes } from "../../../reconciler/triggers/slot.ts";
import type { Wish } from "../../../reconciler/triggers/slot.ts";

/** A run that lasts until it is told to end, and what it was asked for. */
function openRuns() {
  const started: Wish[] = [];
  const ends: ((error?: Error) => void)[] = [];
  let running = 0;
  let most = 0;
  const run = (wish: Wish) =>
    new Promise<number>((resolve, reject) => {
      most = Math.max(most, ++running);
      const n = started.push(wish);
      ends.push((error) => {
        running--;
        if (error === undefined) resolve(n);
        else reject(error);
      });
    });
  const end = async (n: number, error?: Error) => {
    ends[n - 1]?.(error);
    await settle();
  };
  return { run, started, end, most: () => most };
}

const settle = () => new Promise((resolve) => setImmediate(resolve));

describe("the slot", () => {
  test("runs at once when nothing is running", async () => {
    const runs = openRuns();
    const slot = createSlot(runs.run);
    const outcome = slot.want("manual", "asked for");
    await settle();
    expect(runs.started).toEqual([{ trigger: "manual", because: "asked for" }]);
    expect(slot.busy()).toBe(true);
    await runs.end(1);
    expect(await outcome).toBe(1);
    expect(slot.busy()).toBe(false);
  });

  test("makes one next run of any number of wishes, never two at a time", async () => {
    const runs = openRuns();
    const slot = createSlot(runs.run);
    const first = slot.want("boot", "the service started");
    await settle();
    const later = Array.from({ length: 10 }, (_, n) => slot.want("change", `file ${n % 3} changed`));
    await settle();
    expect(runs.started).toHaveLength(1);
    await runs.end(1);
    expect(runs.started[1]).toEqual({
      trigger: "change",
      because: "file 0 changed; file 1 changed; file 2 changed",
    });
    await runs.end(2);
    expect(await first).toBe(1);
    expect(await Promise.all(later)).toEqual(later.map(() => 2));
    expect(runs.started).toHaveLength(2);
    expect(runs.most()).toBe(1);
  });

  test("answers a wish with the cycle that started after it, not with the one that was running", async () => {
    const runs = openRuns();
    const slot = createSlot(runs.run);
    void slot.want("timer", "every 900 s");
    await settle();
    let answer: number | undefined;
    void slot.want("manual", "asked for").then((n) => (answer = n));
    await runs.end(1);
    expect(answer).toBeUndefined();
    await runs.end(2);
    expect(answer).toBe(2);
  });

  test("goes on after a cycle that failed, and only those who wait hear of it", async () => {
    const runs = openRuns();
    const slot = createSlot(runs.run);
    void slot.want("timer", "nobody waits for this one");
    await settle();
    const failed = slot.want("manual", "asked for").catch((error: unknown) => String(error));
    await runs.end(1, new Error("unheard"));
    const next = slot.want("manual", "asked again");
    await runs.end(2, new Error("disk on fire"));
    await runs.end(3);
    expect(await failed).toBe("Error: disk on fire");
    expect(await next).toBe(3);
  });

  test("also goes on when a run throws before it makes a promise", async () => {
    let calls = 0;
    const slot = createSlot(() => {
      if (++calls === 1) throw new Error("at once");
      return Promise.resolve("fine");
    });
    await expect(slot.want("timer", "first")).rejects.toThrow("at once");
    expect(await slot.want("timer", "second")).toBe("fine");
  });

  test("is idle only when nothing runs and nothing is wanted", async () => {
    const runs = openRuns();
    const slot = createSlot(runs.run);
    await slot.idle();
    void slot.want("timer", "one");
    await settle();
    void slot.want("timer", "two");
    let idle = false;
    void slot.idle().then(() => (idle = true));
    await runs.end(1);
    expect(idle).toBe(false);
    await runs.end(2);
    expect(idle).toBe(true);
  });
});

describe("merged wishes", () => {
  test("keep the strongest trigger and every reason once", () => {
    const wishes: Wish[] = [
      { trigger: "timer", because: "every 900 s" },
      { trigger: "manual", because: "asked for" },
      { trigger: "change", because: "every 900 s" },
    ];
    expect(mergeWishes(wishes)).toEqual({ trigger: "manual", because: "every 900 s; asked for" });
  });

  test("stay short", () => {
    const wishes = Array.from({ length: 900 }, (_, n): Wish => ({ trigger: "change", because: `r${n}` }));
    expect(mergeWishes(wishes).because).toBe("r0; r1; r2; r3; r4; 895 more");
  });
});
