// Many wishes in, one cycle at a time out. Ten wishes make one cycle; a wish made during a cycle gets the next one.
import type { Trigger } from "../model/outcome.ts";

/** Why a cycle should run. */
export interface Wish {
  readonly trigger: Trigger;
  /** In words, for a person: `/etc/motd changed`. */
  readonly because: string;
}

export interface Slot<T> {
  /**
   * Asks for a cycle. Resolves with the outcome of the cycle that started after this call (never with one that was
   * already running), and rejects when that cycle did. It may safely be left unawaited.
   */
  readonly want: (trigger: Trigger, because: string) => Promise<T>;
  /** Whether a cycle is running. */
  readonly busy: () => boolean;
  /** Resolves when no cycle is running and none is wanted. */
  readonly idle: () => Promise<void>;
}

interface Waiting<T> {
  readonly wishes: Wish[];
  readonly outcome: Promise<T>;
  readonly start: () => void;
}

const MOST_REASONS = 5;
/** A person outranks a change, and a change the clock. */
const RANK: readonly Trigger[] = ["manual", "boot", "change", "timer"];

/** `run` is never called while its last promise is pending. */
export function createSlot<T>(run: (wish: Wish) => Promise<T>): Slot<T> {
  let current: Promise<unknown> | undefined;
  let next: Waiting<T> | undefined;

  const advance = () => {
    const starting = next;
    next = undefined;
    current = starting?.outcome.then(advance, advance);
    starting?.start();
  };

  return {
    want(trigger, because) {
      next ??= createWaiting(run);
      next.wishes.push({ trigger, because });
      const { outcome } = next;
      if (current === undefined) advance();
      return outcome;
    },
    busy: () => current !== undefined,
    async idle() {
      while (current !== undefined) await current;
    },
  };
}

/** One run that has not started; its reasons are merged when it does. */
function createWaiting<T>(run: (wish: Wish) => Promise<T>): Waiting<T> {
  const wishes: Wish[] = [];
  let start = () => {};
  const started = new Promise<void>((resolve) => (start = resolve));
  const outcome = started.then(() => run(mergeWishes(wishes)));
  outcome.catch(() => undefined); // Whoever awaits it still hears of it; nobody has to.
  return { wishes, outcome, start };
}

/** The strongest trigger, and every reason once. */
export function mergeWishes(wishes: readonly Wish[]): Wish {
  const trigger = RANK.find((each) => wishes.some((wish) => wish.trigger === each)) ?? "timer";
  const reasons = [...new Set(wishes.map((wish) => wish.because))];
  const more = reasons.length - MOST_REASONS;
  const told = more > 0 ? [...reasons.slice(0, MOST_REASONS), `${more} more`] : reasons;
  return { trigger, because: told.join("; ") };
}
