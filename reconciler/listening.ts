// What a daemon tells the network: metrics, status and whether it is well; all folds over the same events.
import type { DaemonStatus } from "./control/protocol.ts";
import type { Ground } from "./ground.ts";
import type { Emit } from "./model/event.ts";
import { knownMs } from "./model/moment.ts";
import { startHttp } from "./report/http.ts";
import { ailment } from "./report/liveness.ts";
import { createMetrics, type Metrics, type SavedMetrics } from "./report/metrics.ts";
import { gatherStatus } from "./status/gather.ts";
import { statusToJson } from "./status/json.ts";
import { withFloor } from "./state/clock-floor.ts";
import { loadHolds, suspensionNow } from "./state/holds.ts";
import { loadLedger } from "./state/ledger.ts";
import { restoreFromCopy, saveCopy } from "./state/second-copy.ts";
import { readSlots, writeSlots } from "./state/slots.ts";
import { BUILD, VERSION } from "./version.ts";
import { succeed, type Result } from "../common/problem.ts";

export interface Listening {
  /** `http://127.0.0.1:9642`. */
  readonly address: string;
  readonly listen: Emit;
  close(): Promise<void>;
}

const SAVED = "metrics";
/** Calm runs after which the second copy is brought up to date as well: each time costs the disk a write. */
const COPIED_EVERY = 12;

export async function startListening(ground: Ground, live: () => DaemonStatus): Promise<Result<Listening>> {
  const { config, machine } = ground;
  const metrics = await restoredMetrics(ground);
  const startedMs = machine.clock.monotonicMs();
  let lastCycleMs: number | undefined;
  let saving = Promise.resolve();
  let uncopied = 0;
  const save = async (isCalm: boolean): Promise<void> => {
    await saveMetrics(ground, metrics);
    uncopied = isCalm && uncopied < COPIED_EVERY ? uncopied + 1 : 0;
    // What goes wrong with the copy is told by the run.
    if (uncopied === 0) await saveCopy(ground.state, ground.copy, [SAVED]);
  };
  const pulse = () => ({
    startedMs,
    nowMs: machine.clock.monotonicMs(),
    // A cycle that runs keeps it alive until its deadline; a stuck one does not.
    intervalMs: Math.max(config.intervalMs, config.deadlines.cycleMs / 3),
    ...(lastCycleMs === undefined ? {} : { lastCycleMs }),
  });
  const http = await startHttp(config.http, {
    metrics: async () => {
      await noteStandings(ground, metrics);
      return metrics.text();
    },
    status: async () => statusToJson(await gatherStatus(ground, live())),
    ailment: () => ailment(pulse()),
  });
  if (!http.ok) return http;
  const listen: Emit = (event) => {
    metrics.listen(event);
    if (event.type !== "run-ended") return;
    lastCycleMs = machine.clock.monotonicMs();
    // A power cut must not take away what the alerts go by.
    saving = saving.then(() => save(event.outcome.result === "unchanged")).catch(() => undefined);
  };
  const close = async (): Promise<void> => {
    await http.value.close();
    await saving;
  };
  return succeed({ address: `http://${http.value.address}`, listen, close });
}

async function restoredMetrics({ config, state, copy }: Ground): Promise<Metrics> {
  const remotes = config.remotes.map(({ name }) => name);
  const metrics = createMetrics({
    version: VERSION,
    build: BUILD,
    host: { site: config.host },
    branch: config.branch,
    remotes,
  });
  await restoreFromCopy(state, copy, [SAVED]);
  const { value } = await readSlots(state, SAVED);
  metrics.restore((value as SavedMetrics | undefined) ?? {});
  return metrics;
}

async function saveMetrics({ state }: Ground, metrics: Metrics): Promise<void> {
  const { sequence } = await readSlots(state, SAVED);
  await writeSlots(state, SAVED, metrics.saved(), sequence + 1);
}

/** What verbs in other processes may have changed since the last event. */
async function noteStandings({ state, machine }: Ground, metrics: Metrics): Promise<void> {
  const { ledger } = await loadLedger(state);
  const clock = withFloor(machine.clock, ledger);
  const suspension = suspensionNow(await loadHolds(state), clock);
  metrics.note({
    quarantined: Object.keys(ledger.quarantine).length,
    suspended: suspension === undefined ? false : { until: suspension.until },
    clockBehind: knownMs(clock) === undefined,
    reportOnly: ledger.reportOnly !== undefined,
    deaths: ledger.deathsEver ?? {},
  });
}
