// An address and what should come from it in; the whole file on disk, or why it did not come, out. It goes on where it
// was interrupted, as often as there is progress.
import { setTimeout as sleep } from "node:timers/promises";
import type { Problem } from "../../../../common/problem.ts";
import { addressOf } from "./address.ts";
import { ask } from "./ask.ts";
import { unreachable, wrongContent } from "./faults.ts";
import { PATIENCE, type Order, type Patience } from "./order.ts";
import type { Partial } from "./partial.ts";
import { take, type Attempt } from "./receive.ts";
import { isNetworkError, watchdog } from "./watchdog.ts";

/** An attempt that brought fewer bytes is no progress. */
const PROGRESS = 64 * 1024;

/** Undefined when the file is whole and is what was ordered. */
export async function download(
  order: Order,
  partial: Partial,
  signal: AbortSignal,
  patience = PATIENCE,
): Promise<Problem | undefined> {
  const address = addressOf(order.url);
  if (!address.ok) return address.problems[0];
  const resumed = partial.size() > 0;
  const failed = await fetchAll(address.value, order, partial, signal, patience);
  if (failed !== undefined) return failed;
  if ((await partial.digest()) === order.digest) return undefined;
  await partial.reset(undefined);
  // Parts of two different files, perhaps: once more, from the beginning.
  return resumed ? download(order, partial, signal, patience) : wrongContent(address.value);
}

async function fetchAll(
  url: URL,
  order: Order,
  partial: Partial,
  signal: AbortSignal,
  patience: Patience,
): Promise<Problem | undefined> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(patience.totalMs)]);
  let why = "it takes longer than it may";
  for (let vain = 0; vain < patience.attempts;) {
    if (vain > 0) await pause(patience.pauseMs * 2 ** (vain - 1), limited);
    if (limited.aborted) return unreachable(url, why);
    const before = partial.size();
    const attempt = await attemptOnce(url, order, partial, limited, patience.idleMs);
    if (attempt === "whole") return undefined;
    if (attempt !== "part" && "problem" in attempt) return attempt.problem;
    why = attempt === "part" ? "it ends the connection again and again" : attempt.again;
    vain = partial.size() - before >= PROGRESS ? 0 : vain + 1;
  }
  return unreachable(url, why);
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}

async function attemptOnce(
  url: URL,
  order: Order,
  partial: Partial,
  signal: AbortSignal,
  idleMs: number,
): Promise<Attempt> {
  const from = partial.size();
  const validator = await partial.validator();
  const idle = watchdog(idleMs, signal);
  try {
    const asked = await ask(url, { from, ...(validator === undefined ? {} : { validator }) }, idle.signal);
    if (!asked.ok) return { problem: asked.problems[0] ?? unreachable(url, "it leads nowhere") };
    idle.pat();
    try {
      return await take(url, asked.value, order, partial, idle.pat);
    } finally {
      asked.value.destroy();
    }
  } catch (error) {
    if (!isNetworkError(error)) throw error;
    return { again: idle.expired() ? `nothing came for ${idleMs / 1000} s` : error.message };
  } finally {
    idle.end();
  }
}
