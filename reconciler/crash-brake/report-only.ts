// A time in which this server only reports in; what is told of it, and how it ends, out.
import type { ReportOnly } from "../state/ledger.ts";
import type { Problem } from "../../common/problem.ts";

/** How long it is not gone to a place where git cannot help: nobody may be on site to do it. */
const TRY_AGAIN_MS = 6 * 3_600_000;

export function onlyReporting(reportOnly: ReportOnly): Problem {
  const since = new Date(reportOnly.since).toISOString();
  return {
    code: "report-only",
    what: `since ${since} this server only reports and changes nothing, because ${reportOnly.reason}`,
    hint: wayOut(reportOnly),
  };
}

/** What a person can do about it. */
export function wayOut({ step }: ReportOnly): string {
  if (step === "recover")
    return "look at what kills it (the service's log, memory); to try it again: reconcile recover";
  if (endsWithGit(step))
    return "push another commit; when the reason lay elsewhere (memory, a service that hangs): reconcile release";
  return `look at what kills it (the service's log, memory), then: reconcile release; it is tried every ${TRY_AGAIN_MS / 3_600_000} h`;
}

/** What lies behind the fetch depends on what is fetched. */
export function endsWithGit(step: ReportOnly["step"]): boolean {
  return !["start", "recover", "account", "fetch"].includes(step);
}

/** Then not even a plan can be told. */
export function isBeforePlan(step: ReportOnly["step"]): boolean {
  return ["verify", "read", "render", "refresh", "observe", "plan"].includes(step);
}

/** Where git cannot end it, it is tried from time to time. By a clock that went back, at once. */
export function isDue({ step, triedAt }: ReportOnly, nowMs: number): boolean {
  const passedMs = nowMs - triedAt;
  return !endsWithGit(step) && step !== "recover" && (passedMs < 0 || passedMs >= TRY_AGAIN_MS);
}
