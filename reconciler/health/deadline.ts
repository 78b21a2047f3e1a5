// One attempt of a probe and its time limit in, an answer in any case out: nothing a probe meets can hold up a run.
import { firstErrorWords, seconds } from "./words.ts";
import type { Reached } from "../machine/machine.ts";

/** Looks until it knows, or until the signal says that nobody waits any more. */
export type Attempt = (signal: AbortSignal) => Promise<Reached>;

export const INTERRUPTED: Reached = { ok: false, detail: "was interrupted before there was an answer" };

/** The attempt's answer, or that it took too long, failed, or that `outer` ended the wait. Never throws. */
export async function withDeadline(
  timeoutMs: number,
  outer: AbortSignal | undefined,
  attempt: Attempt,
): Promise<Reached> {
  if (outer?.aborted === true) return INTERRUPTED;
  const controller = new AbortController();
  const cut = new Promise<Reached>((resolve) => {
    // Resolved before it aborts, so these words win over the error that the aborted probe then reports.
    const end = (answer: Reached) => {
      resolve(answer);
      controller.abort();
    };
    const timer = setTimeout(() => end({ ok: false, detail: `no answer within ${seconds(timeoutMs)}` }), timeoutMs);
    const interrupt = () => end(INTERRUPTED);
    outer?.addEventListener("abort", interrupt, { once: true });
    controller.signal.addEventListener("abort", () => {
      clearTimeout(timer);
      outer?.removeEventListener("abort", interrupt);
    });
  });
  try {
    return await Promise.race([cut, attempt(controller.signal)]);
  } catch (error) {
    return { ok: false, detail: firstErrorWords(error) };
  } finally {
    controller.abort();
  }
}
