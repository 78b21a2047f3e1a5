// The part of a cycle that packages go through, with a manager in memory or a real one.
import { roomFor } from "../../reconciler/apply/room.ts";
import { arrange } from "../../reconciler/plan/arrange.ts";
import { hold } from "../../reconciler/plan/hold.ts";
import { plan } from "../../reconciler/plan/plan.ts";
import type { PackageState } from "../../reconciler/model/package-state.ts";
import type { Change, Held, Wait } from "../../reconciler/model/plan.ts";
import { idOf, nameOf, type ResourceId } from "../../reconciler/model/state.ts";
import type { Memory, Policy, Target } from "../../reconciler/model/target.ts";
import type { Machine } from "../../reconciler/machine/machine.ts";
import type { ResourceKind, Step, Trouble, Gathered } from "../../reconciler/resources/kind.ts";
import type { PackageManager } from "../../reconciler/resources/managers/manager.ts";
import type { Patience } from "../../reconciler/resources/package/mend.ts";
import { packageKindWith } from "../../reconciler/resources/package/with-manager.ts";
import type { Problem } from "../../common/problem.ts";
import { machineWithStore, MemoryManager, type MemoryMachine, type MemoryPackage } from "./memory-manager.ts";

export const FOREVER = new AbortController().signal;
/** Long enough for a process that was killed to let go of its lock. */
const PATIENT: Patience = { lockMs: 20_000, pollMs: 20 };
/** By a clock that goes on by one whenever it is looked at. */
const IMPATIENT: Patience = { lockMs: 20, pollMs: 1 };

export type Wishes = Readonly<Record<string, PackageState & { readonly policy?: Policy }>>;

export function targetOf(wishes: Wishes, more: Partial<Target> = {}): Target {
  const wanted = Object.entries(wishes).map(
    ([name, { policy = "enforce", ...state }]) => [idOf("package", name), { state, policy }] as const,
  );
  return { key: "k", wanted: new Map(wanted), health: [], brake: { maxRemovals: 100, maxShare: 1 }, ...more };
}

/** What we have put there ourselves, by name and version. */
export function madeByUs(packages: Readonly<Record<string, string>>): Memory {
  return new Map(
    Object.entries(packages).map(([name, version]) => [
      idOf("package", name),
      { state: { type: "installed", version, held: false }, origin: "created" },
    ]),
  );
}

export interface Completion {
  readonly changes: readonly Change[];
  readonly held: readonly Held[];
  readonly troubles: readonly Trouble[];
  readonly notices: readonly Problem[];
}

/** With any manager, on any machine. */
export class PackageCycle<M extends Machine, P extends PackageManager> {
  machine: M;
  readonly manager: P;
  readonly kind: ResourceKind;

  constructor(machine: M, manager: P, patience = PATIENT) {
    this.machine = machine;
    this.manager = manager;
    this.kind = packageKindWith(() => manager, patience);
  }

  async complete(target: Target, memory: Memory = new Map()): Promise<Completion> {
    const ids = [...new Set([...target.wanted.keys(), ...memory.keys()])];
    const { seen, troubles: unseen = [] } = await this.kind.observe(this.machine, ids, target, memory);
    const planned = plan({ target, observed: seen, memory });
    const draft = { plan: planned.plan, target, observed: seen, memory };
    const completed = await this.kind.complete?.(this.machine, draft);
    if (completed === undefined) throw new Error("packages complete a plan");
    const troubles = [...unseen, ...completed.troubles];
    const split = hold(completed.changes, waitsOf(troubles), target);
    const held = [...planned.plan.held, ...completed.held, ...split.held];
    return { changes: arrange(split.changes, target), held, troubles, notices: completed.notices };
  }

  async gather(changes: readonly Change[], target: Target = targetOf({})): Promise<readonly Trouble[]> {
    return (await this.gathered(changes, target)).troubles;
  }

  async gathered(changes: readonly Change[], target: Target): Promise<Gathered> {
    const gathered = await this.kind.gather?.(this.machine, changes, target, { signal: FOREVER });
    if (gathered === undefined) throw new Error("packages are gathered");
    return gathered;
  }

  /** Completed and gathered, without anything in the way. */
  async steps(target: Target, memory?: Memory): Promise<readonly Step[]> {
    const { changes } = await this.complete(target, memory);
    const troubles = await this.gather(changes, target);
    if (troubles.length > 0) throw new Error(JSON.stringify(troubles));
    return this.kind.steps(changes, "run", 0);
  }

  async perform(steps: readonly Step[]): Promise<readonly Problem[]> {
    const problems = [...roomFor(this.machine, [[this.kind, steps]])];
    problems.push(...(await this.kind.prepare(this.machine, steps, new Map())));
    if (problems.length > 0) return problems;
    const contents = new Map<never, never>();
    return this.kind.perform(this.machine, steps, {
      signal: FOREVER,
      contents,
      earlier: new Set(),
      done: () => Promise.resolve(),
    });
  }

  undo(steps: readonly Step[]): Promise<readonly Problem[]> {
    return this.kind.undo(this.machine, steps.toReversed());
  }
}

export class PackageSchool extends PackageCycle<MemoryMachine, MemoryManager> {
  constructor(published: readonly MemoryPackage[] = []) {
    super(machineWithStore(), new MemoryManager(published), IMPATIENT);
  }
}

function waitsOf(troubles: readonly Trouble[]): ReadonlyMap<ResourceId, Wait> {
  return new Map(troubles.map(({ id, problem: { what } }) => [id, { for: "trouble", what }]));
}

/** `hello: absent -> 2.0 (new)`, in the order of the plan. */
export function sentences(changes: readonly Change[]): readonly string[] {
  return changes.map(({ id, before, after, why, because }) => {
    const reason = because === undefined ? why : `${why} ${because.map(nameOf).join(", ")}`;
    return `${nameOf(id)}: ${wordsFor(before)} -> ${wordsFor(after)} (${reason})`;
  });
}

function wordsFor(state: Change["before"]): string {
  if (state.type !== "installed") return state.type;
  return [state.version ?? "any", ...(state.held === true ? ["held"] : [])].join(" ");
}
