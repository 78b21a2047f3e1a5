// The settings of a trial in; its services looked after, as `reconcile supervise` does, but in this process.
import { openGround } from "../cli/ground.ts";
import { sayProblems } from "../cli/terminal.ts";
import type { Phase } from "../supervise/service.ts";
import { startSupervision, type Supervision } from "../supervise/supervise.ts";
import type { Problem, Result } from "../../common/problem.ts";

type OnPhase = (service: string, phase: Phase) => void;

export async function lookAfterServices(config: string, onPhase: OnPhase): Promise<Result<Supervision>> {
  const ground = await openGround(config);
  return ground.ok ? startSupervision(ground.value.machine, { onPhase }, tell) : ground;
}

function tell(problems: readonly Problem[]): void {
  if (problems.length > 0) sayProblems(problems);
}

export interface Starts {
  readonly onPhase: OnPhase;
  /** Of one service, whoever wanted it. */
  readonly starts: (service: string) => number;
}

export function countStarts(): Starts {
  const counted = new Map<string, number>();
  const starts = (service: string): number => counted.get(service) ?? 0;
  return {
    starts,
    onPhase(service, { type }) {
      if (type === "running") counted.set(service, starts(service) + 1);
    },
  };
}
