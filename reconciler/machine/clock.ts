// What time it is: on the wall, and since some moment of this boot.
import { readBootId } from "./boot-id.ts";
import type { Clock } from "./machine.ts";

/** libuv's time is CLOCK_MONOTONIC, which every process of this boot shares. */
export const realClock: Clock = {
  wallMs: () => Date.now(),
  monotonicMs: () => Number(process.hrtime.bigint()) / 1e6,
  bootId: () => readBootId(),
};
