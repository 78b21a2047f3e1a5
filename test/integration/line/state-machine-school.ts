// A school on the way from one revision to another in; the same with something happening to it in the middle of a stage, and
// what came of that, out.
import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Ground } from "../../../reconciler/ground.ts";
import { FileError } from "../../../reconciler/machine/machine.ts";
import type { Event } from "../../../reconciler/model/event.ts";
import type { Stage } from "../../../reconciler/model/outcome.ts";
import { recoverOpenRun } from "../../../reconciler/recovering.ts";
import { saveHolds } from "../../../reconciler/state/holds.ts";
import { loadLedger } from "../../../reconciler/state/ledger.ts";
import { loadMemory } from "../../../reconciler/state/memory.ts";
import { behindDoor, changes, grows, waits, type Doorkeeper, type Knock } from "../../support/doors.ts";
import type { Content } from "../../support/git-forge.ts";
import { MemoryFiles, PowerCut } from "../../support/memory-files.ts";
import { SavedSchool } from "../../support/saved-school.ts";
import { School } from "../../support/school.ts";

export type Moment = Stage | "recover" | "keep";
export type Mishap = "kill" | "hang" | "error" | "disk full" | "clock jump" | "newer commit" | "suspend";
export type TreeName = "old" | "new" | "newer" | "in between";

/** What happened, in the words of the table. */
export interface Told {
  /** Of the run; "-" when it never came to its end. */
  readonly result: string;
  readonly tree: TreeName;
  /** After a timer outside took care of a run that hung. */
  readonly timer?: TreeName;
  readonly next: string;
  readonly then: TreeName;
  /** Of the run after the next. */
  readonly last: string;
}

/** Follows "old", and is offered "new"; or "harm"; or was cut off half way to "new". */
type Scene = "change" | "harm" | "open";

export class StagedSchool {
  readonly #school: School;
  readonly #saved: SavedSchool;
  readonly #commits = new Map<string, string>();
  readonly #trees = new Map<string, TreeName>();
  #close: () => void = () => undefined;

  private constructor(school: School) {
    this.#school = school;
    this.#saved = new SavedSchool(school);
  }

  static async open(): Promise<StagedSchool> {
    const staged = new StagedSchool(await School.open({ settings: { deadlines: { fetch_s: 1, check_s: 1 } } }));
    await staged.#setTheScenes();
    return staged;
  }

  async close(): Promise<void> {
    this.#close();
    await this.#school.close();
  }

  /** A run in which it happens at that moment; then, if it hung, the timer; then two more runs. */
  async tell(mishap: Mishap, moment: Moment): Promise<Told> {
    await this.#setScene(sceneOf(moment));
    const result = await this.#disturbed(mishap, moment);
    const tree = this.#tree();
    const timer = result === "hangs" ? { timer: await this.#timer() } : {};
    this.#mend();
    const next = (await this.#school.cycle()).result;
    const then = this.#tree();
    const last = (await this.#school.cycle()).result;
    return { result: result === "hangs" ? "-" : result, tree, ...timer, next, then, last };
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
    await commit("newer than harm", this.#fleet("hello newer"), { branch: null });
    await school.fleet.move("main", this.#commitOf("old"));
    await commit("new", this.#fleet("hello new"));
    await commit("newer", this.#fleet("hello newer"), { branch: null });
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

  /** "hangs" when it never comes to its end. */
  async #disturbed(mishap: Mishap, moment: Moment): Promise<string> {
    const school = this.#school;
    const ground = await school.ground();
    let keeper: Doorkeeper = () => undefined;
    let hasHung: () => void = () => undefined;
    const hung = new Promise<"hangs">((resolve) => (hasHung = () => resolve("hangs")));
    const setClock = { aheadMs: 0 };
    const strikes: Readonly<Record<Mishap, () => void>> = {
      kill: () => (keeper = dead),
      hang: () => {
        if (moment === "judge" || moment === "check") this.#be("hangs");
        else keeper = hanging(hasHung);
      },
      error: () => {
        keeper = this.#fault(moment) ?? keeper;
      },
      "disk full": () => (keeper = full),
      "clock jump": () => (setClock.aheadMs = 20 * 365 * 86_400_000),
      "newer commit": () => this.#pushNewer(moment),
      suspend: () => this.#suspend(),
    };
    const trigger = triggerAt(moment, () => {
      if (mishap === "hang" && moment === "fetch") return;
      strikes[mishap]();
    });
    if (mishap === "hang" && moment === "fetch") await this.#silence();
    const door: Doorkeeper = (knock) => {
      trigger.knock(knock);
      return keeper(knock);
    };
    const hear = (event: Event): void => {
      trigger.hear(event);
      // An error lasts as long as the stage in which it came.
      if (mishap === "error" && event.type === "stage-ended" && event.stage === moment) keeper = () => undefined;
    };
    const run = school.cycle(behind(ground, door, setClock), {}, hear).then(({ result }) => result);
    const result = await Promise.race([run, hung]);
    if (!trigger.hasCome()) throw new Error(`${moment} never came`);
    // Whatever is left of it does nothing any more.
    keeper = dead;
    return mishap === "kill" ? "-" : result;
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
  #fault(moment: Moment): Doorkeeper | undefined {
    switch (moment) {
      case "fetch":
        renameSync(this.#school.fleet.path, `${this.#school.fleet.path}.away`);
        return undefined;
      case "verify":
        renameSync(this.#signers, `${this.#signers}.away`);
        return undefined;
      case "read":
        rmSync(join(this.#school.state, "mirror.git/objects"), { recursive: true });
        return undefined;
      case "refresh":
        renameSync(this.#stick, `${this.#stick}.away`);
        return undefined;
      case "check":
      case "judge":
        this.#be("unwell");
        return undefined;
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
    this.#school.configure({ remotes, trust: { allowed_signers: this.#signers } });
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
          mood: { exec: [this.#check], grace_s: 0, timeout_s: 1 },
        },
      }),
      "files/motd": `${text}\n`,
    };
  }

  #suspension = Buffer.alloc(0);

  /** Bytes of a suspension for the next days. */
  async prepare(): Promise<void> {
    const files = new MemoryFiles();
    const since = Date.now();
    const suspension = { reason: "the inspector comes", by: "admin", since, until: since + 86_400_000 };
    await saveHolds(files, { suspension });
    this.#suspension = await files.read("/holds.b");
  }
}

function sceneOf(moment: Moment): Scene {
  if (moment === "rollback") return "harm";
  return moment === "recover" ? "open" : "change";
}

function behind({ machine, state, copy, ...ground }: Ground, door: Doorkeeper, set: { aheadMs: number }): Ground {
  const { clock } = machine;
  const plugged = behindDoor(state, "state", door);
  return {
    ...ground,
    machine: {
      ...machine,
      files: behindDoor(machine.files, "root", door),
      store: { ...machine.store, files: behindDoor(machine.store.files, "state", door) },
      clock: { ...clock, wallMs: () => clock.wallMs() + set.aheadMs },
    },
    state: plugged,
    copy: behindDoor(copy, "copy", door),
  };
}

interface Trigger {
  hear(event: Event): void;
  knock(knock: Knock): void;
  hasCome(): boolean;
}

/** Acts once, in the middle of what is done then: after some of its changes, where it makes any. */
function triggerAt(moment: Moment, act: () => void): Trigger {
  let state: "waiting" | "soon" | "over" = "waiting";
  let left = moment === "rollback" || moment === "recover" ? 2 : 0;
  const strike = (): void => {
    state = "over";
    act();
  };
  return {
    hasCome: () => state === "over",
    hear(event) {
      if (state !== "waiting") return;
      if (moment === "apply" ? event.type === "step-done" && event.n === 3 : isStart(event, moment))
        if (left > 0) state = "soon";
        else strike();
    },
    knock(knock) {
      if (state === "soon" && knock.of === "root" && changes(knock) && --left === 0) return strike();
      if (state === "soon" && moment === "keep") return strike();
      if (state !== "waiting" || knock.of !== "state") return;
      const [path, bytes] = knock.given;
      if (moment === "read" && knock.call === "read" && path === "/target.cache") return strike();
      if (moment === "recover" && knock.call === "read" && path === "/journal.log") state = "soon";
      if (moment === "keep" && knock.call === "append" && String(bytes).includes('"verdict"')) state = "soon";
    },
  };
}

function isStart(event: Event, moment: Moment): boolean {
  return event.type === "stage-started" && event.stage === moment;
}

const dead: Doorkeeper = () => {
  throw new PowerCut();
};

function hanging(hasHung: () => void): Doorkeeper {
  return (knock) => {
    if (!waits(knock)) return undefined;
    hasHung();
    return { instead: new Promise(() => undefined) };
  };
}

const full: Doorkeeper = (knock) => {
  if (knock.call === "space") return { instead: { bytes: 0, inodes: 0, readOnly: false, device: 1 } };
  return grows(knock) ? fail("ENOSPC", knock) : undefined;
};

function fail(code: string, { call, given: [path] }: Knock): never {
  throw new FileError(code, call, String(path));
}

function moveBack(place: string): void {
  try {
    renameSync(`${place}.away`, place);
  } catch {
    // It was never away.
  }
}
