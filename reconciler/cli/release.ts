// `reconcile release`: what was set aside here is tried again, and changes are made again, because a person knows better.
import { join } from "node:path";
import type { Ground } from "../ground.ts";
import { takeLock } from "../machine/lock.ts";
import type { Files } from "../machine/machine.ts";
import { withoutReportOnly } from "../state/deaths.ts";
import { loadLedger, type Quarantined, type ReportOnly } from "../state/ledger.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";
import { openGround } from "./ground.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";
import { withCopy } from "./two-copies.ts";

interface Released {
  readonly quarantined: readonly Quarantined[];
  readonly reportOnly?: ReportOnly;
}

/** Resolves with the exit code: 0 it may be tried again, 1 there is no such one. */
export async function release(revision: string | undefined, options: CommonOptions): Promise<number> {
  const ground = await openGround(options.config);
  const released = ground.ok ? await releaseIn(ground.value, revision) : ground;
  if (!released.ok) {
    sayProblems(released.problems, options.json);
    return EXIT.notSettled;
  }
  const { quarantined, reportOnly } = released.value;
  if (options.json) sayJson({ version: 1, kind: "released", released: quarantined, reportOnly });
  else say([...quarantined.map(account), ...(reportOnly === undefined ? [] : [madeAgain(reportOnly)])].join("\n"));
  return EXIT.settled;
}

const WAIT_MS = 10_000;

/** Not while a run is at work: it would write its own ledger over this one. */
async function releaseIn(ground: Ground, revision: string | undefined): Promise<Result<Released>> {
  const lock = await takeLock(join(ground.config.state, "lock"), { waitMs: WAIT_MS });
  if (!lock.ok) return lock;
  try {
    return await withCopy(ground, "ledger", () => releaseFrom(ground.state, revision));
  } finally {
    lock.value.release();
  }
}

async function releaseFrom(state: Files, revision: string | undefined): Promise<Result<Released>> {
  const stored = await loadLedger(state);
  const all = Object.entries(stored.ledger.quarantine);
  const isNamed = (commit: string | undefined): boolean =>
    revision === undefined || commit?.startsWith(revision) === true;
  const named = all.filter(([, { commit }]) => isNamed(commit));
  const { reportOnly } = stored.ledger;
  const ends = reportOnly !== undefined && isNamed(reportOnly.commit);
  if (named.length === 0 && !ends) return refuse(notInQuarantine(revision, all));
  const gone = new Set(named.map(([digest]) => digest));
  const quarantine = Object.fromEntries(all.filter(([digest]) => !gone.has(digest)));
  await stored.save({ ...(ends ? withoutReportOnly(stored.ledger) : stored.ledger), quarantine });
  return succeed({ quarantined: named.map(([, one]) => one), ...(ends ? { reportOnly } : {}) });
}

function madeAgain({ reason }: ReportOnly): string {
  return `changes are made again from the next run on; there were none, because ${printable(reason)}`;
}

function account({ commit, reason, count }: Quarantined): string {
  const times = count === 1 ? "once" : `${count} times`;
  return `${commit.slice(0, 12)} may be tried again; it was set aside ${times}: ${printable(reason)}`;
}

function notInQuarantine(revision: string | undefined, all: readonly (readonly [string, Quarantined])[]): Problem {
  const listed = all.map(([, { commit, reason }]) => `    ${commit.slice(0, 12)}  ${printable(reason)}`).join("\n");
  const what = revision === undefined ? "nothing is set aside here" : `${printable(revision)} is not set aside here`;
  return { code: "not-quarantined", what, hint: all.length === 0 ? "git is followed" : `set aside are:\n${listed}` };
}
