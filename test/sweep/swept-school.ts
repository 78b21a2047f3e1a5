// A school whose server follows the old revision, with the new one on offer: run under strace, looked at, put back.
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Outcome } from "../../reconciler/model/outcome.ts";
import { recoverOpenRun, type Recovered } from "../../reconciler/recovering.ts";
import { readHistory } from "../../reconciler/state/history.ts";
import { saveHolds } from "../../reconciler/state/holds.ts";
import { loadLedger } from "../../reconciler/state/ledger.ts";
import { loadMemory } from "../../reconciler/state/memory.ts";
import { School, type Ran, type Snapshot } from "../support/school.ts";
import { runTraced, type Traced, type Tracing } from "../support/strace-run.ts";
import { nameTree } from "./known-trees.ts";
import { Reader } from "./reader.ts";
import { newRevision, oldRevision } from "./two-revisions.ts";

const run = promisify(execFile);
/** In memory where there is such a folder, because of thousands of syncs. */
const MEMORY = "/dev/shm";
/** In the state; it belongs to the supervisor, who lives on from run to run. */
const SUPERVISE = "supervise";
const PARTS = ["root", "state", "state-copy"];

export class SweptSchool {
  readonly #school: School;
  readonly #reader: Reader;
  #old: Snapshot = {};
  #new: Snapshot = {};

  private constructor(school: School, reader: Reader) {
    this.#school = school;
    this.#reader = reader;
  }

  static async open(): Promise<SweptSchool> {
    const school = await School.open(existsSync(MEMORY) ? { folder: MEMORY } : {});
    mkdirSync(school.at("/etc"));
    const swept = new SweptSchool(school, await Reader.start(school.forge.directory, school.configFile));
    try {
      await swept.#prepare();
      return swept;
    } catch (error) {
      await swept.close();
      throw error;
    }
  }

  get directory(): string {
    return this.#school.forge.directory;
  }

  /** Takes out of a text what differs from run to run: the folder of the school, and the name of the run. */
  readonly shorten = (text: string): string =>
    text.replaceAll(this.directory, "").replaceAll(/\d{8}T\d{9}Z-[0-9a-f]{4}/gu, "RUN");

  async #prepare(): Promise<void> {
    const school = this.#school;
    const places = { root: school.root, notes: this.directory };
    await school.commit(oldRevision(places));
    await this.#settle();
    school.put("/etc/foreign", "of somebody else\n");
    await school.commit(newRevision(places));
    await this.#fetch();
    for (const part of PARTS) await run("cp", ["-a", this.#place(part), this.#place(`saved-${part}`)]);
    rmSync(this.#place("saved-state", SUPERVISE), { recursive: true });
    this.#old = school.snapshot();
    await this.#settle();
    this.#new = school.snapshot();
    await this.restore();
  }

  #place(...names: readonly string[]): string {
    return join(this.directory, ...names);
  }

  async #settle(): Promise<void> {
    const { settled, problems } = await this.#school.cycle();
    if (!settled) throw new Error(`this is no start: ${JSON.stringify(problems)}`);
  }

  /** Beforehand, because what git's own programs do to the mirror is tried elsewhere. */
  async #fetch(): Promise<void> {
    const { state } = await this.#school.ground();
    const suspension = { reason: "it is only fetched", by: "a test", since: 0, until: Number.MAX_SAFE_INTEGER };
    await saveHolds(state, { suspension });
    const { result } = await this.#school.cycle();
    if (result !== "deferred") throw new Error(`this is no start: ${result}`);
    await saveHolds(state, {});
  }

  /** Root and state as they were before the run, with everything but inode numbers and the time of that change. */
  async restore(): Promise<void> {
    for (const part of PARTS) {
      const names = readdirSync(this.#place(part)).filter((name) => name !== SUPERVISE);
      for (const name of names) rmSync(this.#place(part, name), { recursive: true, force: true });
      await run("cp", ["-a", `${this.#place(`saved-${part}`)}/.`, this.#place(part)]);
    }
    const { machine } = await this.#school.ground();
    await this.#reader.readAnew(machine, "old");
  }

  /** One cycle of the built program, of which strace tells the calls of these names. */
  now(names: readonly string[], how: Tracing = {}): Promise<Traced> {
    const words = ["--now", "--json", "--config", this.#school.configFile];
    return runTraced(words, this.#place("strace.log"), names, how);
  }

  /** `reconcile recover` as a process of its own. */
  recoverByProgram(): Promise<Ran> {
    return this.#school.run(["recover", "--config", this.#school.configFile]);
  }

  /** The same in this process. */
  async recover(): Promise<Recovered> {
    const ground = await this.#school.ground();
    const stored = { memory: await loadMemory(ground.state), ledger: await loadLedger(ground.state) };
    return recoverOpenRun(ground, stored, () => undefined, AbortSignal.timeout(ground.config.deadlines.cycleMs));
  }

  cycle(): Promise<Outcome> {
    return this.#school.cycle();
  }

  /** `old`, `new`, or how it differs from both. */
  tree(): string {
    return nameTree(this.#school.snapshot(), this.#old, this.#new);
  }

  /** Resolves when the service has read the file of that tree. */
  serviceHasRead(tree: "old" | "new"): Promise<void> {
    return this.#reader.hasRead(tree);
  }

  /** What cannot be read of the state, in words. */
  async unreadable(): Promise<readonly string[]> {
    const { state } = await this.#school.ground();
    const [{ memory, ...one }, { ledger, ...other }] = [await loadMemory(state), await loadLedger(state)];
    await readHistory(state);
    const isForgotten = memory.size === 0 || ledger.applied === undefined;
    return [...[...one.problems, ...other.problems].map(({ what }) => what), ...(isForgotten ? ["forgotten"] : [])];
  }

  async close(): Promise<void> {
    await this.#reader.stop();
    await this.#school.close();
  }
}

/** One for each core that there surely is. */
export async function openTwo(): Promise<readonly [SweptSchool, SweptSchool]> {
  const first = await SweptSchool.open();
  try {
    return [first, await SweptSchool.open()];
  } catch (error) {
    await first.close();
    throw error;
  }
}
