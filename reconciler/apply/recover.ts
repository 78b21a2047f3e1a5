// At start: a run that did not come to its end is brought to one, with nothing but the journal and what is there.
import type { Files, Machine } from "../machine/machine.ts";
import type { ResourceId, State } from "../model/state.ts";
import type { Memory, Remembered } from "../model/target.ts";
import type { Step } from "../resources/kind.ts";
import type { Problem } from "../../common/problem.ts";
import { keep, letGo, rollBack } from "./finish.ts";
import { isJournalOpen, readJournal, type Intent } from "./journal.ts";

export interface Recovery {
  /** The run that was found open. */
  readonly run: string;
  readonly commit: string;
  /** Whether its changes stand now, or were walked back. */
  readonly kept: boolean;
  readonly steps: number;
  readonly problems: readonly Problem[];
  /** Whether nothing of it is left to do; otherwise the journal stays open, and it has to be tried again. */
  readonly over: boolean;
}

export interface Recovering {
  /** Told what a kept run made, so that Memory knows it. */
  remember(steps: readonly Step[]): Promise<void>;
  /** Whether this server is no worse than before a run of which only the verdict is missing; it is not, when left out. */
  readonly isNoWorse?: (intent: Intent) => Promise<boolean>;
}

/**
 * Finishes what was kept, and what was made in time and did no harm; walks back everything else. May itself be
 * interrupted, any number of times.
 */
export async function recover(
  machine: Machine,
  state: Files,
  recovering: Recovering,
): Promise<{ recovery?: Recovery; problems: readonly Problem[] }> {
  const { open, problems } = await readJournal(state);
  if (open === undefined) return { problems };
  const { run, commit, steps } = open.intent;
  const remember = (): Promise<void> => recovering.remember(steps);
  const isGood =
    !open.keep &&
    open.made &&
    !open.back &&
    isInTime(machine, open.intent) &&
    (await isNoWorse(recovering, open.intent));
  const kept = open.keep || isGood;
  const end = isGood ? keep : letGo;
  const told = kept
    ? await end(machine, state, run, steps, remember)
    : await rollBack(machine, state, run, steps, open.back);
  return {
    recovery: { run, commit, kept, steps: steps.length, problems: told, over: !isJournalOpen(state) },
    problems,
  };
}

/**
 * By the clock that nobody sets, as long as this boot lasts. After another boot the clock on the wall has to do; one that
 * shows a time before the run began can say nothing.
 */
function isInTime({ clock }: Machine, { at, began, deadlineMs }: Intent): boolean {
  const isSameBoot = began.boot !== undefined && began.boot === clock.bootId?.();
  const passedMs = isSameBoot ? clock.monotonicMs() - began.monotonicMs : clock.wallMs() - at;
  return passedMs >= 0 && passedMs <= deadlineMs;
}

async function isNoWorse({ isNoWorse: ask }: Recovering, intent: Intent): Promise<boolean> {
  return (await ask?.(intent)) ?? false;
}

/** Memory after the steps of a kept run, as far as the journal knows: the next run adds the stamps. */
export function rememberSteps(memory: Memory, steps: readonly Step[]): Memory {
  const next = new Map<ResourceId, Remembered>(memory);
  for (const { change } of steps) {
    const state: State = change.after;
    if (state.type === "absent") next.delete(change.id);
    else {
      const origin = memory.get(change.id)?.origin ?? (change.before.type === "absent" ? "created" : "adopted");
      next.set(change.id, { state, origin, ...(change.implied === undefined ? {} : { implied: change.implied }) });
    }
  }
  return next;
}
