// `reconcile plan`: what the next cycle would change, and why. Nothing is touched.
import { foresee, type Foresight } from "../foresee.ts";
import type { Ground } from "../ground.ts";
import type { Lock } from "../machine/lock.ts";
import { takeLock } from "../machine/lock.ts";
import { wantsColour } from "../../common/colour.ts";
import { createPaint } from "../report/log/paint.ts";
import { openMirror, type Mirror } from "../source/mirror.ts";
import { succeed, type Problem, type Result } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";
import { join } from "node:path";
import { openGround } from "./ground.ts";
import { lookFor, openForLooking, openMirrorForLooking } from "./look.ts";
import type { CommonOptions } from "./options.ts";
import { describePlan } from "./plan-lines.ts";
import { planToJson } from "./plan-json.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

export interface PlanOptions extends CommonOptions {
  readonly revision?: string;
  readonly fetch: boolean;
}

/** As `terraform plan -detailed-exitcode` has it. */
const EXIT_PLAN = { nothing: 0, problems: EXIT.notSettled, changes: 2 } as const;

/** Resolves with the exit code: 0 nothing to change, 2 changes, 1 problems. */
export async function plan(options: PlanOptions): Promise<number> {
  // Fetching keeps what came in, in the state directory; looking makes nothing there.
  const made = options.fetch ? await openGround(options.config) : undefined;
  const ground = made?.ok === false ? made : await openForLooking(options.config);
  const foreseen = ground.ok ? await lookFor(() => foreseeWithLock(ground.value, options)) : ground;
  if (!foreseen.ok) {
    sayProblems(foreseen.problems, options.json);
    return EXIT_PLAN.problems;
  }
  if (options.json) sayJson(planToJson(foreseen.value));
  else say(describePlan(foreseen.value, createPaint(wantsColour(process.stdout, process.env))).join("\n"));
  return exitCode(foreseen.value);
}

function exitCode({ problems, changes }: Foresight): number {
  if (problems.length > 0) return EXIT_PLAN.problems;
  return changes.length > 0 ? EXIT_PLAN.changes : EXIT_PLAN.nothing;
}

async function foreseeWithLock(ground: Ground, options: PlanOptions): Promise<Result<Foresight>> {
  const lock = options.fetch ? await takeLock(join(ground.config.state, "lock"), { waitMs: 0 }) : undefined;
  if (lock?.ok === false && !lock.problems.every(({ code }) => code === "lock-held")) return lock;
  if (lock?.ok === false) sayBusy(lock.problems);
  const held = lock?.ok === true ? lock.value : undefined;
  try {
    return await foreseeWithMirror(ground, options, held);
  } finally {
    held?.release();
  }
}

async function foreseeWithMirror(
  ground: Ground,
  options: PlanOptions,
  lock: Lock | undefined,
): Promise<Result<Foresight>> {
  const mirror = await mirrorFor(ground, lock);
  if (!mirror.ok) return mirror;
  const asked = options.revision === undefined ? {} : { revision: options.revision };
  return succeed(await foresee(ground, mirror.value, { fetch: lock !== undefined, ...asked }));
}

/** Without the lock, somebody else may be writing there: then it is only looked at. */
async function mirrorFor(ground: Ground, lock: Lock | undefined): Promise<Result<Mirror>> {
  if (lock === undefined) return openMirrorForLooking(ground);
  const { config } = ground;
  return openMirror(join(config.state, "mirror.git"), { fetchTimeoutMs: config.deadlines.fetchMs });
}

function sayBusy(problems: readonly Problem[]): void {
  const who = problems.map(({ what }) => what).join(", ");
  process.stderr.write(`${printable(who)}: nothing is fetched, this is planned from what was fetched before\n`);
}
