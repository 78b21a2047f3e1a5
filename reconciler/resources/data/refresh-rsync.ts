// An item that comes by rsync in, what its source has now out: asked as often as it deserves, and copied only if it moved.
import { setTimeout } from "node:timers/promises";
import type { Clock, Machine } from "../../machine/machine.ts";
import { atLeastMs, momentNow, passedMs } from "../../model/moment.ts";
import type { Result } from "../../../common/problem.ts";
import type { Asking } from "../kind.ts";
import { bring } from "./bring.ts";
import type { Item } from "./item.ts";
import { realPath } from "./real-folder.ts";
import type { Answer, Supplied } from "./supplied.ts";
import { rsyncSource, type RsyncSource } from "./rsync/address.ts";
import { differs } from "./rsync/rsync.ts";
import { siteOf, versionAt } from "./site.ts";
import { entriesOf, fingerprintOf, newestCtime, walkAt, type Walk } from "./walk.ts";

/** Another server is not asked more often, unless a person wants it now. */
const ASKED_EVERY_MS = 15 * 60_000;
/** A file changed again within the tick of its time stamp would look unchanged. */
const STAMP_SETTLES_S = 0.02;

export async function askRsync(
  machine: Machine,
  supplied: Supplied,
  url: string,
  item: Item,
  asking: Asking,
): Promise<Answer> {
  const source = rsyncSource(url);
  if (!source.ok) return answer(item, source);
  if (!asking.ask || (!source.value.local && !isDue(item, machine.clock, asking))) return { item };
  const asked = { ...item, asked: momentNow(machine.clock) };
  return source.value.local
    ? askLocal(machine, supplied, source.value, asked, asking)
    : askRemote(machine, supplied, source.value, asked, asking);
}

/** When nobody knows how long ago it was, it always is. */
function isDue({ asked, digest }: Item, clock: Clock, { now }: Asking): boolean {
  if (now === true || asked === undefined || digest === undefined) return true;
  return (passedMs(clock, asked) ?? Infinity) >= ASKED_EVERY_MS;
}

/** A walk tells whether anything moved since it was copied; nothing of it is read before. */
async function askLocal(
  machine: Machine,
  supplied: Supplied,
  source: RsyncSource,
  item: Item,
  asking: Asking,
): Promise<Answer> {
  const from = supplied.state.shape === "tree" ? `${source.from}/` : source.from;
  const known = item.digest === undefined ? undefined : item.print;
  const walk = await settledWalk(machine, from, known);
  if (walk === undefined) return { item, problem: notThere(from) };
  const print = fingerprintOf(walk);
  if (known === print) return { item: { ...item, answeredAt: atLeastMs(machine.clock) } };
  const answered = await bringNew(machine, supplied, item, asking, walk);
  if (answered.problem !== undefined) return answered;
  const { print: _, ...rest } = answered.item;
  return { item: isSettled(machine, walk, from) ? { ...rest, print } : rest };
}

/** What was written a moment ago is given that moment: otherwise the next run would have to copy it once more. */
async function settledWalk(machine: Machine, from: string, known: number | undefined): Promise<Walk | undefined> {
  const walk = await walkAt(machine, from);
  if (walk === undefined || fingerprintOf(walk) === known || isSettled(machine, walk, from)) return walk;
  await setTimeout(STAMP_SETTLES_S * 1000);
  return walkAt(machine, from, true);
}

function isSettled({ clock }: Machine, walk: Walk, from: string): boolean {
  return newestCtime(entriesOf(walk, from)) < clock.wallMs() / 1000 - STAMP_SETTLES_S;
}

async function askRemote(
  machine: Machine,
  supplied: Supplied,
  source: RsyncSource,
  item: Item,
  asking: Asking,
): Promise<Answer> {
  const { state, supply } = supplied;
  const at = knownVersion(machine, supplied, item);
  if (at !== undefined) {
    const transfer = { source, shape: state.shape, owner: state, maxBytes: supply.maxBytes, trustBase: true };
    const moved = await differs(machine, transfer, at);
    if (!moved.ok) return answer(item, moved);
    if (!moved.value) return { item: { ...item, answeredAt: atLeastMs(machine.clock) } };
  }
  return bringNew(machine, supplied, item, asking);
}

/** Where the version lies that the source had last; or what took its place, which then differs. */
function knownVersion({ files }: Machine, { path }: Supplied, { digest }: Item): string | undefined {
  const site = siteOf(files, path);
  if (!site.ok || digest === undefined) return undefined;
  return [versionAt(site.value, digest), realPath(files, path)].find((place) => files.stat(place) !== undefined);
}

async function bringNew(
  machine: Machine,
  { path, state, supply }: Supplied,
  item: Item,
  { signal }: Asking,
  offered?: Walk,
): Promise<Answer> {
  const request = { path, shape: state.shape, owner: state, supply, signal, ...(offered && { offered }) };
  const brought = await bring(machine, request);
  if (!brought.ok) return answer(item, brought);
  const { digest, size } = brought.value;
  return { item: { ...item, digest, size, answeredAt: atLeastMs(machine.clock) } };
}

function answer(item: Item, { problems }: Extract<Result<unknown>, { ok: false }>): Answer {
  return { item, ...(problems[0] && { problem: problems[0] }) };
}

function notThere(from: string) {
  return {
    code: "data-unreachable",
    what: `${from} is not there now, or may not be read`,
    hint: "put the stick in or mount the disk; what is here stays, and every run looks again",
  };
}
