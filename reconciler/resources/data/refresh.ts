// Items of data in, what their sources have now out: as far as it can be had, otherwise what they had last.
import { describeFileError } from "../../machine/file-problem.ts";
import { FileError, type Machine } from "../../machine/machine.ts";
import type { DataAge } from "../../model/event.ts";
import type { Data } from "../../model/data-state.ts";
import { kindOf, nameOf, type ResourceId, type State } from "../../model/state.ts";
import { atLeastMs, knownMs } from "../../model/moment.ts";
import type { Memory, Supply, Target, Wanted } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Asking, Refreshed } from "../kind.ts";
import { isStale } from "./age.ts";
import { bring } from "./bring.ts";
import { loadItem, saveItem, type Item } from "./item.ts";
import { askRsync } from "./refresh-rsync.ts";
import { sourceOf } from "./source.ts";
import type { Answer, Supplied } from "./supplied.ts";

export async function refreshData(machine: Machine, target: Target, _: Memory, asking: Asking): Promise<Refreshed> {
  const offers = new Map<ResourceId, State>();
  const problems: Problem[] = [];
  const ages: DataAge[] = [];
  for (const [id, wanted] of target.wanted) {
    const supplied = kindOf(id) === "data" ? suppliedBy(nameOf(id), wanted) : undefined;
    if (supplied === undefined) continue;
    const told = await refreshSafely(machine, supplied, asking);
    problems.push(...told.problems);
    if (told.offer !== undefined) offers.set(id, told.offer);
    if (told.age !== undefined) ages.push({ id, ...told.age });
  }
  return { offers, problems, ages };
}

function suppliedBy(path: string, { state, supply, policy }: Wanted): Supplied | undefined {
  const isOurs = policy !== "ignore" && state.type === "data" && supply !== undefined;
  return isOurs ? { path, state, supply } : undefined;
}

interface Told {
  /** Left out where nothing of it can be read. */
  readonly age?: Omit<DataAge, "id">;
  readonly offer?: Data;
  readonly problems: readonly Problem[];
}

/** A store that cannot be written holds back no other item. */
async function refreshSafely(machine: Machine, supplied: Supplied, asking: Asking): Promise<Told> {
  try {
    return await refreshOne(machine, supplied, asking);
  } catch (error) {
    if (error instanceof FileError) return { problems: [describeFileError(error)] };
    throw error;
  }
}

async function refreshOne(machine: Machine, supplied: Supplied, asking: Asking): Promise<Told> {
  const { path, state, supply } = supplied;
  const before = await loadItem(machine.store, path, sourceOf(supply));
  const { item, problem } = await askOne(machine, supplied, before, asking);
  if (isNews(before, item)) await saveItem(machine.store.files, path, item);
  const stale = isStale(item, supply.maxAgeMs, knownMs(machine.clock)) ? [staleData(path, supply, item)] : [];
  const problems = [
    ...(problem === undefined ? [] : [{ ...problem, where: problem.where ?? { file: path } }]),
    ...stale,
  ];
  const { digest, size = 0, answeredAt } = item;
  const { maxAgeMs } = supply;
  const age = { ...(answeredAt === undefined ? {} : { answeredAt }), ...(maxAgeMs === undefined ? {} : { maxAgeMs }) };
  // Content that git names is not offered: it is what the Target says already.
  if (isNamedByGit(supply) || digest === undefined) return { age, problems };
  return { offer: { ...state, digest, size }, age, problems };
}

async function askOne(machine: Machine, supplied: Supplied, item: Item, asking: Asking): Promise<Answer> {
  const { state, supply } = supplied;
  const now = atLeastMs(machine.clock);
  // Its age counts from when the fleet first named this content.
  if (isNamedByGit(supply)) {
    const { digest, size } = state;
    // One that lies ahead was noted by a clock that has leapt back since.
    const isNoted = item.digest === digest && (item.answeredAt ?? Infinity) <= now;
    return { item: isNoted ? item : { ...item, digest, size, answeredAt: now } };
  }
  if (supply.source.type === "rsync") return askRsync(machine, supplied, supply.source.url, item, asking);
  // What an archive holds is known once it was unpacked, and never changes then.
  const archive = supply.source.type === "http" ? supply.source.digest : undefined;
  if ((item.digest !== undefined && item.archive === archive) || !asking.ask) return { item };
  const { path } = supplied;
  const brought = await bring(machine, { path, shape: "tree", owner: state, supply, signal: asking.signal });
  if (!brought.ok) return { item, ...(brought.problems[0] && { problem: brought.problems[0] }) };
  const { digest, size } = brought.value;
  return { item: { ...item, digest, size, answeredAt: now, ...(archive === undefined ? {} : { archive }) } };
}

function isNamedByGit({ source, unpack }: Supply): boolean {
  return source.type === "repository" || (source.type === "http" && unpack === undefined);
}

/** A calm run writes nothing: that a source has been asked again is put down once a minute at most. */
const NOTED_EVERY_MS = 60_000;

function isNews(before: Item, { answeredAt = 0, asked, ...item }: Item): boolean {
  const { answeredAt: answered = 0, asked: askedBefore, ...known } = before;
  const moved = Math.max(Math.abs(answeredAt - answered), Math.abs((asked?.at ?? 0) - (askedBefore?.at ?? 0)));
  return moved >= NOTED_EVERY_MS || JSON.stringify(known) !== JSON.stringify(item);
}

function staleData(path: string, { maxAgeMs = 0 }: Supply, { answeredAt = 0 }: Item): Problem {
  return {
    code: "stale-data",
    where: { file: path },
    what: `is from ${new Date(answeredAt).toISOString()}, which is longer ago than the ${hours(maxAgeMs)} it may be old`,
    hint: "look whether its source still answers and still brings new content; what is here stays",
  };
}

function hours(ms: number): string {
  return `${Number((ms / 3_600_000).toFixed(1))} h`;
}
