// What the state directory, the mirror and a live daemon say in; one Status out. Nothing is touched, and no lock taken.
import { askStatus } from "../control/client.ts";
import type { DaemonStatus } from "../control/protocol.ts";
import type { Ground } from "../ground.ts";
import type { Revision } from "../model/revision.ts";
import { lookIntoMirror } from "../source/mirror.ts";
import { withFloor } from "../state/clock-floor.ts";
import { readHistory, type PastRun } from "../state/history.ts";
import { loadHolds } from "../state/holds.ts";
import { loadLedger } from "../state/ledger.ts";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { findRunAtWork, findOpenRun } from "./runs.ts";
import { judge, type Facts } from "./judge.ts";
import type { Counts, Status } from "./status.ts";

/** A daemon that asks about itself hands in its own `live` state; others ask it over the control socket. */
export async function gatherStatus(ground: Ground, live?: DaemonStatus): Promise<Status> {
  const { config, machine, state } = ground;
  const daemon = live ?? (await askInTime(config.control));
  const { ledger } = await loadLedger(state);
  const history = await readHistory(state);
  const lastRun = history.at(-1);
  const wanted = (await knownTip(ground)) ?? lastRun?.desired;
  const atWork = daemon?.busy === true ? undefined : await findRunAtWork(state);
  const open = daemon?.busy === true || atWork !== undefined ? undefined : await findOpenRun(state);
  const facts: Facts = {
    clock: withFloor(machine.clock, ledger),
    ledger,
    holds: await loadHolds(state),
    patienceMs: 2 * (config.intervalMs + config.splayMs) + config.deadlines.cycleMs,
    ...(lastRun === undefined ? {} : { lastRun }),
    ...(wanted === undefined ? {} : { wanted }),
    ...(daemon === undefined ? {} : { daemon }),
    ...(open === undefined ? {} : { open }),
  };
  return {
    host: config.host,
    at: facts.clock.wallMs(),
    ...judge(facts),
    quarantine: Object.values(ledger.quarantine).sort((one, other) => other.at - one.at),
    ...(ledger.applied === undefined ? {} : { running: since(ledger.applied, history) }),
    ...(wanted === undefined ? {} : { wanted }),
    ...(lastRun === undefined ? {} : { lastRun, counts: countsOf(lastRun) }),
    ...(daemon === undefined ? {} : { daemon }),
    ...(atWork === undefined ? {} : { atWork }),
  };
}

const ANSWER_MS = 2000;

/** A daemon that hangs counts as one that does not answer. */
async function askInTime(control: string): Promise<DaemonStatus | undefined> {
  const patience = new AbortController();
  const tooLate = pause(ANSWER_MS, undefined, { signal: patience.signal, ref: false }).catch(() => undefined);
  try {
    return await Promise.race([askStatus(control).catch(() => undefined), tooLate]);
  } finally {
    patience.abort();
  }
}

/** Without any network. */
async function knownTip({ config }: Ground): Promise<Revision | undefined> {
  const names = config.remotes.map(({ name }) => name);
  return lookIntoMirror(join(config.state, "mirror.git"))?.tip(names, config.branch);
}

/** The first of the runs, one after the other up to now, that followed it without being undone. */
function since(revision: Revision, history: readonly PastRun[]): NonNullable<Status["running"]> {
  let first: number | undefined;
  for (const { applied, result, startedAt } of history.toReversed()) {
    if (result !== "changed" && result !== "unchanged") continue;
    if (applied?.commit !== revision.commit) break;
    first = startedAt;
  }
  return { revision, ...(first === undefined ? {} : { since: first }) };
}

function countsOf({ resources, held }: PastRun): Counts {
  const { in_sync: inSync, pending, drift, conflict, foreign } = resources;
  return { inSync, pending, drift, conflict, foreign, held };
}
