// A Ledger and a death in; the Ledger that knows of it out: after three in one place that place is not gone to again.
import type { RunStep } from "../model/run-step.ts";
import type { ResourceId } from "../model/state.ts";
import { withQuarantined, type Ledger, type ReportOnly } from "./ledger.ts";

/** Where a run was when its process died. */
export interface DeathPlace {
  readonly step: RunStep;
  readonly commit?: string;
  /** Of what this host reads of the commit. */
  readonly digest?: string;
  /** What it was about to change. */
  readonly resource?: ResourceId;
  /** The newest commit that git offered then. */
  readonly offered?: string;
}

const MOST_DEATHS = 3;
const PLACES_KEPT = 20;

/** `reason` is told when this was one too many, and it is no longer gone there. */
export function withDeath(ledger: Ledger, place: DeathPlace, at: number, reason: (times: number) => string): Ledger {
  const key = keyOf(place);
  const { [key]: before, ...others } = ledger.deaths ?? {};
  const count = (before?.count ?? 0) + 1;
  const recent = Object.entries(others).slice(0, PLACES_KEPT - 1);
  const ever = { ...ledger.deathsEver, [place.step]: (ledger.deathsEver?.[place.step] ?? 0) + 1 };
  const counted: Ledger = {
    ...ledger,
    deathsEver: ever,
    deaths: { [key]: { count, at }, ...Object.fromEntries(recent) },
  };
  return count < MOST_DEATHS ? counted : stopped(counted, place, at, reason(count));
}

/** How often the process died there since a run last came to its end. */
export function deathsAt({ deaths = {} }: Ledger, place: DeathPlace): number {
  return deaths[keyOf(place)]?.count ?? 0;
}

/** A run came to its end. */
export function withoutDeaths({ deaths: _deaths, ...ledger }: Ledger): Ledger {
  return ledger;
}

/** Changes may be made again. */
export function withoutReportOnly({ reportOnly: _reportOnly, deaths: _deaths, ...ledger }: Ledger): Ledger {
  return ledger;
}

/** Whoever dies while it only reports dies in an earlier place than before: that one is stopped at from now on. */
function stopped(ledger: Ledger, place: DeathPlace, at: number, reason: string): Ledger {
  const { step, commit, digest, offered } = place;
  // Looking at what is left is only for the words; the brake that was pulled before it stays.
  if (step === "account" && ledger.reportOnly !== undefined)
    return { ...ledger, reportOnly: { ...ledger.reportOnly, blind: true } };
  const reportOnly: ReportOnly = {
    ...{ since: ledger.reportOnly?.since ?? at, triedAt: at, step, reason },
    ...(commit === undefined ? {} : { commit }),
    ...(offered === undefined ? {} : { offered }),
  };
  const set = { ...ledger, reportOnly };
  return digest === undefined || commit === undefined ? set : withQuarantined(set, digest, commit, reason, at);
}

/** A recovery has only one run to bring to its end. */
function keyOf({ step, commit, resource }: DeathPlace): string {
  return step === "recover" || step === "account" ? step : `${step} ${commit ?? ""} ${resource ?? ""}`;
}
