// What Memory is after a run that ended well: what is seen where it is as wanted, and what is still ours.
import { satisfies } from "../model/satisfies.ts";
import { type ResourceId } from "../model/state.ts";
import type { Memory, Observed, Remembered, Stamp, Target } from "../model/target.ts";

/**
 * A file changed again within the clock tick of its stamp would look unchanged. So a stamp counts only when it was
 * older than this when it was read.
 */
export const STAMP_SETTLES_MS = 20;

export interface RememberInput {
  readonly target: Target;
  readonly observed: Observed;
  readonly memory: Memory;
  /** Ids that this run made where nothing was before. */
  readonly created: ReadonlySet<ResourceId>;
  /** Wall clock when the observation began, Unix milliseconds. */
  readonly observedAt: number;
}

/** The same Memory when nothing is new, so that a calm run writes nothing. */
export function remember(input: RememberInput): Memory {
  const { target, observed, memory } = input;
  const next = new Map<ResourceId, Remembered>();
  let moved = false;
  for (const [id, remembered] of memory) {
    const seen = observed.get(id);
    const unwanted = (target.wanted.get(id)?.state.type ?? "absent") === "absent";
    // Not there any more, or something else is: whatever comes there next is not ours to take away.
    const gone = unwanted && seen !== undefined && seen.state.type !== remembered.state.type;
    const left = unwanted && remembered.origin === "adopted";
    if (gone || left) moved = true;
    else next.set(id, remembered);
  }
  for (const [id, wanted] of target.wanted) {
    const seen = observed.get(id);
    if (seen === undefined || wanted.state.type === "absent" || !satisfies(seen.state, wanted.state)) continue;
    const before = memory.get(id);
    const now: Remembered = {
      state: seen.state,
      origin: before?.origin ?? (input.created.has(id) ? "created" : "adopted"),
      ...(wanted.implied === undefined ? {} : { implied: wanted.implied }),
      ...settledStamp(seen.stamp, input.observedAt),
    };
    if (before !== undefined && sameRemembered(before, now)) continue;
    moved = true;
    next.set(id, now);
  }
  return moved ? next : memory;
}

function settledStamp(stamp: Stamp | undefined, observedAt: number): { stamp?: Stamp } {
  if (stamp === undefined || stamp.ctimeMs > observedAt - STAMP_SETTLES_MS) return {};
  return { stamp };
}

function sameRemembered(one: Remembered, other: Remembered): boolean {
  return (
    one.origin === other.origin &&
    one.implied === other.implied &&
    satisfies(one.state, other.state) &&
    (one.state.type === "directory" || sameTime(one.stamp, other.stamp))
  );
}

function sameTime(one: Stamp | undefined, other: Stamp | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return (
    one.ino === other.ino && one.ctimeMs === other.ctimeMs && one.mtimeMs === other.mtimeMs && one.size === other.size
  );
}
