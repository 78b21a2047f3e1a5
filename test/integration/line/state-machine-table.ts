// What has to hold when something happens in the middle of a run: a row for each thing that happens, and in it a place for
// each stage of the line. Its words are the specification.
import type { Mishap, Moment } from "./state-machine-mishaps.ts";
import type { Went } from "./state-machine-school.ts";

type Spec = Omit<Went, "surprises"> & { readonly words: string };

export const MISHAPS: Readonly<Record<Mishap, string>> = {
  kill: "it is killed",
  hang: "what it waits for never answers",
  error: "there is an error",
  "disk full": "the disk fills up",
  "clock ahead": "the clock leaps twenty years ahead",
  "clock back": "the clock falls back to 1970",
  "newer commit": "a newer commit arrives",
  suspension: "a person suspends it",
};

export const MOMENTS: Readonly<Record<Moment, string>> = {
  fetch: "fetching",
  verify: "verifying",
  read: "reading the tree",
  render: "rendering",
  refresh: "asking the sources of data",
  observe: "observing",
  plan: "planning",
  check: "checking health beforehand",
  apply: "applying, half way",
  judge: "judging",
  rollback: "walking back, half way",
  recover: "recovering an interrupted run, half way",
  keep: "keeping, after the verdict",
};

type Row = Readonly<Record<Moment, Spec>>;

function spec(words: string, ...[run, tree, next, then, last]: Ends): Spec {
  return { words, run, tree, next, then, last };
}

type Ends = [run: Spec["run"], tree: Spec["tree"], next: Spec["next"], then: Spec["then"], last: Spec["last"]];

/** The same for every stage that only looks and thinks. */
function looking(
  the: Spec,
): Pick<Row, "fetch" | "verify" | "read" | "render" | "refresh" | "observe" | "plan" | "check"> {
  return { fetch: the, verify: the, read: the, render: the, refresh: the, observe: the, plan: the, check: the };
}

/** The same for every stage. */
function always(the: Spec): Row {
  return { ...looking(the), apply: the, judge: the, rollback: the, recover: the, keep: the };
}

const nextMakes = "nothing was touched, and the next run makes the change";
const asIfNothing = spec(
  "the run goes on as if nothing had happened",
  "changed",
  "new",
  "unchanged",
  "new",
  "unchanged",
);
const stillTakenBack = spec("it is taken back all the same", "rolled_back", "old", "failed", "old", "failed");

export const TABLE: Readonly<Record<Mishap, Row>> = {
  kill: {
    ...looking(spec(nextMakes, "dies", "old", "changed", "new", "unchanged")),
    apply: spec(
      "the next run walks it back, and makes the change",
      "dies",
      "in between",
      "changed",
      "new",
      "unchanged",
    ),
    judge: spec("the next run finds it no worse, and goes forward", "dies", "new", "unchanged", "new", "unchanged"),
    rollback: spec("the next run walks the rest back", "dies", "in between", "failed", "old", "failed"),
    recover: spec(
      "the next run ends the recovery, and makes the change",
      ...(["dies", "in between", "changed", "new", "unchanged"] as const),
    ),
    keep: spec("the next run goes forward: it was kept", "dies", "new", "unchanged", "new", "unchanged"),
  },
  hang: {
    ...looking(spec(nextMakes, "hangs", "old", "changed", "new", "unchanged")),
    fetch: spec(
      "its deadline ends that; what stands is cared for, and the next run makes the change",
      ...(["unchanged", "old", "changed", "new", "unchanged"] as const),
    ),
    check: spec(
      "its deadline ends that, and what did not answer before is not blamed on the change",
      ...(["changed", "new", "unchanged", "new", "unchanged"] as const),
    ),
    apply: spec("the timer walks it back", "hangs", "old", "changed", "new", "unchanged"),
    judge: spec(
      "its deadline ends that, and it is taken back, because it answered before",
      ...(["rolled_back", "old", "failed", "old", "failed"] as const),
    ),
    rollback: spec("the timer walks the rest back", "hangs", "old", "failed", "old", "failed"),
    recover: spec("the timer ends the recovery", "hangs", "old", "changed", "new", "unchanged"),
    keep: spec("the timer goes forward: it was kept", "hangs", "new", "unchanged", "new", "unchanged"),
  },
  error: {
    ...looking(spec(nextMakes, "failed", "old", "changed", "new", "unchanged")),
    fetch: spec(
      "what stands is cared for, and the next run makes the change",
      ...(["unchanged", "old", "changed", "new", "unchanged"] as const),
    ),
    refresh: spec("what is known of the data has to do", "changed", "new", "unchanged", "new", "unchanged"),
    check: spec(
      "what was unwell before is not blamed on the change",
      ...(["changed", "new", "unchanged", "new", "unchanged"] as const),
    ),
    apply: spec(
      "it is taken back, and tried again by the next run",
      "rolled_back",
      "old",
      "changed",
      "new",
      "unchanged",
    ),
    judge: spec("it is taken back, and not tried again", "rolled_back", "old", "failed", "old", "failed"),
    rollback: spec(
      "it is told that walking back failed, and the next run walks the rest back",
      ...(["rollback_failed", "in between", "failed", "old", "failed"] as const),
    ),
    recover: spec(
      "it is told that walking back failed, and the next run ends it and makes the change",
      ...(["rollback_failed", "in between", "changed", "new", "unchanged"] as const),
    ),
    keep: spec(
      "it is told, and the next run goes forward: it was kept",
      "failed",
      "new",
      "unchanged",
      "new",
      "unchanged",
    ),
  },
  "disk full": {
    ...looking(spec(nextMakes, "failed", "old", "changed", "new", "unchanged")),
    apply: spec(
      "without room for a verdict the next run walks it back, and makes it anew",
      ...(["failed", "new", "changed", "new", "unchanged"] as const),
    ),
    judge: spec(
      "without room for a verdict the next run finds it no worse, and goes forward",
      ...(["failed", "new", "unchanged", "new", "unchanged"] as const),
    ),
    rollback: spec(
      "it is taken back all the same: that takes no room",
      "rolled_back",
      "old",
      "failed",
      "old",
      "failed",
    ),
    recover: spec(
      "the interrupted run is walked back, and the change waits for the next run",
      ...(["failed", "old", "changed", "new", "unchanged"] as const),
    ),
    keep: spec(
      "it is told, and the next run goes forward: it was kept",
      "failed",
      "new",
      "unchanged",
      "new",
      "unchanged",
    ),
  },
  "clock ahead": { ...always(asIfNothing), rollback: stillTakenBack },
  "clock back": { ...always(asIfNothing), rollback: stillTakenBack },
  "newer commit": {
    ...always(
      spec(
        "this run ends what it began, and the next one follows it",
        "changed",
        "new",
        "changed",
        "newer",
        "unchanged",
      ),
    ),
    fetch: spec("it is followed at once", "changed", "newer", "unchanged", "newer", "unchanged"),
    rollback: spec(
      "the walk back is ended, and the next run follows it",
      "rolled_back",
      "old",
      "changed",
      "newer",
      "unchanged",
    ),
    recover: spec(
      "the recovery is ended, and it is followed at once",
      "changed",
      "newer",
      "unchanged",
      "newer",
      "unchanged",
    ),
  },
  suspension: {
    ...always(
      spec("this run ends what it began, and the next one waits", "changed", "new", "deferred", "new", "deferred"),
    ),
    rollback: spec(
      "the walk back is ended, and the next run waits",
      "rolled_back",
      "old",
      "deferred",
      "old",
      "deferred",
    ),
    recover: spec(
      "the recovery is ended, and nothing else is begun",
      ...(["deferred", "old", "deferred", "old", "deferred"] as const),
    ),
  },
};
