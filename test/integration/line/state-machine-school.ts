// A school on the way from one revision to another in; the same with something happening to it in the middle of a stage, and
// what came of that, out.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Event } from "../../../reconciler/model/event.ts";
import type { Outcome, RunResult } from "../../../reconciler/model/outcome.ts";
import { recoverOpenRun } from "../../../reconciler/recovering.ts";
import { saveHolds } from "../../../reconciler/state/holds.ts";
import { loadLedger } from "../../../reconciler/state/ledger.ts";
import { loadMemory } from "../../../reconciler/state/memory.ts";
import { changes, type Doorkeeper } from "../../support/doors.ts";
import type { Content } from "../../support/git-forge.ts";
import { MemoryFiles } from "../../support/memory-files.ts";
import { SavedSchool } from "../../support/saved-school.ts";
import { School } from "../../support/school.ts";
import {
  behind,
  dead,
  fail,
  full,
  hanging,
  open,
  triggerAt,
  YEAR_MS,
  type Mishap,
  type Moment,
} from "./state-machine-mishaps.ts";

export type TreeName = "old" | "new" | "newer" | "in between";

/** How it went, in the words of the table. */
export interface Went {
  /** Of the run; `dies` and `hangs` when it never came to its end. */
  readonly run: RunResult | "dies" | "hangs";
  /** After it; where it hung, after the timer outside took care of it. */
  readonly tree: TreeName;
  readonly next: RunResult;
  readonly then: TreeName;
  /** Of the run after the next. */
  readonly last: RunResult;
  /** What nobody foresaw. */
  readonly surprises: readonly string[];
}

/** Follows "old", and is offered "new"; or "harm"; or was cut off half way to "new". */
type Scene = "change" | "harm" | "open";

export class StagedSchool {
  readonly #school: School;
  readonly #saved: SavedSchool;
  readonly #commits = new Map<string, string>();
  readonly #suspension: Buffer;
  readonly #trees = new Map<string, TreeName>();
  #close: () => void = () => undefined;

  private constructor(school: School, suspension: Buffer) {
    this.#school = school;
    this.#suspension = suspension;
    this.#saved = new SavedSchool(school);
  }

  static async open(): Promise<StagedSchool> {
    const school = await School.open();
    const staged = new StagedSchool(school, await suspensionBytes());
    await staged.#setTheScenes();
    return staged;
  }

  async close(): Promise<void> {
    this.#close();
    await this.#school.close();
  }

  /** A run in which it happens at that moment; then, if it hung, the timer; then two more runs. */
  async go(mishap: Mishap, moment: Moment): Promise<Went> {
    await this.#setScene(sceneOf(moment));
    const { run, problems } = await this.#disturbed(mishap, moment);
    const tree = run === "hangs" ? await this.#timer() : this.#tree();
    this.#mend();
    const next = (await this.#school.cycle()).result;
    const then = this.#tree();
    const last = (await this.#school.cycle()).result;
    const surprises = problems.filter(({ code }) => code === "unexpected").map(({ what }) => what);
    return { run, tree, next, then, last, surprises };
  }

  async #setTheScenes(): Promise<void> {
    const school = this.#school;
    const { directory } = school.forge;
    const key = await school.forge.key("admin");
    writeFileSync(this.#signers, `admin@school.example ${key.publicLine}\n`, { mode: 0o644 });
    mkdirSync(join(directory, "stick/library"), { recursive: true });
    writeFileSync(join(directory, "stick/library/book"), "a book\n");
    writeFileSync(this.#mood, "well\n");
    writeFileSync(
      this.#check,
      `#!/bin/sh\nread -r mood <${this.#mood}\n[ $mood = hangs ] && exec sleep 1000\n[ $mood = well ]\n`,
    );
    chmodSync(this.#check, 0o755);
    school.configure({ trust: { allowed_signers: this.#signers } });
    const commit = async (name: string, files: Record<string, Content>, options = {}): Promise<void> => {
      this.#commits.set(name, await school.commit(files, { signingKey: key.file, ...options }));
    };
    await commit("old", this.#fleet("hello old"));
    await this.#reach("old");
    this.#saved.save("old");
    await commit("harm", this.#fleet("goodbye"));
    const afterHarm = { branch: null, parents: [this.#commitOf("harm")] };
    await commit("newer than harm", this.#fleet("hello newer"), afterHarm);
    await school.fleet.move("main", this.#commitOf("old"));
    await commit("new", this.#fleet("hello new"));
    await commit("newer", this.#fleet("hello newer"), { branch: null, parents: [this.#commitOf("new")] });
    await this.#reach("new");
    await school.fleet.move("main", this.#commitOf("newer"));
    await this.#reach("newer");
    await this.#setScene("change");
    await this.#disturbed("kill", "apply");
    this.#saved.save("open");
  }

  async #reach(name: TreeName): Promise<void> {
    const { result, problems } = await this.#school.cycle();
    if (result !== "changed" || problems.length > 0) throw new Error(JSON.stringify([name, result, problems]));
    this.#trees.set(this.#saved.tree().join("\n"), name);
  }

  async #setScene(scene: Scene): Promise<void> {
    this.#saved.restore(scene === "open" ? "open" : "old");
    await this.#school.fleet.move("main", this.#commitOf(scene === "harm" ? "harm" : "new"));
  }

  #commitOf(name: string): string {
    return this.#commits.get(name) ?? "";
  }

  #tree(): TreeName {
    return this.#trees.get(this.#saved.tree().join("\n")) ?? "in between";
  }

  async #disturbed(mishap: Mishap, moment: Moment): Promise<Pick<Went, "run"> & Pick<Outcome, "problems">> {
    const isSilent = mishap === "hang" && moment === "fetch";
    if (isSilent) await this.#silence();
    const ground = await this.#school.ground();
    const clock = { aheadMs: 0 };
    let keeper: Doorkeeper = open;
    let hasHung: () => void = () => undefined;
    const hung = new Promise<"hangs">((resolve) => (hasHung = () => resolve("hangs")));
    const strikes: Readonly<Record<Mishap, () => void>> = {
      kill: () => (keeper = dead),
      hang: () => (keeper = isSilent ? open : this.#hang(moment, hasHung)),
      error: () => (keeper = this.#fault(moment)),
      "disk full": () => (keeper = full),
      "clock ahead": () => (clock.aheadMs = 20 * YEAR_MS),
      "clock back": () => (clock.aheadMs = -ground.machine.clock.wallMs()),
      "newer commit": () => this.#pushNewer(moment),
      suspension: () => this.#suspend(),
    };
    const trigger = triggerAt(moment, strikes[mishap]);
    const door: Doorkeeper = (knock) => {
      trigger.knock(knock);
      return keeper(knock);
    };
    const hear = (event: Event): void => {
      trigger.hear(event);
      // An error lasts as long as the stage in which it came.
      if (mishap === "error" && event.type === "stage-ended" && event.stage === moment) keeper = open;
    };
    const ended = await Promise.race([this.#school.cycle(behind(ground, door, clock), {}, hear), hung]);
    // Whatever is left of it does nothing any more.
    keeper = dead;
    if (!trigger.hasCome()) throw new Error(`the run never came to ${moment}`);
    if (ended === "hangs") return { run: "hangs", problems: [] };
    return mishap === "kill" ? { run: "dies", problems: [] } : { run: ended.result, problems: ended.problems };
  }

  /** What it waits for never answers: its own check, or a disk. */
  #hang(moment: Moment, hasHung: () => void): Doorkeeper {
    if (moment !== "judge" && moment !== "check") return hanging(hasHung);
    this.#be("hangs");
    return open;
  }

  /** Long after the deadline, in another process. */
  async #timer(): Promise<TreeName> {
    const ground = await this.#school.ground();
    const { clock } = ground.machine;
    const lateMs = 2 * ground.config.deadlines.cycleMs;
    const late = { ...clock, monotonicMs: () => clock.monotonicMs() + lateMs, wallMs: () => clock.wallMs() + lateMs };
    const stored = { memory: await loadMemory(ground.state), ledger: await loadLedger(ground.state) };
    const machine = { ...ground.machine, clock: late };
    await recoverOpenRun({ ...ground, machine }, stored, () => undefined, AbortSignal.timeout(60_000));
    return this.#tree();
  }

  /** What was wrong outside of the server is over. */
  #mend(): void {
    this.#close();
    this.#be("well");
    for (const place of [this.#signers, this.#school.fleet.path, this.#stick]) moveBack(place);
    this.#school.configure({ trust: { allowed_signers: this.#signers } });
  }

  /** What can go wrong in this stage: what it needs is away, or its files cannot be read or written. */
  #fault(moment: Moment): Doorkeeper {
    switch (moment) {
      case "fetch":
        renameSync(this.#school.fleet.path, `${this.#school.fleet.path}.away`);
        return open;
      case "verify":
        renameSync(this.#signers, `${this.#signers}.away`);
        return open;
      case "read":
        rmSync(join(this.#school.state, "mirror.git/objects"), { recursive: true });
        return open;
      case "refresh":
        renameSync(this.#stick, `${this.#stick}.away`);
        return open;
      case "check":
      case "judge":
        this.#be("unwell");
        return open;
      case "keep":
        return (knock) => (knock.of === "state" && changes(knock) ? fail("EIO", knock) : undefined);
      default:
        return (knock) => (knock.of === "root" ? fail("EIO", knock) : undefined);
    }
  }

  #be(mood: "well" | "unwell" | "hangs"): void {
    writeFileSync(this.#mood, `${mood}\n`);
  }

  #pushNewer(moment: Moment): void {
    const newer = this.#commitOf(moment === "rollback" ? "newer than harm" : "newer");
    execFileSync("git", ["-C", this.#school.fleet.path, "update-ref", "refs/heads/main", newer]);
  }

  /** As the verb writes it, but at once. */
  #suspend(): void {
    writeFileSync(join(this.#school.state, "holds.b"), this.#suspension, { mode: 0o600 });
  }

  /** A remote that takes the call and never says a word. */
  async #silence(): Promise<void> {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? address?.port : 0;
    this.#close = () => server.close();
    const remotes = { fleet: { url: `http://127.0.0.1:${port}/fleet.git`, plain_http: true } };
    this.#school.configure({ remotes, deadlines: { fetch_s: 1 }, trust: { allowed_signers: this.#signers } });
  }

  get #signers(): string {
    return join(this.#school.forge.directory, "allowed_signers");
  }

  get #mood(): string {
    return join(this.#school.forge.directory, "mood");
  }

  get #check(): string {
    return join(this.#school.forge.directory, "check");
  }

  get #stick(): string {
    return join(this.#school.forge.directory, "stick");
  }

  #fleet(text: string): Record<string, Content> {
    const names = text === "hello old" ? ["a", "b", "c", "gone"] : ["a", "b", "c", "fresh/one"];
    const files = Object.fromEntries(names.map((name) => [`/srv/${name}`, { copy: "files/motd" }]));
    return {
      "fleet.yaml": JSON.stringify({
        files: { "/etc/motd": { copy: "files/motd" }, ...files },
        data: { "/srv/library": { path: join(this.#stick, "library") } },
        health: {
          greeted: { file: "/etc/motd", contains: "hello", grace_s: 0 },
          mood: { exec: [this.#check], grace_s: 0, timeout_s: 4 },
        },
      }),
      "files/motd": `${text}\n`,
    };
  }
}

/** Of a suspension for the next day. */
async function suspensionBytes(): Promise<Buffer> {
  const files = new MemoryFiles();
  const since = Date.now();
  const suspension = { reason: "the inspector comes", by: "admin", since, until: since + 86_400_000 };
  await saveHolds(files, { suspension });
  return files.read("/holds.b");
}

function sceneOf(moment: Moment): Scene {
  if (moment === "rollback") return "harm";
  return moment === "recover" ? "open" : "change";
}

function moveBack(place: string): void {
  try {
    renameSync(`${place}.away`, place);
  } catch {
    // It was never away.
  }
}
