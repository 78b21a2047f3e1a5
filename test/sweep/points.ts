// A whole trace in, the points at which the program may be stopped or failed out: its calls that touch what outlives it.
import { busiestOf, countOf, threadsOf, type Call } from "../support/strace-log.ts";
import type { Lift } from "../support/strace-run.ts";
import { touchedBy, touchedFile, type Shorten } from "./touching.ts";

/** The `ordinal`th call (from 1) of one kind and thread that touches something; for strace it is the `nth` of all. */
export interface Point {
  readonly lift: Lift;
  readonly ordinal: number;
  readonly nth: number;
  /** What it is about, without what differs from run to run: `/state/journal.log`. */
  readonly place: string;
  /** For writes to a file that always has this name: which of them it is. Then nothing else has to be told from it. */
  readonly nthThere?: number;
}

/** More than another thread or program may make beyond what it made this time. */
const MARGIN = 25;

/** Points of one kind and thread together, in their order. */
export function pointsOf(
  calls: readonly Call[],
  names: readonly string[],
  shorten: Shorten,
): readonly (readonly Point[])[] {
  const threads = threadsOf(calls);
  const rows = names.flatMap((name) => {
    const ofKind = calls.filter((call) => call.name === name);
    return (["main", "pool"] as const).map((thread) => pointsOfThread(ofKind, name, threads[thread], thread, shorten));
  });
  return rows.filter((points) => points.length > 0);
}

function pointsOfThread(
  ofKind: readonly Call[],
  call: string,
  own: number,
  thread: Lift["thread"],
  shorten: Shorten,
): readonly Point[] {
  const others = new Set(ofKind.map((each) => each.thread).filter((other) => other !== own));
  const times = MARGIN + Math.max(0, ...[...others].map((other) => countOf(ofKind, other)));
  const touching = touchingIn(ofKind, own, shorten);
  return touching.map(({ index, place, file }, found) => {
    const before = touching.slice(0, found).filter((other) => other.file === file).length;
    const lift: Lift = { thread, call, times };
    return {
      ...{ lift, ordinal: found + 1, nth: times + index + 1, place },
      ...(file === undefined ? {} : { nthThere: before + 1 }),
    };
  });
}

/** The same points, as strace counts them in a run under their lift. */
export function recounted(row: readonly Point[], calls: readonly Call[], shorten: Shorten): readonly Point[] {
  const touching = touchingIn(calls, busiestOf(calls), shorten);
  return row.map((point, index) => ({ ...point, nth: (touching[index]?.index ?? point.nth - 1) + 1 }));
}

/** How far a thread under a lift came. */
export interface Reached {
  /** Calls of its kind that touched something. */
  readonly ordinal: number;
  /** Calls of its kind after the last of those. */
  readonly beyond: number;
}

export function reachedIn(calls: readonly Call[], { call, times }: Lift, shorten: Shorten): Reached {
  const own = busiestOf(calls);
  const touching = touchingIn(calls, own, shorten);
  const beyond = countOf(calls, own) - 1 - (touching.at(-1)?.index ?? -1);
  // Starting a program that is not there looks like starting any other.
  return { ordinal: call === "clone" ? Math.max(0, touching.length - times) : touching.length, beyond };
}

/** Calls of one thread that touch something, and which of its calls of that kind they are (from 0). */
function touchingIn(ofKind: readonly Call[], thread: number, shorten: Shorten) {
  const own = ofKind.filter((call) => call.thread === thread);
  return own.flatMap((call, index) => {
    const place = touchedBy(call, shorten);
    return place === undefined ? [] : [{ index, place, file: touchedFile(call, place) }];
  });
}
