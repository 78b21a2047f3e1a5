// `reconcile release`: a revision that was set aside here is tried again, because a person knows better.
import { join } from "node:path";
import type { Ground } from "../ground.ts";
import { takeLock } from "../machine/lock.ts";
import { loadLedger, type Quarantined } from "../state/ledger.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";
import { printable } from "../../common/printable.ts";
import { openGround } from "./ground.ts";
import type { CommonOptions } from "./options.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

/** Resolves with the exit code: 0 it may be tried again, 1 there is no such one. */
export async function release(revision: string | undefined, options: CommonOptions): Promise<number> {
  const ground = await openGround(options.config);
  const released = ground.ok ? await releaseIn(ground.value, revision) : ground;
  if (!released.ok) {
    sayProblems(released.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson({ version: 1, kind: "released", released: released.value });
  else say(released.value.map(account).join("\n"));
  return EXIT.settled;
}

const WAIT_MS = 10_000;

/** Not while a run is at work: it would write its own ledger over this one. */
async function releaseIn({ config, state }: Ground, revision: string | undefined): Promise<Result<Quarantined[]>> {
  const lock = await takeLock(join(config.state, "lock"), { waitMs: WAIT_MS });
  if (!lock.ok) return lock;
  try {
    const stored = await loadLedger(state);
    const all = Object.entries(stored.ledger.quarantine);
    const named = all.filter(([, { commit }]) => revision === undefined || commit.startsWith(revision));
    if (named.length === 0) return refuse(notInQuarantine(revision, all));
    const gone = new Set(named.map(([digest]) => digest));
    await stored.save({
      ...stored.ledger,
      quarantine: Object.fromEntries(all.filter(([digest]) => !gone.has(digest))),
    });
    return succeed(named.map(([, quarantined]) => quarantined));
  } finally {
    lock.value.release();
  }
}

function account({ commit, reason, count }: Quarantined): string {
  const times = count === 1 ? "once" : `${count} times`;
  return `${commit.slice(0, 12)} may be tried again; it was taken back ${times}: ${printable(reason)}`;
}

function notInQuarantine(revision: string | undefined, all: readonly (readonly [string, Quarantined])[]): Problem {
  const listed = all.map(([, { commit, reason }]) => `    ${commit.slice(0, 12)}  ${printable(reason)}`).join("\n");
  const what = revision === undefined ? "nothing is set aside here" : `${printable(revision)} is not set aside here`;
  return { code: "not-quarantined", what, hint: all.length === 0 ? "git is followed" : `set aside are:\n${listed}` };
}
