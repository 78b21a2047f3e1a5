// The kind of data alone, as a run uses it: refresh, observe, gather, prepare, perform, and kept or walked back.
import { roomFor } from "../../reconciler/apply/room.ts";
import { ABSENT } from "../../reconciler/model/absent.ts";
import type { Data } from "../../reconciler/model/data-state.ts";
import type { DataAge } from "../../reconciler/model/event.ts";
import type { Change } from "../../reconciler/model/plan.ts";
import { satisfies } from "../../reconciler/model/satisfies.ts";
import { idOf, type ResourceId } from "../../reconciler/model/state.ts";
import type { Contents, Memory, Remembered, Supply, Target, Wanted } from "../../reconciler/model/target.ts";
import type { Problem } from "../../common/problem.ts";
import type { Machine } from "../../reconciler/machine/machine.ts";
import { dataKind } from "../../reconciler/resources/data/data.ts";
import type { Step } from "../../reconciler/resources/kind.ts";

/** What a run came to. */
export interface DataRun {
  readonly ages: readonly DataAge[];
  readonly changes: number;
  readonly problems: readonly Problem[];
  readonly codes: readonly string[];
}

export interface DataWish {
  readonly supply: Partial<Supply> & Pick<Supply, "source">;
  readonly shape?: Data["shape"];
  readonly digest?: string;
  readonly size?: number;
  readonly mode?: number;
}

/** `undefined` is what is not wanted any more. */
export type DataWishes = Readonly<Record<string, DataWish | undefined>>;

export interface RunOptions {
  readonly contents?: Contents;
  /** The verdict after the switch. */
  readonly verdict?: "keep" | "back";
  /** After the switch was settled. */
  readonly beforeVerdict?: () => void;
  readonly ask?: boolean;
  readonly now?: boolean;
}

export class DataSchool {
  readonly machine: Machine;
  memory: Memory = new Map();
  /** What the last run would need to walk back. */
  steps: readonly Step[] = [];
  /** Whether its verdict was for it: from then on a power cut leads forward. */
  kept = false;
  #runs = 0;

  constructor(machine: Machine) {
    this.machine = machine;
  }

  async run(wishes: DataWishes, options: RunOptions = {}): Promise<DataRun> {
    const { machine } = this;
    this.kept = false;
    const signal = new AbortController().signal;
    const { ask = true, now = false, contents = new Map<string, Buffer>(), verdict = "keep" } = options;
    const written = targetOf(wishes);
    const refreshed = await dataKind.refresh!(machine, written, this.memory, { signal, ask, now });
    const target = withOffers(written, refreshed.offers);
    const problems: Problem[] = [...refreshed.problems];
    const told = (): DataRun => ({
      ages: refreshed.ages ?? [],
      changes: this.steps.length,
      problems,
      codes: problems.map(({ code }) => code),
    });

    const ids = [...new Set([...target.wanted.keys(), ...this.memory.keys()])];
    const looked = await dataKind.observe(machine, ids, target, this.memory);
    const held = new Set((looked.troubles ?? []).map(({ id }) => id));
    problems.push(...looked.problems, ...(looked.troubles ?? []).map(({ problem }) => problem));
    const planned = changesOf(target, looked.seen, this.memory).filter(({ id }) => !held.has(id));
    const { troubles } = await dataKind.gather!(machine, planned, target, { signal });
    problems.push(...troubles.map(({ problem }) => problem));
    const changes = planned.filter(({ id }) => !troubles.some((trouble) => trouble.id === id));
    this.steps = dataKind.steps(changes, `run${++this.#runs}`, 0);
    if (this.steps.length > 0) {
      const short = roomFor(machine, [[dataKind, this.steps]]);
      problems.push(...short);
      if (short.length > 0) return told();
      const unprepared = await dataKind.prepare(machine, this.steps, contents);
      problems.push(...unprepared);
      if (unprepared.length === 0) {
        const performing = { signal, contents, earlier: new Set<never>(), done: async () => undefined };
        problems.push(...(await dataKind.perform(machine, this.steps, performing)));
        problems.push(...(await dataKind.settle(machine, this.steps)));
      }
      options.beforeVerdict?.();
      if (verdict === "back" || unprepared.length > 0) problems.push(...(await this.walkBack()));
      else {
        this.kept = true;
        problems.push(...(await this.letGo()));
      }
    }
    await this.#remember(ids, target, verdict);
    return told();
  }

  /** As after a power cut: with nothing but the steps and what is there. */
  async walkBack(): Promise<readonly Problem[]> {
    const undone = await dataKind.undo(this.machine, this.steps);
    return [...undone, ...(await dataKind.settle(this.machine, this.steps)), ...(await this.letGo())];
  }

  async letGo(): Promise<readonly Problem[]> {
    const released = this.steps.flatMap((step) => dataKind.release(this.machine, step));
    return [...released, ...(await dataKind.settle(this.machine, this.steps))];
  }

  async #remember(ids: readonly ResourceId[], target: Target, verdict: string): Promise<void> {
    const { seen } = await dataKind.observe(this.machine, ids, target, this.memory);
    const next = new Map<ResourceId, Remembered>(this.memory);
    for (const [id, { state, stamp }] of seen) {
      const wanted = target.wanted.get(id)?.state ?? ABSENT;
      if (state.type === "absent") next.delete(id);
      else if (satisfies(state, wanted)) next.set(id, { state, origin: "created", ...(stamp && { stamp }) });
      else if (verdict === "keep") continue;
    }
    this.memory = next;
  }
}

function targetOf(wishes: DataWishes): Target {
  const wanted = new Map<ResourceId, Wanted>();
  for (const [path, wish] of Object.entries(wishes)) {
    if (wish === undefined) continue;
    const { shape = "tree", digest = "", size = 0, mode } = wish;
    const state: Data = { type: "data", shape, digest, size, ...(mode === undefined ? {} : { mode }) };
    const supply: Supply = { keepVersions: 0, maxBytes: 2 ** 31, ...wish.supply };
    wanted.set(idOf("data", path), { state, policy: "enforce", supply });
  }
  return { key: "desk", wanted, health: [], brake: { maxRemovals: 1000, maxShare: 1 } };
}

function withOffers(target: Target, offers: ReadonlyMap<ResourceId, Wanted["state"]>): Target {
  const wanted = new Map(
    [...target.wanted].map(([id, each]) => [id, { ...each, state: offers.get(id) ?? each.state }]),
  );
  return { ...target, wanted };
}

function changesOf(
  target: Target,
  seen: Awaited<ReturnType<typeof dataKind.observe>>["seen"],
  memory: Memory,
): readonly Change[] {
  return [...seen].flatMap(([id, { state: before, stamp }]) => {
    const wanted = target.wanted.get(id);
    const after = wanted?.state ?? ABSENT;
    if (satisfies(before, after)) return [];
    const remembered = memory.get(id)?.state;
    const ours = remembered === undefined ? before.type === "absent" : satisfies(before, remembered);
    return {
      id,
      before,
      after,
      why: "changed",
      standing: ours ? "pending" : "drift",
      ...(stamp && { stamp }),
      ...(wanted?.supply && { supply: wanted.supply }),
    } satisfies Change;
  });
}
