// A plan and what it was rendered from in; for each change the difference of its content, and where new lines come from, out.
import { FileError, type MachineReader } from "./machine/machine.ts";
import type { Change } from "./model/plan.ts";
import { nameOf } from "./model/state.ts";
import { compare, contentChange, MOST_COMPARED_BYTES, withhold, type Difference } from "./plan/explain.ts";
import { riskyOnes, type Risky } from "./plan/risky.ts";
import type { Rendered } from "./render/rendered.ts";
import { sourceRanges, type Source } from "./why/ranges.ts";
import { createHash } from "node:crypto";

export interface ForeseenChange {
  readonly change: Change;
  /** Left out when no content changes. */
  readonly difference?: Difference;
  /** Where the added lines come from. */
  readonly sources: readonly Source[];
  /** By what it could cut this server off: it is kept only when it shows that it did not. */
  readonly risk?: Risky["by"];
}

/** All comparing together takes at most so long. */
const COMPARING_MS = 2000;

export async function explainChanges(
  machine: MachineReader,
  changes: readonly Change[],
  rendered: Rendered,
): Promise<readonly ForeseenChange[]> {
  const explained: ForeseenChange[] = [];
  const risks = new Map(riskyOnes(changes, rendered.target.confirm ?? []).map(({ change, by }) => [change, by]));
  let leftMs = COMPARING_MS;
  for (const change of changes) {
    const bytes = contentChange(change) === "readable" ? await bytesOf(machine, change, rendered) : undefined;
    const from = machine.clock.monotonicMs();
    const risk = risks.get(change);
    explained.push({
      ...explainOne(change, bytes, rendered, Math.max(1, leftMs)),
      ...(risk === undefined ? {} : { risk }),
    });
    leftMs -= machine.clock.monotonicMs() - from;
  }
  return explained;
}

interface Sides {
  readonly before?: Buffer;
  readonly after?: Buffer;
}

function explainOne(change: Change, bytes: Sides | undefined, rendered: Rendered, leftMs: number): ForeseenChange {
  const content = contentChange(change);
  if (content === undefined) return { change, sources: [] };
  if (content !== "readable") return { change, difference: withhold(change, content), sources: [] };
  if (bytes === undefined) return { change, difference: withhold(change, "unreadable"), sources: [] };
  const difference = compare(change, bytes.before, bytes.after, leftMs);
  const origins = rendered.provenance.get(nameOf(change.id))?.origins ?? [];
  const added = difference.type === "shown" ? difference.added : [];
  const sources = added.flatMap((lines) => sourceRanges(origins, lines).flatMap(({ source }) => source ?? []));
  return { change, difference, sources };
}

/** Undefined when the file cannot be read, or is no longer the one that was observed. */
async function bytesOf(
  machine: MachineReader,
  { id, before, after }: Change,
  { contents }: Rendered,
): Promise<Sides | undefined> {
  const now = after.type === "regular" ? contents.get(after.digest) : undefined;
  const wanted = now === undefined ? {} : { after: now };
  if (before.type !== "regular") return wanted;
  try {
    const bytes = await machine.files.read(nameOf(id), MOST_COMPARED_BYTES);
    const digest = createHash("sha256").update(bytes).digest("hex");
    return digest === before.digest ? { before: bytes, ...wanted } : undefined;
  } catch (error) {
    if (error instanceof FileError) return undefined;
    throw error;
  }
}
