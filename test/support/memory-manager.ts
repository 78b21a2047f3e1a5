// A package manager that lives in memory and behaves like a real one: it resolves, refuses, has a lock, and can lose power
// or fail at any of its steps, after which packages are half done until they are repaired.
import type { Machine } from "../../reconciler/machine/machine.ts";
import type {
  ConffileHint,
  InstalledPackage,
  PackageAction,
  PackageManager,
  PackageWish,
  Upgrade,
} from "../../reconciler/resources/managers/manager.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";
import { MemoryFiles, PowerCut } from "./memory-files.ts";

/** One version of a package, as its repository has it. */
export interface MemoryPackage {
  readonly name: string;
  readonly version: string;
  /** `libhello`, or `libhello>=2` for a version at least as new. */
  readonly needs?: readonly string[];
  readonly conflicts?: readonly string[];
  readonly security?: boolean;
  /** What it does when it is set up: it fails. */
  readonly fails?: boolean;
}

interface Installation {
  readonly package: MemoryPackage;
  readonly held: boolean;
  /** Unpacked, and not set up. */
  readonly half: boolean;
}

type Installations = Map<string, Installation>;

export class MemoryManager implements PackageManager {
  readonly name = "memory";
  /** What repositories have, which is known only after `refresh`. */
  published: MemoryPackage[];
  online = true;
  /** Some managers only respect them where nobody names the package. */
  respectsHolds = true;
  holder: string | undefined;
  hints: ConffileHint[] = [];
  /** What was asked of it, one word each; looking is left out. */
  readonly calls: string[] = [];
  simulations = 0;
  #lists: readonly MemoryPackage[];
  #now: Installations = new Map();
  readonly #cache = new Set<string>();
  #steps = 0;
  #cutAt: number | undefined;
  #isOn = true;

  constructor(published: readonly MemoryPackage[] = []) {
    this.published = [...published];
    this.#lists = this.published;
  }

  /** Sets the scene: it is installed, and nobody knows where from. */
  put(package_: MemoryPackage, { held = false, half = false } = {}): void {
    this.#now.set(package_.name, { package: package_, held, half });
  }

  /** Its archive lies in the cache. */
  cache(name: string, version: string): void {
    this.#cache.add(`${name}_${version}`);
  }

  /** `hello 1.0`, `hello 1.0 held`, `hello 1.0 half`, sorted, whatever the state of the power. */
  get inventory(): readonly string[] {
    const lines = [...this.#now].map(
      ([
        name,
        {
          package: { version },
          held,
          half,
        },
      ]) => [name, version, ...(held ? ["held"] : []), ...(half ? ["half"] : [])].join(" "),
    );
    return lines.sort();
  }

  /** Visible steps so far: a removal, an unpacking, a setting up, a hold. */
  get steps(): number {
    return this.#steps;
  }

  /** In the n-th visible step from now (from 1) the power goes. */
  cutPowerAt(n: number): void {
    this.#cutAt = this.#steps + n;
  }

  /** The machine comes up again. */
  powerOn(): void {
    this.#isOn = true;
    this.#cutAt = undefined;
  }

  async installed(
    _machine: unknown,
    names?: readonly string[],
  ): Promise<Result<ReadonlyMap<string, InstalledPackage>>> {
    this.#refuseWithoutPower();
    const found = [...this.#now].filter(([name]) => names?.includes(name) ?? true);
    return succeed(
      new Map(
        found.map(
          ([
            name,
            {
              package: { version },
              held,
            },
          ]) => [name, { version, held }],
        ),
      ),
    );
  }

  async isAtLeast(_machine: unknown, version: string, minimum: string): Promise<boolean> {
    return compare(version, minimum) >= 0;
  }

  async broken(): Promise<Result<readonly string[]>> {
    this.#refuseWithoutPower();
    return succeed([...this.#now].flatMap(([name, { half }]) => (half ? [name] : [])));
  }

  async repair(): Promise<readonly Problem[]> {
    this.#begin("repair");
    return this.#setUp([...this.#now].flatMap(([name, { half }]) => (half ? [name] : [])));
  }

  async lockHolder(): Promise<string | undefined> {
    this.#refuseWithoutPower();
    return this.holder;
  }

  async refresh(): Promise<readonly Problem[]> {
    this.#begin("refresh");
    if (!this.online) return [problem("repository-unreachable", "the repository does not answer")];
    this.#lists = [...this.published];
    return [];
  }

  async upgrades(): Promise<Result<readonly Upgrade[]>> {
    const newer = [...this.#now].flatMap(
      ([
        name,
        {
          package: { version: from },
        },
      ]) => {
        const best = this.#best(name);
        if (best === undefined || compare(best.version, from) <= 0) return [];
        return [{ name, from, to: best.version, ...(best.security === undefined ? {} : { security: best.security }) }];
      },
    );
    return succeed(newer);
  }

  async simulate(_machine: unknown, wishes: readonly PackageWish[]): Promise<Result<readonly PackageAction[]>> {
    this.#refuseWithoutPower();
    this.simulations += 1;
    const half = this.inventory.filter((line) => line.endsWith("half"));
    if (half.length > 0) return refuse(problem("broken", "packages are half done"));
    const next = this.#resolve(wishes);
    if (!next.ok) return next;
    const actions = differences(this.#now, next.value);
    const held = actions.filter(({ name }) => this.#now.get(name)?.held === true && this.respectsHolds);
    return held.length > 0 ? refuse(...held.map(({ name }) => problem("held", `${name} is held`))) : succeed(actions);
  }

  async download(_machine: unknown, actions: readonly PackageAction[]): Promise<readonly Problem[]> {
    this.#begin("download");
    const wanted = actions.flatMap(({ name, to }) => (to === undefined ? [] : [{ name, version: to }]));
    const missing = wanted.filter(({ name, version }) => !this.#canFetch(name, version));
    for (const { name, version } of wanted) if (this.#canFetch(name, version)) this.cache(name, version);
    return missing.map(({ name }) => problem("not-fetched", `${name} cannot be fetched`));
  }

  async secure(
    machine: Machine,
    { name, version }: { readonly name: string; readonly version: string },
    store: string,
  ): Promise<string | undefined> {
    this.#begin(`secure ${name} ${version}`);
    const package_ = this.#canFetch(name, version) ? this.#now.get(name)?.package : undefined;
    if (package_ === undefined) return undefined;
    const file = `${name}_${version}.pkg`;
    const bytes = Buffer.from(JSON.stringify(package_));
    await machine.store.files.create(`${pathInStore(store)}/${file}`, bytes, { mode: 0o600 });
    return file;
  }

  async perform(
    machine: Machine,
    actions: readonly PackageAction[],
    archives: readonly string[],
  ): Promise<readonly Problem[]> {
    this.#begin(`perform ${actions.map(({ name, to = "away" }) => `${name} ${to}`).join(", ")}`);
    if (this.holder !== undefined) return [problem("locked", `locked by ${this.holder}`)];
    const others = [...this.#now].filter(([name, { half }]) => half && actions.every((action) => action.name !== name));
    if (others.length > 0) return [problem("broken", "packages are half done")];
    const brought = await Promise.all(archives.map((path) => readArchive(machine, path)));
    const next = new Map(this.#now);
    for (const { name, from, to } of actions) {
      const now = this.#now.get(name);
      if (now?.package.version !== from) return [problem("refused", `${name} is not at ${from ?? "nothing"}`)];
      const package_ = to === undefined ? undefined : this.#archived(name, to, brought);
      if (to !== undefined && package_ === undefined) return [problem("refused", `no archive of ${name} ${to}`)];
      if (now?.held === true) return [problem("refused", `${name} is held`)];
      if (package_ === undefined) next.delete(name);
      else next.set(name, { package: package_, held: false, half: false });
    }
    const faults = faultsOf(next);
    return faults.length > 0 ? faults.map((fault) => problem("refused", fault)) : this.#transact(actions, next);
  }

  async hold(_machine: unknown, names: readonly string[], held: boolean): Promise<readonly Problem[]> {
    this.#begin(held ? "hold" : "release");
    for (const name of names) {
      const now = this.#now.get(name);
      if (now === undefined) return [problem("not-installed", `${name} is not installed`)];
      this.#step(() => this.#now.set(name, { ...now, held }));
    }
    return [];
  }

  async conffileHints(_machine: unknown, names: readonly string[]): Promise<readonly ConffileHint[]> {
    return this.hints.filter(({ package: name }) => names.includes(name));
  }

  /** Removals, then all is unpacked, then all is set up, as dpkg does. */
  #transact(actions: readonly PackageAction[], next: Installations): readonly Problem[] {
    for (const { name, to } of actions) if (to === undefined) this.#step(() => this.#now.delete(name));
    const coming = actions.flatMap(({ name }) => {
      const installation = next.get(name);
      return installation === undefined ? [] : [installation];
    });
    for (const installation of coming) {
      this.#step(() => this.#now.set(installation.package.name, { ...installation, half: true }));
    }
    return this.#setUp(coming.map((installation) => installation.package.name));
  }

  #setUp(names: readonly string[]): readonly Problem[] {
    const problems: Problem[] = [];
    for (const name of names) {
      const now = this.#now.get(name);
      if (now === undefined) continue;
      if (now.package.fails === true) problems.push(problem("script-failed", `${name} cannot be set up`));
      else this.#step(() => this.#now.set(name, { ...now, half: false }));
    }
    return problems;
  }

  #resolve(wishes: readonly PackageWish[]): Result<Installations> {
    const next: Installations = new Map(this.#now);
    const faults: Problem[] = [];
    for (const wish of wishes) {
      const fault = this.#grant(wish, next);
      if (fault !== undefined) faults.push(fault);
    }
    const fixed = new Set(wishes.map(({ name }) => name));
    for (let round = 0; faults.length === 0 && round < 100; round++) {
      const moved = this.#settle(next, fixed);
      if (moved === undefined) return succeed(next);
      if (moved !== "moved") faults.push(problem("broken-dependencies", moved));
    }
    return refuse(...faults);
  }

  #grant(wish: PackageWish, next: Installations): Problem | undefined {
    if (wish.type === "absent") {
      next.delete(wish.name);
      return undefined;
    }
    const { name, version, minimum } = wish;
    const now = next.get(name);
    if (now !== undefined && (version ?? now.package.version) === now.package.version && minimum === undefined)
      return undefined;
    const fitting = this.#best(name, version, minimum);
    const isKnown = this.#lists.some((package_) => package_.name === name);
    if (fitting === undefined) return problem(isKnown ? "no-such-version" : "unknown-package", `cannot find ${name}`);
    next.set(name, { package: fitting, held: now?.held ?? false, half: false });
    return undefined;
  }

  /** Puts one fault right; `moved` when it did, nothing when there is none, or words when it cannot. */
  #settle(next: Installations, fixed: ReadonlySet<string>): string | undefined {
    for (const [name, { package: package_ }] of next) {
      const isOld = this.#now.get(name)?.package.version === package_.version && !fixed.has(name);
      const enemy = package_.conflicts?.find((other) => next.has(other));
      if (enemy !== undefined) return remove(next, fixed.has(enemy) ? name : enemy, fixed);
      const missing = package_.needs?.find((need) => !isMet(need, next));
      if (missing === undefined) continue;
      const [needed = "", least] = missing.split(">=");
      if (fixed.has(needed) && !next.has(needed) && isOld) return remove(next, name, fixed);
      const best = fixed.has(needed) ? undefined : this.#best(needed, undefined, least);
      if (best === undefined) return `${name} needs ${missing}, which cannot be had`;
      next.set(needed, { package: best, held: this.#now.get(needed)?.held ?? false, half: false });
      return "moved";
    }
    return undefined;
  }

  #best(name: string, version?: string, minimum?: string): MemoryPackage | undefined {
    const fitting = this.#lists.filter(
      (package_) =>
        package_.name === name &&
        (version === undefined || package_.version === version) &&
        (minimum === undefined || compare(package_.version, minimum) >= 0),
    );
    return fitting.sort((one, other) => compare(other.version, one.version))[0];
  }

  #canFetch(name: string, version: string): boolean {
    if (this.#cache.has(`${name}_${version}`)) return true;
    return this.online && this.published.some((has) => has.name === name && has.version === version);
  }

  #archived(name: string, version: string, brought: readonly MemoryPackage[]): MemoryPackage | undefined {
    const cached = this.#cache.has(`${name}_${version}`) ? this.#best(name, version) : undefined;
    return brought.find((package_) => package_.name === name && package_.version === version) ?? cached;
  }

  #begin(call: string): void {
    this.#refuseWithoutPower();
    this.calls.push(call);
  }

  #step(act: () => unknown): void {
    this.#refuseWithoutPower();
    this.#steps += 1;
    if (this.#steps === this.#cutAt) {
      this.#isOn = false;
      throw new PowerCut();
    }
    act();
  }

  #refuseWithoutPower(): void {
    if (!this.#isOn) throw new PowerCut();
  }
}

function remove(next: Installations, name: string, fixed: ReadonlySet<string>): string {
  if (fixed.has(name)) return `${name} is in the way`;
  next.delete(name);
  return "moved";
}

function isMet(need: string, next: Installations): boolean {
  const [name = "", least] = need.split(">=");
  const found = next.get(name);
  return found !== undefined && (least === undefined || compare(found.package.version, least) >= 0);
}

function faultsOf(next: Installations): readonly string[] {
  return [...next].flatMap(([name, { package: package_ }]) => [
    ...(package_.needs ?? []).filter((need) => !isMet(need, next)).map((need) => `${name} needs ${need}`),
    ...(package_.conflicts ?? []).filter((other) => next.has(other)).map((other) => `${name} conflicts with ${other}`),
  ]);
}

function differences(now: Installations, next: Installations): readonly PackageAction[] {
  const names = [...new Set([...now.keys(), ...next.keys()])].sort();
  return names.flatMap((name) => {
    const [from, to] = [now.get(name)?.package.version, next.get(name)?.package.version];
    if (from === to) return [];
    return [{ name, ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }];
  });
}

async function readArchive({ store }: Machine, path: string): Promise<MemoryPackage> {
  return JSON.parse((await store.files.read(pathInStore(path))).toString()) as MemoryPackage;
}

/** By numbers between dots. */
function compare(one: string, other: string): number {
  const [left, right] = [one, other].map((version) => version.split(".").map(Number));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at++) {
    const difference = (left?.[at] ?? 0) - (right?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function problem(code: string, what: string): Problem {
  return { code, what };
}

const STORE = "/store";

function pathInStore(path: string): string {
  if (!path.startsWith(`${STORE}/`)) throw new Error(`${path} is not in the store`);
  return path.slice(STORE.length);
}

/** A machine without programs: the manager is all that there is to it. */
export function machineWithStore(store = new MemoryFiles(), files = new MemoryFiles()): MemoryMachine {
  const none = { code: undefined, ended: "not-found", stdout: Buffer.alloc(0), stderr: "" };
  const time = { wallMs: Date.UTC(2026, 2, 1), monotonicMs: 0 };
  return {
    files,
    store: { files: store, hostPath: (path) => STORE + path },
    clock: { wallMs: () => time.wallMs, monotonicMs: () => time.monotonicMs++ },
    live: true,
    privileged: true,
    hostPath: (path) => path,
    query: () => Promise.resolve(none),
    run: () => Promise.resolve(none),
    time,
  };
}

export interface MemoryMachine extends Machine {
  readonly files: MemoryFiles;
  readonly store: Machine["store"] & { readonly files: MemoryFiles };
  /** What the clock says; each look at the monotonic one takes a millisecond. */
  readonly time: { wallMs: number; monotonicMs: number };
}
