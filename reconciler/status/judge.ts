// The facts of a server in; whether it is settled, why it is not, and who has to do something about it, out.
import type { DaemonStatus } from "../control/protocol.ts";
import type { Problem } from "../../common/problem.ts";
import { knownMs, type Timepiece } from "../model/moment.ts";
import type { Revision } from "../model/revision.ts";
import type { PastRun } from "../state/history.ts";
import { suspensionNow, type Holds } from "../state/holds.ts";
import type { Ledger } from "../state/ledger.ts";
import { dutyFor } from "./duty.ts";
import type { Duty, Reason } from "./status.ts";

export interface Facts {
  readonly clock: Timepiece;
  readonly ledger: Ledger;
  readonly holds: Holds;
  readonly lastRun?: PastRun;
  readonly wanted?: Revision;
  readonly daemon?: DaemonStatus;
  /** A run that was cut off. */
  readonly open?: { readonly run?: string };
  /** Without a daemon, how old the last run may be before nobody seems to care any more. */
  readonly patienceMs: number;
}

export function judge(facts: Facts): { settled: boolean; reasons: readonly Reason[]; duty: Duty } {
  const reasons = findReasons(facts);
  const settled = facts.lastRun?.settled === true && reasons.every(({ type }) => CALM.includes(type));
  return { settled, reasons, duty: dutyFor(reasons) };
}

/** A server that stands where it should is settled, whatever else is to be told. */
const CALM: readonly Reason["type"][] = ["pinned", "clock-behind"];

function findReasons(facts: Facts): readonly Reason[] {
  const { lastRun, open } = facts;
  // One that was tried to be brought to its end, in vain, says so itself.
  const isTold = lastRun?.result === "rollback_failed";
  const interrupted: Reason[] = open === undefined || isTold ? [] : [{ type: "interrupted", ...open }];
  const reporting: Reason[] =
    facts.ledger.reportOnly === undefined ? [] : [{ type: "report-only", reportOnly: facts.ledger.reportOnly }];
  if (lastRun === undefined) return [...interrupted, ...reporting, { type: "never-ran" }];
  const found = [
    ...interrupted,
    ...reporting,
    ...holds(facts),
    ...distance(facts, lastRun),
    ...afterwards(facts, lastRun),
    ...clockBehind(facts),
  ];
  return found.length > 0 || lastRun.settled ? found : [{ type: "failed", ...firstOf(lastRun.problems) }];
}

function holds({ holds: held, clock }: Facts): Reason[] {
  const suspension = suspensionNow(held, clock);
  return [
    ...(suspension === undefined ? [] : [{ type: "suspended", suspension } as const]),
    ...(held.pin === undefined ? [] : [{ type: "pinned", pin: held.pin } as const]),
  ];
}

/** Why what runs is not what git wants, or not known to be. */
function distance(facts: Facts, lastRun: PastRun): Reason[] {
  const unreachable = lastRun.problems.find(({ code }) => isOfFetching(code));
  const far: Reason[] = unreachable === undefined ? [] : [{ type: "unreachable", problem: unreachable }];
  if (lastRun.result === "rollback_failed") return [rollbackFailed(lastRun), ...far];
  return [...far, ...otherRevision(facts, lastRun)];
}

function rollbackFailed({ problems }: PastRun): Reason {
  const left = problems.filter(({ code }) => code.startsWith("left-") && code !== "left-in-place");
  return { type: "rollback-failed", ...firstOf(problems), left };
}

function otherRevision({ ledger, wanted, holds: held, clock }: Facts, lastRun: PastRun): Reason[] {
  const failure = failureOf(lastRun);
  if (wanted === undefined || wanted.commit === ledger.applied?.commit) return failure;
  const quarantined = Object.values(ledger.quarantine).find(({ commit }) => commit === wanted.commit);
  if (quarantined !== undefined) return [{ type: "quarantined", quarantined }];
  if (held.pin !== undefined || suspensionNow(held, clock) !== undefined) return [];
  if (lastRun.desired?.commit !== wanted.commit) return [{ type: "waiting" }];
  return failure.length > 0 ? failure : [{ type: "waiting" }];
}

/** What the last run itself did not manage. */
function failureOf({ result, problems, desired, applied }: PastRun): Reason[] {
  const problem = problems.find(({ code }) => !isOfFetching(code) && !isOnlyTold(code));
  if (result === "rolled_back") return [{ type: "failed", ...(problem === undefined ? {} : { problem }) }];
  if (result !== "failed" || problem === undefined) return [];
  return [{ type: desired?.commit === applied?.commit ? "failed" : "refused", problem }];
}

function afterwards({ clock, daemon, patienceMs }: Facts, lastRun: PastRun): Reason[] {
  // What was found bad while a revision stood that is undone by now, says nothing of today.
  const findings = lastRun.result === "rolled_back" ? [] : lastRun.health;
  const checks = findings.filter(({ ok, level }) => !ok && level === "required").map(({ name }) => name);
  const ageMs = sinceRun(clock, lastRun) ?? 0;
  return [
    ...(checks.length === 0 ? [] : [{ type: "unhealthy", checks } as const]),
    ...(daemon === undefined && ageMs > patienceMs ? [{ type: "neglected" } as const] : []),
  ];
}

/** Nobody knows when the clock is not believed, or was not when the run was noted. */
function sinceRun(clock: Timepiece, { startedAt, durationMs }: PastRun): number | undefined {
  const nowMs = startedAt < (clock.notBeforeMs ?? 0) ? undefined : knownMs(clock);
  return nowMs === undefined ? undefined : nowMs - startedAt - durationMs;
}

function clockBehind({ clock }: Facts): Reason[] {
  return knownMs(clock) === undefined ? [{ type: "clock-behind", notBefore: clock.notBeforeMs ?? 0 }] : [];
}

function firstOf(problems: readonly Problem[]): { problem?: Problem } {
  const problem = problems.find(({ code }) => !isOnlyTold(code));
  return problem === undefined ? {} : { problem };
}

const OF_FETCHING =
  /^(?:remote-|fetch-|tls-|ssh-|repository-(?:missing|empty)$|branch-|redirect-|protocol-|objects-refused$)/u;

/** A problem of reaching the remotes, not of what they offer. */
function isOfFetching(code: string): boolean {
  return OF_FETCHING.test(code);
}

const ONLY_TOLD =
  /^(?:mirror-(?:tidied|renewed)|state-damaged|owners-not-set|unused-file|ignored-file|hides-nothing|left-in-place|report-only|clock-behind|reserve-spent|copy-.*|state-restored|state-set-back)$/u;

/** A problem that never stops a run. */
function isOnlyTold(code: string): boolean {
  return ONLY_TOLD.test(code);
}
