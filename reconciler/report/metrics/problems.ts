// Problems in; what some of them mean for the metrics out. Each counts once a run, wherever it is told.
import { describeProblem } from "../../../common/problem.ts";
import { recoveryOf, verifyReason } from "./labels.ts";
import type { MetricTable } from "./table.ts";
import type { Outcome } from "../../model/outcome.ts";
import type { Problem } from "../../../common/problem.ts";

export interface ProblemCount {
  begin(): void;
  tell(problems: readonly Problem[]): void;
  /** The problems of a revision that is not followed. */
  refuse(problems: readonly Problem[]): void;
  end(outcome: Outcome): void;
}

export function createProblemCount(table: MetricTable): ProblemCount {
  const told = new Set<string>();
  let braked = false;
  const tell = (problems: readonly Problem[]) => {
    for (const problem of problems) {
      const key = describeProblem(problem);
      if (told.has(key)) continue;
      told.add(key);
      const what = recoveryOf(problem);
      if (what !== undefined) table.recoveries.inc({ what });
      if (problem.code === "prune-brake") braked = true;
    }
  };
  return {
    begin() {
      told.clear();
      braked = false;
    },
    tell,
    refuse(problems) {
      const reason = verifyReason(problems);
      if (reason !== undefined) table.verifyFailures.inc({ reason });
      tell(problems);
    },
    end({ problems, result }) {
      tell(problems);
      // A suspended run does not plan, so it does not know.
      if (result !== "deferred") table.pruneBlocked.set(braked ? 1 : 0);
      told.clear();
    },
  };
}
