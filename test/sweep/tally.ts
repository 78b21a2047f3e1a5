// What was found at each point in, the figures of a sweep out.
import type { ReliabilityResult } from "../support/reliability-result.ts";
import type { Point } from "./points.ts";

const FAILURES_TOLD = 10;

export class Tally {
  /** In words, each with its point; the first of them. */
  readonly failures: string[] = [];
  readonly #outcomes = new Map<string, number>();
  readonly #calls = new Map<string, number>();
  readonly #near = new Map<string, number>();

  /** Counts the word that `look` comes to. An error of it is kept, so that one sweep tells of all. */
  async count(where: string, call: string, look: () => Promise<string>): Promise<void> {
    add(this.#calls, call);
    try {
      add(this.#outcomes, await look());
    } catch (error) {
      add(this.#outcomes, "failed");
      const words = error instanceof Error ? error.message : String(error);
      if (this.failures.length < FAILURES_TOLD) this.failures.push(`${where}: ${words}`);
    }
  }

  /** Not the very call that was meant, but one close to it. */
  missed(call: string): void {
    add(this.#near, call);
  }

  result(name: string, title: string, facts: readonly string[] = []): ReliabilityResult {
    const outcomes = Object.fromEntries(this.#outcomes);
    const points = Object.values(outcomes).reduce((total, count) => total + count, 0);
    const near = Array.from(this.#near, ([call, count]) => `${count} of ${call}`).join(", ");
    const notes = near === "" ? facts : [...facts, `Close to the call that was meant, and not at it: ${near}`];
    return { name, title, points, outcomes, counts: Object.fromEntries(this.#calls), notes };
  }
}

function add(counts: Map<string, number>, word: string): void {
  counts.set(word, (counts.get(word) ?? 0) + 1);
}

/** `fsync 3 in the thread pool (/state/journal.log)`. */
export function told({ lift, ordinal, place }: Point): string {
  return `${lift.call} ${ordinal} ${lift.thread === "pool" ? "in the thread pool" : "of the main thread"} (${place})`;
}

/** Every item once, by whichever of the schools has time. */
export async function inTurns<School, Item>(
  schools: readonly School[],
  items: readonly Item[],
  work: (school: School, item: Item, n: number) => Promise<void>,
): Promise<void> {
  const next = items.entries();
  const worker = async (school: School): Promise<void> => {
    for (const [n, item] of next) await work(school, item, n);
  };
  await Promise.all(schools.map(worker));
}
