// `reconcile rollback`: back to a revision that was good here, and staying there until somebody resumes.
import { join } from "node:path";
import type { Ground } from "../ground.ts";
import type { Revision } from "../model/revision.ts";
import { openMirror, type Mirror } from "../source/mirror.ts";
import { withFloor } from "../state/clock-floor.ts";
import { loadHolds, suspensionNow } from "../state/holds.ts";
import { loadLedger } from "../state/ledger.ts";
import { findGood, goodBefore } from "./good.ts";
import { lockRun, openGround } from "./ground.ts";
import { changeHolds } from "./holds.ts";
import { now, type NowOptions } from "./now.ts";
import { whoAsks } from "./person.ts";
import { localTime } from "./span.ts";
import { EXIT, say, sayProblems } from "./terminal.ts";
import { refuse, succeed, type Result } from "../../common/problem.ts";

/** Resolves with the exit code of the run that goes back: 0 settled there, 1 not, or nothing to go back to. */
export async function rollback(wanted: string | undefined, options: NowOptions): Promise<number> {
  const ground = await openGround(options.config);
  const pinned = ground.ok ? await locked(ground.value, wanted) : ground;
  if (!pinned.ok) {
    sayProblems(pinned.problems, options.json);
    return EXIT.notSettled;
  }
  const { commit, subject } = pinned.value;
  if (!options.json) say(`Back to ${commit.slice(0, 12)} "${subject}", and staying there until: reconcile resume`);
  return now(options);
}

/** Never beside a run: it reads and heals the same mirror. */
async function locked(ground: Ground, wanted: string | undefined): Promise<Result<Revision>> {
  const lock = await lockRun(ground, (who) => process.stderr.write(`waiting for ${who}\n`));
  if (!lock.ok) return lock;
  try {
    return await pinTo(ground, wanted);
  } finally {
    lock.value.release();
  }
}

async function pinTo(ground: Ground, wanted: string | undefined): Promise<Result<Revision>> {
  const { config, state, machine } = ground;
  const { ledger } = await loadLedger(state);
  const suspension = suspensionNow(await loadHolds(state), withFloor(machine.clock, ledger));
  if (suspension !== undefined) return refuseSuspended(suspension.reason, suspension.until);
  const mirror = await openMirror(join(config.state, "mirror.git"));
  if (!mirror.ok) return mirror;
  const chosen = wanted === undefined ? await goodBefore(ledger, mirror.value) : findGood(ledger, wanted);
  if (!chosen.ok) return chosen;
  const kept = await keep(mirror.value, chosen.value);
  if (!kept.ok) return kept;
  const pin = { commit: chosen.value.commit, by: whoAsks(), since: machine.clock.wallMs() };
  const changed = await changeHolds(ground, (holds) => ({ ...holds, pin }));
  return changed.ok ? chosen : changed;
}

/** Wherever the branch goes, what we stay at is not tidied away. */
async function keep(mirror: Mirror, { commit }: Revision): Promise<Result<true>> {
  if (await mirror.keep("pin", commit)) return succeed(true);
  return refuse({
    code: "revision-gone",
    what: `${commit.slice(0, 12)} was good here, but the mirror of the repository no longer holds it`,
    hint: "let a run fetch it first: reconcile --now",
  });
}

function refuseSuspended(reason: string, until: number): Result<never> {
  return refuse({
    code: "suspended",
    what: `this server is suspended until ${localTime(until)} (${reason}), so nothing would be rolled back`,
    hint: "reconcile resume, then roll back",
  });
}
