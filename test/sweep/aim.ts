// A point in, a run that was stopped or failed right there out. Some calls node makes for itself as well, and not always
// equally often: it writes to wake its threads, and opens files to read. With these it may take some tries.
import { join } from "node:path";
import type { Call } from "../support/strace-log.ts";
import type { Traced } from "../support/strace-run.ts";
import { reachedIn, type Point, type Reached } from "./points.ts";
import type { SweptSchool } from "./swept-school.ts";

const UNSTEADY = ["write", "openat"];
const TRIES = 4;

export interface Hit {
  readonly traced: Traced;
  /** `point`: the very call that was meant. `beside`: another one that touches something. `between`: none of these, or none. */
  readonly at: "point" | "beside" | "between";
}

/** `row` are all points of that kind and thread. The school is put back before each try, and not after the last. */
export async function strike(school: SweptSchool, row: readonly Point[], point: Point, fault: string): Promise<Hit> {
  if (point.nthThere !== undefined) return strikeFile(school, point, point.nthThere, fault);
  const { lift } = point;
  for (let nth = point.nth, tries = 1; ; tries++) {
    await school.restore();
    const traced = await school.now([lift.call], { lift, injection: { call: lift.call, fault, nth } });
    const struck = struckCalls(traced, fault);
    const reached = reachedIn(struck ?? traced.calls, lift, school.shorten);
    const at = struck === undefined ? "between" : placeOf(reached, point);
    if (at === "point" || tries === TRIES || !UNSTEADY.includes(lift.call)) return { traced, at };
    nth += distance(row, reached, point);
  }
}

/** Nobody else writes to that file, so no thread has to be told from another. */
async function strikeFile(school: SweptSchool, { lift, place }: Point, nth: number, fault: string): Promise<Hit> {
  const { call } = lift;
  await school.restore();
  const path = join(school.directory, place);
  const traced = await school.now([call], { injection: { call, fault, nth, path } });
  return { traced, at: struckCalls(traced, fault)?.length === nth ? "point" : "between" };
}

/** All up to the one that was struck; undefined when the run had ended before. */
function struckCalls({ calls, killed }: Traced, fault: string): readonly Call[] | undefined {
  if (fault.startsWith("signal=")) return killed ? calls : undefined;
  const last = calls.findIndex(({ rest }) => rest.endsWith("(INJECTED)"));
  return last < 0 ? undefined : calls.slice(0, last + 1);
}

function placeOf({ ordinal, beyond }: Reached, point: Point): Hit["at"] {
  if (beyond > 0 || ordinal === 0) return "between";
  return ordinal === point.ordinal ? "point" : "beside";
}

/** How many calls further (or back) the point lies, going by where it lay when it was counted. */
function distance(row: readonly Point[], { ordinal, beyond }: Reached, point: Point): number {
  const from = row[Math.min(ordinal, row.length) - 1];
  if (from === undefined) return Math.max(1, point.nth - (row[0]?.nth ?? 0));
  const guess = point.nth - from.nth - beyond;
  return ordinal < point.ordinal ? Math.max(1, guess) : guess;
}
