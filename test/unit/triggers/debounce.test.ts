import { afterEach, beforeEach, describe, expect, jest, test } from "@jest/globals";
import { createDebounce } from "../../../reconciler/triggers/debounce.ts";

describe("the debounce", () => {
  let calls: (readonly string[])[];
  let debounce: ReturnType<typeof createDebounce>;

  beforeEach(() => {
    jest.useFakeTimers();
    calls = [];
    debounce = createDebounce({ quietMs: 300, mostMs: 2000 }, (things) => calls.push(things));
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test("calls once, when it has been quiet for a while", () => {
    debounce.add("a");
    jest.advanceTimersByTime(299);
    debounce.add("b");
    debounce.add("a");
    jest.advanceTimersByTime(299);
    expect(calls).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(calls).toEqual([["a", "b"]]);
    jest.advanceTimersByTime(10_000);
    expect(calls).toHaveLength(1);
  });

  test("does not wait for ever where it is never quiet", () => {
    for (let passed = 0; passed < 4100; passed += 100) {
      debounce.add("log");
      jest.advanceTimersByTime(100);
    }
    expect(calls).toHaveLength(2);
  });

  test("forgets what is waiting when it is stopped", () => {
    debounce.add("a");
    debounce.stop();
    jest.advanceTimersByTime(10_000);
    expect(calls).toEqual([]);
    expect(jest.getTimerCount()).toBe(0);
  });
});
