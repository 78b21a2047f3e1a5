// The line without git, on a disk in memory: a few milliseconds a run, so that thousands of power cuts can be tried.
import { isJournalOpen } from "../../reconciler/apply/journal.ts";
import { recover, rememberSteps } from "../../reconciler/apply/recover.ts";
import { change } from "../../reconciler/change.ts";
import { parseConfig } from "../../reconciler/config/read.ts";
import { startCourse, type Course } from "../../reconciler/course.ts";
import type { Ground } from "../../reconciler/ground.ts";
import type { Files, Machine } from "../../reconciler/machine/machine.ts";
import type { Memory } from "../../reconciler/model/target.ts";
import type { RunResult } from "../../reconciler/model/outcome.ts";
import { observe } from "../../reconciler/observe.ts";
import { arrange } from "../../reconciler/plan/arrange.ts";
import { plan } from "../../reconciler/plan/plan.ts";
import { remember } from "../../reconciler/plan/remember.ts";
import { loadLedger } from "../../reconciler/state/ledger.ts";
import { loadMemory } from "../../reconciler/state/memory.ts";
import type { Problem } from "../../common/problem.ts";
import { MemoryFiles, type Chance, type Survival } from "./memory-files.ts";
import type { Wished } from "./wishes.ts";

/** Where the state directory lies on the disk, as on a server. */
const STATE = "/var/lib/reconciler";

export interface Run {
  readonly result: RunResult;
  readonly calm: boolean;
  readonly changes: number;
  readonly problems: readonly Problem[];
}

export class MemorySchool {
  readonly disk: MemoryFiles;
  /** Somebody is at work at the server, just after the plan was made. */
  meanwhile: () => void = () => undefined;
  /** What its clock shows, Unix milliseconds. */
  wallMs: () => number = () => Date.now();

  constructor(disk: MemoryFiles = newDisk()) {
    this.disk = disk;
  }

  get ground(): Ground {
    return {
      config,
      machine: machineWith(this.disk, () => this.wallMs()),
      state: below(this.disk, STATE),
      copy: below(this.disk, `${STATE}-copy`),
    };
  }

  async memory(): Promise<Memory> {
    return (await loadMemory(this.ground.state)).memory;
  }

  /** What a cycle does once it knows what is wanted: recover, observe, plan, change. A power cut is thrown. */
  async run(wished: Wished): Promise<Run> {
    const { machine, state } = this.ground;
    const problems: Problem[] = [...(await this.recover())];
    const course = startCourse(machine.clock, { trigger: "manual", because: "a test" }, 60_000, (event) => {
      if (event.type === "problem") problems.push(event.problem);
    });
    const memory = await loadMemory(state);
    const { observed, at: observedAt, problems: unseen } = await observe(machine, wished.target, memory.memory);
    const planned = plan({ target: wished.target, observed, memory: memory.memory });
    const refused = [...unseen, ...planned.problems];
    const changes = planned.plan.changes.length;
    this.meanwhile();
    if (refused.length > 0) return { result: "failed", calm: false, changes, problems: [...problems, ...refused] };
    if (changes > 0) return { ...(await this.#change(wished, planned, course)), changes, problems };
    const created = new Set<never>();
    await memory.save(remember({ target: wished.target, observed, memory: memory.memory, created, observedAt }));
    return { result: "unchanged", calm: true, changes, problems };
  }

  async #change(wished: Wished, planned: ReturnType<typeof plan>, course: Course) {
    const { state } = this.ground;
    const [memory, ledger] = [await loadMemory(state), await loadLedger(state)];
    const rendered = {
      ...wished,
      provenance: new Map(),
      pieces: [],
      notices: [],
      trace: () => ({ variables: new Map(), gone: [] }),
    };
    const aim = {
      revision: { commit: "c".repeat(40), tree: "t".repeat(40), time: 0, subject: "A change", author: "Fleet Admin" },
      digest: "digest",
      target: wished.target,
      notices: [],
      rendered: () => Promise.resolve({ ok: true, value: rendered } as const),
    };
    const { plan: compared, problems } = planned;
    const changes = arrange(compared.changes, wished.target);
    const whole = { plan: { ...compared, changes }, problems, troubles: [], notices: [] };
    return change(this.ground, { aim, planned: whole, memory, ledger }, course);
  }

  /** `isNoWorse` is what the health checks say to a run of which only the verdict is missing. */
  async recover(isNoWorse?: () => Promise<boolean>): Promise<readonly Problem[]> {
    const { machine, state } = this.ground;
    const memory = await loadMemory(state);
    const { recovery, problems } = await recover(machine, state, {
      remember: (steps) => memory.save(rememberSteps(memory.memory, steps)),
      ...(isNoWorse === undefined ? {} : { isNoWorse }),
    });
    return [...memory.problems, ...problems, ...(recovery?.problems ?? [])];
  }

  /** Whether a run did not come to its end. */
  isOpen(): boolean {
    return isJournalOpen(this.ground.state);
  }

  /** The same server as it comes up again; without a chance, with nothing that was not synced. */
  afterPowerCut(chance?: Chance, survival?: Survival): MemorySchool {
    return new MemorySchool(this.disk.afterPowerCut(chance, survival));
  }

  /** Everything outside of the state directory: one line a path, with the time of a file's content. */
  tree(): readonly string[] {
    return Object.entries(this.disk.snapshot())
      .filter(([path]) => path !== "/" && !path.startsWith("/var"))
      .map(([path, entry]) => `${path} ${JSON.stringify(entry)}`);
  }

  /** The same with mtime and inode of everything but folders, while the power is on. */
  exactTree(): readonly string[] {
    return this.tree().map((line) => {
      const stat = this.disk.stat(line.slice(0, line.indexOf(" ")));
      return stat === undefined || stat.type === "directory" ? line : `${line} ${stat.stamp.mtimeMs} ${stat.stamp.ino}`;
    });
  }
}

function newDisk(): MemoryFiles {
  const disk = new MemoryFiles();
  disk.putDirectory(STATE);
  return disk;
}

const config = settings();

function settings() {
  const text = `{host: escuela-12, remotes: {fleet: {url: /srv/fleet.git}}, trust: none, state: ${STATE}}`;
  const read = parseConfig("/etc/reconciler/config.yaml", Buffer.from(text));
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  return read.value;
}

function machineWith(files: Files, wallMs: () => number): Machine {
  const none = { code: undefined, ended: "not-found", stdout: Buffer.alloc(0), stderr: "" };
  return {
    files,
    store: { files: below(files, STATE), hostPath: (path) => STATE + path },
    clock: { wallMs, monotonicMs: () => performance.now() },
    live: true,
    privileged: true,
    hostPath: (path) => path,
    query: () => Promise.resolve(none),
    run: () => Promise.resolve(none),
  };
}

/** Files below a folder of others: what is changed there counts as a change of the whole disk. */
function below(files: Files, folder: string): Files {
  const at = (path: string): string => (path === "/" ? folder : folder + path);
  return {
    stat: (path) => files.stat(at(path)),
    stats: (paths) => files.stats(paths.map(at)),
    read: (path, limit) => files.read(at(path), limit),
    digest: (path) => files.digest(at(path)),
    readLink: (path) => files.readLink(at(path)),
    list: (path) => files.list(at(path)),
    space: (path) => files.space(at(path)),
    create: (path, bytes, permissions) => files.create(at(path), bytes, permissions),
    copyIn: (from, to, permissions) => files.copyIn(from, at(to), permissions),
    append: (path, bytes) => files.append(at(path), bytes),
    jot: (path, bytes) => files.jot(at(path), bytes),
    copyAttributes: (from, to) => files.copyAttributes(at(from), at(to)),
    copyAttributesOfMany: (pairs) => files.copyAttributesOfMany(pairs.map(([from, to]) => [at(from), at(to)])),
    makeDirectory: (path, permissions) => files.makeDirectory(at(path), permissions),
    removeDirectory: (path) => files.removeDirectory(at(path)),
    makeSymlink: (target, path, permissions) => files.makeSymlink(target, at(path), permissions),
    link: (from, to) => files.link(at(from), at(to)),
    rename: (from, to) => files.rename(at(from), at(to)),
    unlink: (path) => files.unlink(at(path)),
    setPermissions: (path, permissions) => files.setPermissions(at(path), permissions),
    syncDirectory: (path) => files.syncDirectory(at(path)),
  };
}

/** Chance that a seed repeats (mulberry32). */
export function chanceOf(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
