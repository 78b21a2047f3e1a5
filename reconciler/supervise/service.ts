// One service: started, watched, started again after a pause that grows, stopped.
import type { Definition } from "./definition.ts";
import { startChild, type Child, type Ended } from "./child.ts";
import type { ServiceLog } from "./log.ts";

/** How things stand with a service that is not asked for anything. */
export type Phase =
  | { readonly type: "stopped" }
  | { readonly type: "running"; readonly pid: number }
  /** It ended, and is started again soon. */
  | { readonly type: "waiting"; readonly how: string }
  | { readonly type: "over"; readonly how: string; readonly well: boolean };

export interface Pauses {
  readonly firstMs: number;
  readonly longestMs: number;
  /** Whoever ran so long begins with the first pause again. */
  readonly healthyMs: number;
}

export const PAUSES: Pauses = { firstMs: 500, longestMs: 30_000, healthyMs: 60_000 };

export interface ServiceGround {
  /** Where it is started: the managed root. */
  readonly cwd: string;
  readonly log: ServiceLog;
  readonly pauses: Pauses;
  /** Told of every change. */
  readonly onPhase: (phase: Phase) => void;
}

export interface Service {
  phase(): Phase;
  /** Restarts since it was last started by somebody. */
  restarts(): number;
  /** Undefined when it was started, otherwise how that failed. */
  start(definition: Definition): Promise<string | undefined>;
  stop(): Promise<void>;
  signal(signal: NodeJS.Signals): void;
  /** What ended badly counts as stopped. */
  forget(): void;
}

export function createService({ cwd, log, pauses, onPhase }: ServiceGround): Service {
  let phase: Phase = { type: "stopped" };
  let restarts = 0;
  let pauseMs = pauses.firstMs;
  let child: Child | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** Grows whenever somebody says start or stop: what was under way for an older word ends. */
  let turn = 0;
  const enter = (next: Phase): void => onPhase((phase = next));

  const launch = async (definition: Definition): Promise<string | undefined> => {
    const [startedAt, ours] = [performance.now(), turn];
    const started = await startChild(definition, cwd, (bytes) => log.write(bytes));
    if (ours !== turn) {
      if ("pid" in started) await started.end();
      return undefined;
    }
    if (!("pid" in started)) {
      over(definition, started);
      return started.how;
    }
    child = started;
    enter({ type: "running", pid: started.pid });
    void started.ended.then((ended) => {
      // Whoever stops it has taken it away before.
      if (child !== started) return;
      child = undefined;
      if (performance.now() - startedAt > pauses.healthyMs) pauseMs = pauses.firstMs;
      over(definition, ended);
    });
    return undefined;
  };
  const over = (definition: Definition, { how, well }: Ended): void => {
    if (definition.restart === "never" || (definition.restart === "on-failure" && well)) {
      enter({ type: "over", how, well });
      return;
    }
    restarts++;
    enter({ type: "waiting", how });
    timer = setTimeout(() => void launch(definition), pauseMs);
    pauseMs = Math.min(2 * pauseMs, pauses.longestMs);
  };
  const stop = async (): Promise<void> => {
    turn++;
    clearTimeout(timer);
    const going = child;
    child = undefined;
    await going?.end();
    enter({ type: "stopped" });
  };
  return {
    phase: () => phase,
    restarts: () => restarts,
    async start(definition) {
      if (phase.type === "running") return undefined;
      turn++;
      clearTimeout(timer);
      restarts = 0;
      pauseMs = pauses.firstMs;
      return launch(definition);
    },
    stop,
    signal: (signal) => child?.signal(signal),
    forget: () => {
      if (phase.type === "over") enter({ type: "stopped" });
    },
  };
}
