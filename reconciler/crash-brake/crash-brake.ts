// What the run before left behind in; whether this program dies here again and again, and may only report, out.
import { isJournalOpen } from "../apply/journal.ts";
import type { Ground } from "../ground.ts";
import type { Emit, Event } from "../model/event.ts";
import type { Revision } from "../model/revision.ts";
import { readAtWork, wipeAtWork } from "../state/at-work.ts";
import { withoutDeaths, withoutReportOnly } from "../state/deaths.ts";
import { loadLedger, type ReportOnly, type StoredLedger } from "../state/ledger.ts";
import type { Problem } from "../../common/problem.ts";
import { count, isBlamed } from "./blame.ts";
import { createNoteTaker } from "./note-taker.ts";
import { endsWithGit, isBeforePlan, isDue, onlyReporting } from "./report-only.ts";

export interface CrashBrake {
  /** Hears the run, so that the next one knows how far it came. */
  listen(event: Event): void;
  /** Looks at the traces of the last run, and counts its death when it did not end. Never throws. */
  lookBack(emit: Emit): Promise<void>;
  /** Why nothing may be changed until git moves or a person releases it; none when all may go on. */
  problems(): readonly Problem[];
  /** Whether the run has to end before it. */
  stopsBefore(step: "start" | "recover" | "fetch"): boolean;
  /** Git offers this now: when it is something else than what it died of, changes are made again. */
  offered(stored: StoredLedger, tip: Revision | undefined): Promise<void>;
  /** False when the run has to end before it turns to this revision. */
  turnTo(revision: Revision): boolean;
  /** False when it is too much even to look at what an interrupted run left. */
  turnToAccount(): boolean;
  /** The run came to its end, whatever it was. Never throws. */
  ended(): Promise<void>;
}

export function createCrashBrake(ground: Ground): CrashBrake {
  const { state, machine } = ground;
  const boot = machine.clock.bootId?.();
  const note = createNoteTaker(state, boot);
  let emit: Emit = () => undefined;
  let reportOnly: ReportOnly | undefined;
  let isTry = false;
  let hasDeaths = false;

  const stop = (): ReportOnly | undefined => (isTry ? undefined : reportOnly);
  const lookBack = async (): Promise<void> => {
    const before = await readAtWork(state);
    const isInterrupted = isJournalOpen(state);
    // First of all, because what follows reads what the last run wrote, and that may be what kills.
    note.begin(isInterrupted ? "recover" : "start", isInterrupted ? revisionOf(before) : {});
    const stored = await loadLedger(state);
    if (before !== undefined && isBlamed(before, boot)) await count(ground, stored, before, emit);
    ({ reportOnly } = stored.ledger);
    hasDeaths = stored.ledger.deaths !== undefined;
    if (reportOnly === undefined) return;
    const nowMs = machine.clock.wallMs();
    isTry = isDue(reportOnly, nowMs);
    if (isTry) await stored.save({ ...stored.ledger, reportOnly: { ...reportOnly, triedAt: nowMs } });
    // A person has brought it to its end.
    if (reportOnly.step === "recover" && !isInterrupted) await release(stored, "the interrupted run is at its end");
  };
  const release = async (stored: StoredLedger, because: string): Promise<void> => {
    await stored.save(withoutReportOnly(stored.ledger));
    reportOnly = undefined;
    emit({ type: "report-only-ended", because });
  };
  const ended = async (): Promise<void> => {
    if (hasDeaths || isTry) {
      const stored = await loadLedger(state);
      if (isTry) await release(stored, "this time the program came through");
      else await stored.save(withoutDeaths(stored.ledger));
    }
    wipeAtWork(state);
  };

  return {
    listen: (event) => note.listen(event),
    async lookBack(tell) {
      emit = tell;
      await lookBack().catch(() => undefined);
    },
    problems: () => [stop() ?? []].flat().map(onlyReporting),
    stopsBefore: (step) => stop()?.step === step,
    async offered(stored, tip) {
      if (tip === undefined) return;
      note.offered(tip.commit);
      const last = stop();
      if (last === undefined || !endsWithGit(last.step) || last.offered === tip.commit) return;
      await release(stored, `git offers ${tip.commit.slice(0, 12)} now`);
    },
    turnTo({ commit }) {
      const last = stop();
      if (last?.commit === commit && isBeforePlan(last.step)) return false;
      note.turnTo({ commit });
      return true;
    },
    turnToAccount() {
      note.at("account");
      return reportOnly?.blind !== true;
    },
    ended: () => ended().catch(() => undefined),
  };
}

function revisionOf({ commit, digest }: { commit?: string; digest?: string } = {}): {
  commit?: string;
  digest?: string;
} {
  return { ...(commit === undefined ? {} : { commit }), ...(digest === undefined ? {} : { digest }) };
}
