// The reasons why a server is not settled in; the one person who has to do something first, and what, out.
import { endsWithGit, wayOut } from "../crash-brake/report-only.ts";
import { describePlace, type Problem } from "../../common/problem.ts";
import type { Duty, Reason } from "./status.ts";

/** The gravest reason that somebody can do something about counts. */
export function dutyFor(reasons: readonly Reason[]): Duty {
  const duties = reasons.map(dutyOf).filter(({ who }) => who !== "nobody");
  return duties.find(({ who }) => who === "server") ?? duties[0] ?? NOBODY;
}

const NOBODY: Duty = { who: "nobody" };

function dutyOf(reason: Reason): Duty {
  switch (reason.type) {
    case "interrupted":
      return { who: "server", what: "run reconcile --now: it first brings the interrupted run to an end" };
    case "rollback-failed":
      return { who: "server", what: remedy(reason.problem, "look at what could not be undone: reconcile history") };
    case "report-only":
      return { who: endsWithGit(reason.reportOnly.step) ? "author" : "server", what: wayOut(reason.reportOnly) };
    case "quarantined":
      return { who: "author", what: "commit a revision that does not have this fault" };
    case "refused":
    case "failed":
      return reason.problem === undefined
        ? { who: "author", what: "look at why the run failed" }
        : dutyFromProblem(reason.problem);
    case "unreachable":
      return {
        who: "server",
        what: remedy(reason.problem, "look at the network; until then the last revision is cared for"),
      };
    case "unhealthy":
      return { who: "server", what: `look at ${reason.checks.join(", ")}` };
    case "neglected":
      return { who: "server", what: "start the service (reconcile daemon), or run reconcile --now from time to time" };
    case "clock-behind":
      return { who: "server", what: "set the clock (timedatectl, or an NTP server)" };
    case "never-ran":
      return { who: "server", what: "run reconcile --now, or start the service (reconcile daemon)" };
    case "suspended":
    case "pinned":
    case "waiting":
      return NOBODY;
  }
}

const FOR_THE_SERVER = new Set([
  "prune-brake",
  "obstacle",
  "unknown-user",
  "unknown-group",
  "unexpected",
  "journal-damaged",
]);

/** A relative path is one of the repository, and so is the history that git offers: both are the author's. */
function dutyFromProblem(problem: Problem): Duty {
  const here = problem.where?.file?.startsWith("/") ?? false;
  const who = here || (FOR_THE_SERVER.has(problem.code) && problem.where?.key === undefined) ? "server" : "author";
  const place = describePlace(problem.where);
  return { who, what: remedy(problem, place === "" ? problem.what : `${place}: ${problem.what}`) };
}

function remedy(problem: Problem | undefined, otherwise: string): string {
  return problem?.hint ?? otherwise;
}
