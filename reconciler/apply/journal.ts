// The write-ahead journal of one run: what is about to be done, before it is done; and how far it came.
import { FileError, type Files } from "../machine/machine.ts";
import type { HealthCheck, HealthReport } from "../model/health.ts";
import type { ResourceId } from "../model/state.ts";
import type { Step } from "../resources/kind.ts";
import { frame, salvage, unframe } from "../state/frame.ts";
import { withReserve } from "../state/reserve.ts";
import { removeFile, replaceFile } from "../state/slots.ts";
import type { Problem } from "../../common/problem.ts";

const JOURNAL = "/journal.log";
const LAST_JOURNAL = "/journal.last.log";
const MIB = 1024 * 1024;
/** Of one copy of the intent: some 90,000 changes. */
const LARGEST_INTENT = 64 * MIB;
/** Both copies, and receipts for people; from there on only the verdict is still written. */
const FULL = 2 * LARGEST_INTENT + 16 * MIB;
const LIMIT = FULL + MIB;

/** First record, and once more as the second: the intent, with all that undoing it will need. */
export interface Intent {
  readonly type: "intent";
  readonly run: string;
  readonly commit: string;
  /** Unix milliseconds. */
  readonly at: number;
  /** Digest of what this host reads of the commit: what quarantine goes by. */
  readonly digest: string;
  /** How long the run may take before somebody else should walk it back. */
  readonly deadlineMs: number;
  /** When it began, by a clock that nobody sets; for as long as this boot lasts. */
  readonly began: { readonly boot?: string; readonly monotonicMs: number };
  /** Asked again by whoever finds the run with everything made and no verdict; and what they said before it. */
  readonly checks: readonly HealthCheck[];
  readonly before: HealthReport;
  readonly steps: readonly Step[];
}

type JournalRecord =
  | Intent
  /** These steps are about to be made, together. */
  | { readonly type: "begun"; readonly steps: readonly number[] }
  /** Steps made (or walked back) since the last such record. */
  | { readonly type: "done" | "undone"; readonly steps: readonly number[] }
  /** Every step is made and lasts; only the verdict is missing. */
  | { readonly type: "made" }
  /** It is walked back from here on: whatever health says then, it says of a server in between. */
  | { readonly type: "back" }
  /** The point of no return. A run without it is walked back. */
  | { readonly type: "verdict"; readonly keep: true };

export interface OpenJournal {
  readonly intent: Intent;
  /** Whether its verdict is there: then it is brought to its end, otherwise walked back. */
  readonly keep: boolean;
  /** Whether every step was made and only the verdict is missing. */
  readonly made: boolean;
  /** Whether walking back has begun: then it leads nowhere else. */
  readonly back: boolean;
  /** The steps that were begun last; empty when none was. */
  readonly atWork: readonly Step[];
}

/**
 * Opens the journal of a run: when this resolves, the intent is on disk. Twice, because without it nobody knows what to
 * walk back: a damaged byte must not take it away. A record between them, because the end of a line belongs to two.
 * A run whose journal a small server could not read again is not begun.
 */
export async function openJournal(state: Files, intent: Omit<Intent, "type">): Promise<Problem | undefined> {
  const record = frame({ type: "intent", ...intent });
  if (record.length > LARGEST_INTENT) return tooMuchAtOnce(intent.steps.length, record.length);
  await replaceFile(state, JOURNAL, Buffer.concat([record, frame({ type: "begun", steps: [] }), record]));
  return undefined;
}

/** For people who read the journal. Undoing leans on the intent alone, so a disk that is full now is no trouble here. */
export async function noteSteps(
  state: Files,
  type: "begun" | "done" | "undone",
  steps: readonly Step[],
): Promise<void> {
  await noteIfPossible(state, [{ type, steps: steps.map(({ n }) => n) }]);
}

/** A disk that is full now costs no more than that an interrupted run is walked back, which is right as well. */
export async function noteMade(state: Files): Promise<void> {
  await noteIfPossible(state, [{ type: "made" }]);
}

/**
 * When this resolves, the run stands, whatever happens next. Written three times, because then no single damaged byte,
 * not even the end of a line, can turn what was kept into something to walk back.
 */
export async function noteKept(state: Files): Promise<void> {
  const verdict = { type: "verdict", keep: true } as const;
  await note(state, Buffer.concat([verdict, verdict, verdict].map(frame)));
}

/** Written three times as well. Where it cannot be written, walking back is still the best that can be done. */
export async function noteBack(state: Files): Promise<void> {
  const back = { type: "back" } as const;
  await noteIfPossible(state, [back, back, back]);
}

/** A recovery that is interrupted over and over must not fill the disk with what it says of itself. */
async function noteIfPossible(state: Files, records: readonly JournalRecord[]): Promise<void> {
  try {
    const bytes = Buffer.concat(records.map(frame));
    if ((state.stat(JOURNAL)?.size ?? 0) + bytes.length <= FULL) await note(state, bytes);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
  }
}

async function note(state: Files, bytes: Buffer): Promise<void> {
  await withReserve(state, () => state.append(JOURNAL, bytes));
}

/** The run is over and nothing of it is left to do. The journal stays readable as the last one. */
export async function closeJournal(state: Files): Promise<void> {
  state.rename(JOURNAL, LAST_JOURNAL);
  await state.syncDirectory("/");
}

export function isJournalOpen(state: Files): boolean {
  return state.stat(JOURNAL) !== undefined;
}

/** The journal of a run that did not come to its end, if there is one; and what was wrong with it. */
export async function readJournal(state: Files): Promise<{ open?: OpenJournal; problems: readonly Problem[] }> {
  // Torn while it was being made: nothing had been touched yet.
  removeFile(state, `${JOURNAL}.new~`);
  const bytes = await bytesIfAny(state);
  if (bytes === undefined) return { problems: [] };
  const open = openIn(bytes);
  if (open === undefined) return { problems: [await setAside(state)] };
  const isDamaged = unframe(bytes).fault === "damaged";
  return { open, problems: isDamaged ? [damaged("what could not be read is left out")] : [] };
}

/** For whoever does not have the run lock: touches nothing, and what it says may be over a moment later. */
export async function lookIntoJournal(state: Files): Promise<OpenJournal | undefined> {
  const bytes = await bytesIfAny(state);
  return bytes === undefined ? undefined : openIn(bytes);
}

function openIn(bytes: Buffer): OpenJournal | undefined {
  const records = recordsIn(bytes);
  const intent = records.find(({ type }) => type === "intent") as Intent | undefined;
  if (intent === undefined) return undefined;
  const keep = records.some(({ type }) => type === "verdict");
  const made = records.some(({ type }) => type === "made");
  const back = records.some(({ type }) => type === "back");
  return { intent, keep, made, back, atWork: stepsAtWork(intent, records) };
}

/** What this run began to change last, also when its journal was closed meanwhile. Only looks. */
export async function lastBegun(state: Files, run: string): Promise<ResourceId | undefined> {
  for (const path of [JOURNAL, LAST_JOURNAL]) {
    const records = recordsIn((await bytesIfAny(state, path)) ?? Buffer.alloc(0));
    const [intent] = records;
    if (intent?.type === "intent" && intent.run === run) return stepsAtWork(intent, records)[0]?.change.id;
  }
  return undefined;
}

/** What has a right checksum and is none of ours was put there by somebody; it counts for nothing. */
function recordsIn(bytes: Buffer): readonly JournalRecord[] {
  const isRecord = (value: unknown): value is JournalRecord =>
    typeof value === "object" && value !== null && "type" in value;
  return salvage(bytes).filter(isRecord);
}

function stepsAtWork({ steps }: Intent, records: readonly JournalRecord[]): readonly Step[] {
  const begun = records.findLast(({ type }) => type === "begun");
  const numbers = new Set(begun !== undefined && "steps" in begun ? (begun.steps as readonly number[]) : []);
  return steps.filter(({ n }) => numbers.has(n));
}

async function bytesIfAny(state: Files, path = JOURNAL): Promise<Buffer | undefined> {
  try {
    return await state.read(path, LIMIT);
  } catch (error) {
    if (error instanceof FileError && error.code === "ENOENT") return undefined;
    throw error;
  }
}

const SET_ASIDE = "journal.damaged-";

/** A journal whose intent cannot be read says nothing of what to undo; the newest one is kept for a person to look at. */
async function setAside(state: Files): Promise<Problem> {
  for (const name of state.list("/").filter((known) => known.startsWith(SET_ASIDE))) removeFile(state, `/${name}`);
  const aside = `/${SET_ASIDE}${Date.now()}.log`;
  state.rename(JOURNAL, aside);
  await state.syncDirectory("/");
  return damaged(`it was set aside as ${aside.slice(1)}, and everything on this server is compared with git anew`);
}

function damaged(what: string): Problem {
  return {
    code: "journal-damaged",
    where: { file: JOURNAL.slice(1) },
    what: `the journal of the last run was damaged on disk: ${what}`,
    hint: "look at the disk's health (smartctl, dmesg): files do not lose bytes by themselves",
  };
}

function tooMuchAtOnce(changes: number, bytes: number): Problem {
  return {
    code: "run-too-large",
    what: `the changes of this run (${changes}) would need a journal of ${Math.ceil(bytes / MIB)} MiB; at most ${LARGEST_INTENT / MIB} are allowed, so nothing was touched`,
    hint: "carry many files as one item of data, or bring them with several commits, each followed before the next is made",
  };
}
