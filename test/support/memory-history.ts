// One school through time, on a disk that loses what was not synced: it happens in; after every crash and at the end, what is
// there compared with what has to be.
import { expect } from "@jest/globals";
import { createHash } from "node:crypto";
import { satisfies } from "../../reconciler/model/satisfies.ts";
import { nameOf } from "../../reconciler/model/state.ts";
import { observe } from "../../reconciler/observe.ts";
import { PowerCut, type Survival } from "./memory-files.ts";
import { wish, type Hand, type Happening, type Wishes } from "./memory-histories.ts";
import { chanceOf, MemorySchool } from "./memory-school.ts";
import type { Wished } from "./wishes.ts";

/** How the crashes of a history ended. */
export type Ends = Record<
  | "crashed, then the old tree"
  | "crashed, then the new tree"
  | "crashed, with a hand in it"
  | "crashed, left for the next run"
  | "ran to its end",
  number
>;

export function noEnds(): Ends {
  return {
    "crashed, then the old tree": 0,
    "crashed, then the new tree": 0,
    "crashed, with a hand in it": 0,
    "crashed, left for the next run": 0,
    "ran to its end": 0,
  };
}

/** One server through time. */
export class History {
  school = new MemorySchool();
  readonly #survival: Survival;
  readonly #ends: Ends;
  #wanted: Wishes = {};
  #texts = 0;
  /** Trees that the next recovery may come to; undefined when that is not asked any more. */
  #possible: Set<string> | undefined;
  readonly #foreign = new Set<string>();
  /** Paths of ours in which somebody had a hand: they may count as theirs now. */
  readonly #touched = new Set<string>();
  /** What somebody wrote, and did not replace or remove themselves. */
  #byHand: readonly { readonly path: string; readonly digest: string }[] = [];

  constructor(survival: Survival, ends: Ends) {
    this.#survival = survival;
    this.#ends = ends;
  }

  async happen(what: Happening): Promise<void> {
    switch (what.type) {
      case "commit":
        this.#wanted = what.revision;
        return;
      case "run":
        return this.#run(what.meanwhile);
      case "crash":
        return this.#crash(what);
      case "edit": {
        this.#edit(what);
        return;
      }
      case "remove": {
        this.#remove(what.path);
        return;
      }
      case "foreign":
        this.#giveUp(what.path);
        this.#byHand = [...this.#byHand, { path: what.path, digest: this.#write(what) }];
        this.#foreign.add(what.path);
    }
  }

  /** A last commit, and one run that nobody disturbs; after that there is nothing to do. */
  async comeToRest(last: Wishes): Promise<void> {
    const { school } = this;
    const { calm } = await school.run(wish(last));
    expect(calm ? await notAsWanted(school, wish(last)) : "restless").toEqual([]);
    this.#expectNothingLost();
    const expected = new Set([...this.#foreign, ...this.#touched, ...Object.keys(last)]);
    const { mutations } = school.disk;
    const { result, problems } = await school.run(wish(last));
    const told = { result, problems, writes: school.disk.mutations - mutations };
    const unexpected = filesOf(school).filter((path) => !expected.has(path));
    expect({ ...told, unexpected }).toEqual({ result: "unchanged", problems: [], writes: 0, unexpected: [] });
  }

  async #run(meanwhile: Hand | undefined): Promise<void> {
    if (meanwhile !== undefined) this.school.meanwhile = () => this.#edit(meanwhile);
    await this.school.run(wish(this.#wanted));
    this.school.meanwhile = () => undefined;
    this.#possible = undefined;
    this.#expectNothingLost();
  }

  #edit(what: Hand): void {
    this.#touched.add(what.path);
    const { path } = what;
    this.#giveUp(path);
    this.#byHand = [...this.#byHand, { path, digest: this.#write(what) }];
  }

  #remove(path: string): void {
    this.#possible = undefined;
    this.#giveUp(path);
    this.school.disk.take(path);
  }

  /** Whoever replaces what is theirs does not want it any more. */
  #giveUp(path: string): void {
    const digest = this.school.disk.digestNow(path);
    this.#byHand = this.#byHand.filter((written) => written.path !== path || written.digest !== digest);
  }

  /** The digest of what was written. */
  #write({ path, long }: Hand): string {
    const content = `by hand, the ${++this.#texts}.\n`.repeat(long ? 100 : 1);
    this.#possible = undefined;
    this.school.disk.put(path, content);
    return createHash("sha256").update(content).digest("hex");
  }

  async #crash(what: Extract<Happening, { readonly type: "crash" }>): Promise<void> {
    this.#wanted = what.revision;
    const isUntouched = !this.school.isOpen();
    const before = this.school.afterPowerCut(() => 0.999, "ordered");
    if (isUntouched) this.#possible = new Set([treeOf(before)]);
    const chance = chanceOf(what.chance);
    if (!(await this.#isCut(what.at, chance, () => this.school.run(wish(this.#wanted))))) {
      this.#ends["ran to its end"]++;
      this.#possible = undefined;
      return;
    }
    for (const at of what.recoveries) await this.#isCut(at, chance, () => this.#recover(what.healthy));
    if (what.hand !== undefined) this.#edit(what.hand);
    if (!what.recovers) {
      this.#ends["crashed, left for the next run"]++;
      await before.run(wish(this.#wanted));
      this.#possible?.add(treeOf(before));
      return;
    }
    await this.#recover(what.healthy);
    const tree = treeOf(this.school);
    const isOld = this.#possible?.has(tree) ?? true;
    const isTouched = this.#possible === undefined;
    this.#ends[
      isTouched ? "crashed, with a hand in it" : isOld ? "crashed, then the old tree" : "crashed, then the new tree"
    ]++;
    if (!isOld) {
      await before.run(wish(this.#wanted));
      expect(tree).toBe(treeOf(before));
    }
    this.#possible = undefined;
    this.#expectNothingLost();
  }

  /** Whether the power went before the work was done. Either way it is lost afterwards. */
  async #isCut(at: number, chance: () => number, work: () => Promise<unknown>): Promise<boolean> {
    const { disk } = this.school;
    disk.cutPowerAt(disk.mutations + at);
    const isCut = await work().then(
      () => false,
      (error: unknown) => {
        if (error instanceof PowerCut) return true;
        throw error;
      },
    );
    this.school = this.school.afterPowerCut(chance, this.#survival);
    return isCut;
  }

  #recover(healthy: boolean): Promise<unknown> {
    return this.school.recover(() => Promise.resolve(healthy));
  }

  /** It lies where it was written, or among what was kept. */
  #expectNothingLost(): void {
    if (this.#byHand.length === 0) return;
    const entries = Object.entries(this.school.disk.snapshot());
    const isThere = (path: string, digest: string) =>
      entries.some(([place, entry]) => entry.digest === digest && place.endsWith(path));
    expect(this.#byHand.filter(({ path, digest }) => !isThere(path, digest))).toEqual([]);
  }
}

function treeOf(school: MemorySchool): string {
  return school.tree().join("\n");
}

async function notAsWanted(school: MemorySchool, { target }: Wished): Promise<readonly unknown[]> {
  const { observed } = await observe(school.ground.machine, target, new Map());
  return [...target.wanted].flatMap(([id, { state }]) => {
    const seen = observed.get(id)?.state ?? { type: "absent" };
    return satisfies(seen, state) ? [] : [[nameOf(id), seen, state]];
  });
}

/** Everything but folders. */
function filesOf({ disk }: MemorySchool): string[] {
  const managed = Object.entries(disk.snapshot()).filter(
    ([path, { type }]) => type !== "directory" && !/^\/(?:var|usr)\//u.test(path),
  );
  return managed.map(([path]) => path).filter((path) => path !== "/");
}
