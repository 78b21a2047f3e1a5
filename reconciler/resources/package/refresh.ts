// A Target in; lists of the repositories that are new enough for it out. What is half done is only told here.
import { createHash } from "node:crypto";
import { FileError, type Clock, type Machine } from "../../machine/machine.ts";
import { kindOf } from "../../model/state.ts";
import type { Memory, Target } from "../../model/target.ts";
import { momentNow, passedMs, type Moment } from "../../model/moment.ts";
import type { Problem } from "../../../common/problem.ts";
import { tellingLater } from "../file/telling.ts";
import type { Asking, Refreshed } from "../kind.ts";
import type { PackageManager } from "../managers/manager.ts";
import { halfDone } from "./mend.ts";
import { concernsPackages } from "./states.ts";

const AGAIN_AFTER_MS = 6 * 60 * 60 * 1000;
/** Where a repository did not answer. */
const RETRY_AFTER_MS = 15 * 60 * 1000;
const TIMEOUT_MS = 10 * 60 * 1000;
const NOTE = "/package-lists.json";
const LARGEST_NOTE = 4096;

/** The last time the repositories were asked. */
interface Asked extends Moment {
  readonly answered: boolean;
  /** Digest of what was wanted then: who wants something new may want it because it was just published. */
  readonly wanted: string;
}

export async function refreshPackages(
  manager: PackageManager | undefined,
  machine: Machine,
  target: Target,
  memory: Memory,
  { signal, ask }: Asking,
): Promise<Refreshed> {
  const offers = new Map<never, never>();
  if (manager === undefined || !concernsPackages(target, memory)) return { offers, problems: [] };
  const broken = await manager.broken(machine);
  const told = broken.ok ? halfDone(broken.value) : broken.problems;
  const wanted = digestOf(target);
  if (!ask || isFresh(await lastAsked(machine), wanted, machine.clock)) return { offers, problems: told };
  // Whoever holds the lock may well be asking the same; the lists at hand do until the next run.
  if ((await manager.lockHolder(machine)) !== undefined) return { offers, problems: told };
  const problems = await manager.refresh(machine, { signal, timeoutMs: TIMEOUT_MS });
  const asked: Asked = { ...momentNow(machine.clock), answered: problems.length === 0, wanted };
  return { offers, problems: [...told, ...problems, ...(await note(machine, asked))] };
}

/** Where nobody knows how long ago it was, they are not. */
function isFresh(asked: Asked | undefined, wanted: string, clock: Clock): boolean {
  if (asked === undefined || asked.wanted !== wanted) return false;
  return (passedMs(clock, asked) ?? Infinity) < (asked.answered ? AGAIN_AFTER_MS : RETRY_AFTER_MS);
}

async function lastAsked({ store }: Machine): Promise<Asked | undefined> {
  try {
    const note = JSON.parse((await store.files.read(NOTE, LARGEST_NOTE)).toString()) as Partial<Asked> | null;
    const { at, monotonicMs = 0, boot = "", answered, wanted } = note ?? {};
    const isWhole = typeof at === "number" && typeof answered === "boolean" && typeof wanted === "string";
    return isWhole ? { at, monotonicMs, boot, answered, wanted } : undefined;
  } catch (error) {
    // Never asked, or a note that the power cut short.
    if (error instanceof FileError || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function note({ store: { files } }: Machine, asked: Asked): Promise<readonly Problem[]> {
  const next = `${NOTE}.new~`;
  return tellingLater(async () => {
    if (files.stat(next) !== undefined) files.unlink(next);
    await files.create(next, Buffer.from(JSON.stringify(asked)), { mode: 0o600 });
    files.rename(next, NOTE);
    return [];
  });
}

function digestOf({ wanted, updates }: Target): string {
  const packages = [...wanted].flatMap(([id, { state }]) => (kindOf(id) === "package" ? [[id, state]] : [])).sort();
  return createHash("sha256")
    .update(JSON.stringify([packages, updates]))
    .digest("hex");
}
