// Many triggers in, one cycle at a time out; metrics, status and the control socket listen on the side.
import { createSlot, type Slot } from "./triggers/slot.ts";
import { startInterval } from "./triggers/interval.ts";
import type { DaemonStatus } from "./control/protocol.ts";
import { startControl } from "./control/server.ts";
import { startCourse } from "./course.ts";
import { cycle, type CycleWish } from "./cycle.ts";
import type { Ground } from "./ground.ts";
import { takeLock } from "./machine/lock.ts";
import type { Emit, Event } from "./model/event.ts";
import type { Outcome } from "./model/outcome.ts";
import { startListening, type Listening } from "./listening.ts";
import { startWatching, type Watching } from "./watching.ts";
import { join } from "node:path";
import { refuse, succeed, type Problem, type Result } from "../common/problem.ts";

export interface Daemon {
  /** `http://127.0.0.1:9642`. */
  readonly address: string;
  /** Resolves when the cycle that runs, if any, is over and everything is closed. */
  stop(): Promise<void>;
}

export interface DaemonOptions {
  /** Hears everything, beside the daemon's own listeners: the log. */
  readonly emit: Emit;
}

/** What a person agreed to for the next cycle. */
type Agreed = Pick<CycleWish, "allowRemovals" | "regardless">;

/** Resolves as soon as it serves; the first cycle is then on its way. */
export async function startDaemon(ground: Ground, { emit }: DaemonOptions): Promise<Result<Daemon>> {
  const { config, machine } = ground;
  const only = await takeLock(join(config.state, "daemon.lock"), { waitMs: 0 });
  if (!only.ok)
    return refuse(
      ...only.problems.map((problem) => (problem.code === "lock-held" ? alreadyRunning(config.state) : problem)),
    );
  const listeners: Emit[] = [emit];
  const hear: Emit = (event) => {
    for (const listener of listeners) listener(event);
  };
  let agreed: Agreed = {};
  let fetched = false;
  let live: DaemonStatus = { busy: false };
  listeners.push((event) => {
    live = follow(live, event);
    if (event.type === "run-started") fetched = false;
    if (event.type === "fetched") fetched ||= event.ok;
  });
  const slot = createSlot<Outcome>(async ({ trigger, because }) => {
    const wish = { trigger, because, ...agreed };
    agreed = {};
    const outcome = await locked(ground, wish, hear).finally(() => interval.ended(fetched));
    live = { ...live, nextRunAt: machine.clock.wallMs() + interval.dueMs() - machine.clock.monotonicMs() };
    await eyes.watching?.aim();
    return outcome;
  });
  const eyes: { watching?: Watching } = {};
  const interval = startInterval({
    schedule: config,
    clock: machine.clock,
    want: (trigger, because) => slot.want(trigger, because),
  });
  const status = (): DaemonStatus => live;
  const control = await startControl(
    config.control,
    ({ because, allowRemovals, regardless }) => {
      agreed = {
        ...agreed,
        ...(allowRemovals === undefined ? {} : { allowRemovals }),
        ...(regardless === undefined ? {} : { regardless }),
      };
      return slot.want("manual", because);
    },
    status,
  );
  const listening = control.ok ? await startListening(ground, status) : control;
  if (!control.ok || !listening.ok) {
    interval.stop();
    only.value.release();
    if (control.ok) await control.value.close();
    return listening.ok ? refuse(...(control.ok ? [] : control.problems)) : listening;
  }
  listeners.push((event) => control.value.broadcast(event), listening.value.listen);
  void slot.want("boot", "the daemon started");
  if (config.watch)
    eyes.watching = await startWatching(ground, (trigger, because) => slot.want(trigger, because), hear);
  const parts = { slot, interval, ...eyes, control: control.value, listening: listening.value, lock: only.value };
  return succeed({ address: listening.value.address, stop: () => stop(parts) });
}

interface Parts {
  readonly slot: Slot<Outcome>;
  readonly interval: { stop(): void };
  readonly watching?: Watching;
  readonly control: { close(): Promise<void> };
  readonly listening: Listening;
  readonly lock: { release(): void };
}

/** No new wishes; what was begun is finished; then everything is closed. */
async function stop({ slot, interval, watching, control, listening, lock }: Parts): Promise<void> {
  interval.stop();
  await watching?.close();
  await slot.idle();
  await control.close();
  await listening.close();
  lock.release();
}

/** Never two cycles at once, whoever starts them: a verb in another process may be at work. */
async function locked(ground: Ground, wish: CycleWish, hear: Emit): Promise<Outcome> {
  const { config } = ground;
  for (;;) {
    const lock = await takeLock(join(config.state, "lock"), { waitMs: config.deadlines.cycleMs });
    if (lock.ok) {
      try {
        return await cycle(ground, wish, hear);
      } finally {
        lock.value.release();
      }
    }
    if (lock.problems.some(({ code }) => code !== "lock-held")) return withoutLock(ground, wish, lock.problems, hear);
    for (const problem of lock.problems) hear({ type: "problem", problem });
  }
}

/** A lock that nobody can take, on a disk gone read-only for example: this run has failed, and the next one tries again. */
function withoutLock(ground: Ground, wish: CycleWish, problems: readonly Problem[], hear: Emit): Outcome {
  const course = startCourse(ground.machine.clock, wish, ground.config.deadlines.cycleMs, hear);
  course.tell(problems);
  return course.end({ result: "failed", settled: false });
}

function follow(live: DaemonStatus, event: Event): DaemonStatus {
  switch (event.type) {
    case "run-started":
      return { busy: true, startedAt: event.at };
    case "stage-started":
      return { ...live, stage: event.stage };
    case "run-ended":
      return { busy: false };
    default:
      return live;
  }
}

function alreadyRunning(state: string): Problem {
  return {
    code: "daemon-runs",
    where: { file: state },
    what: "another daemon already runs on this state directory",
    hint: "reconcile status tells how it is; reconcile --now asks it for a cycle",
  };
}
