// The contract of a kind of resource: how it is looked at, made ready, changed, and walked back.
import type { Machine, MachineReader, Question } from "../machine/machine.ts";
import type { DataAge } from "../model/event.ts";
import type { Change, Held, Plan } from "../model/plan.ts";
import type { Kind, ResourceId, State } from "../model/state.ts";
import type { Contents, Memory, Observed, Seen, Target } from "../model/target.ts";
import type { Problem } from "../../common/problem.ts";

/** A change with the names of the things its undo will need. It goes to the journal before anything is touched. */
export interface Step {
  /** Counts from 0 in the order of the plan. */
  readonly n: number;
  readonly change: Change;
  /** Where the new content waits. */
  readonly staged?: string;
  /** A second name of the old content, until the verdict. */
  readonly backup?: string;
}

/** A problem that stops one resource, and what depends on it, and nothing else. */
export interface Trouble {
  readonly id: ResourceId;
  readonly problem: Problem;
}

export interface Looked {
  readonly seen: ReadonlyMap<ResourceId, Seen>;
  /** What could not be looked at, and why: the run stops. */
  readonly problems: readonly Problem[];
  /** What could not be looked at, and only holds back what depends on it. */
  readonly troubles?: readonly Trouble[];
}

/** What a kind may be told of time. */
export interface Timed {
  /** Aborted when the run has no time left. */
  readonly signal: AbortSignal;
}

export interface Asking extends Timed {
  /** Whether anybody outside may be asked now; otherwise what was learned last is told again. */
  readonly ask: boolean;
  /** Whether a person wants it now: nobody waits for the next turn to ask. */
  readonly now?: boolean;
}

export interface Refreshed {
  /** Wanted states that only their source knows, such as the newest version of a list: they replace those of the Target. */
  readonly offers: ReadonlyMap<ResourceId, State>;
  /** Told; no reason to stop. */
  readonly problems: readonly Problem[];
  /** How old is what may get stale. */
  readonly ages?: readonly DataAge[];
}

/** What a kind knows when it completes a plan. */
export interface Draft {
  readonly plan: Plan;
  readonly target: Target;
  readonly observed: Observed;
  readonly memory: Memory;
}

export interface Completed {
  /** All changes of this kind, in place of those of the draft. */
  readonly changes: readonly Change[];
  /** Further differences that are told and not put right. */
  readonly held: readonly Held[];
  readonly troubles: readonly Trouble[];
  /** Told; no reason to stop. */
  readonly notices: readonly Problem[];
}

export interface Gathered {
  readonly troubles: readonly Trouble[];
  /** Changes that go on although there will be no way back, because the fleet allows it; why, to follow "cannot be undone: ". */
  readonly irreversible?: ReadonlyMap<ResourceId, string>;
}

export interface Performing extends Timed {
  readonly contents: Contents;
  /** Kinds of which this run has already made a change: a package brings files to where nothing was. */
  readonly earlier: ReadonlySet<Kind>;
  /** Told as soon as a step is made. */
  readonly done: (step: Step) => Promise<void>;
}

/** What changes take of one file system. Those of a whole run are added up before any of them is begun. */
export interface Need {
  /** Told when it does not fit. */
  readonly path: string;
  /** What falls onto the file system of this folder, or of the nearest one above it that is there. */
  readonly folder: string;
  /** Both lie in the store instead of below the managed root. */
  readonly inStore?: true;
  readonly bytes: number;
  readonly inodes: number;
  /** Left free for others; 0 for what only takes things away, which may use even that, because it makes room. */
  readonly marginBytes: number;
}

export interface ResourceKind {
  /**
   * What refresh and observe will ask first if nothing new is wanted: begun while git is asked. They get the answers of
   * that moment.
   */
  ahead?(machine: MachineReader, memory: Memory): Promise<readonly Question[]>;
  /**
   * Asks what lies outside this server (repositories, data servers) what it has now, as often as it deserves it, which
   * the kind knows. What it learns lies in the store; nothing visible changes.
   */
  refresh?(machine: Machine, target: Target, memory: Memory, asking: Asking): Promise<Refreshed>;
  /** What the machine has for these ids. Bytes that did not move since Memory was written need not be read again. */
  observe(machine: MachineReader, ids: readonly ResourceId[], target: Target, memory: Memory): Promise<Looked>;
  /** What the changes of a plan bring with them: packages pulled in, services that have to read their files again. */
  complete?(machine: MachineReader, draft: Draft): Promise<Completed>;
  /**
   * Fetches from outside what the changes (all of this kind) will need, and secures what their undo will need. May take
   * long and may be repeated; nothing visible changes.
   */
  gather?(machine: Machine, changes: readonly Change[], target: Target, timed: Timed): Promise<Gathered>;
  /** Names for staged and kept things; thinks only. */
  steps(changes: readonly Change[], run: string, firstStep: number): readonly Step[];
  /** What the changes will take of which file systems, as far as anybody can know beforehand. */
  needs(machine: MachineReader, steps: readonly Step[]): readonly Need[];
  /** Everything that can fail, made ready out of sight: nothing visible has changed when it resolves. */
  prepare(machine: Machine, steps: readonly Step[], contents: Contents): Promise<readonly Problem[]>;
  /** Visible changes that follow one another in the plan; stops at the first that does not work. */
  perform(machine: Machine, batch: readonly Step[], performing: Performing): Promise<readonly Problem[]>;
  /** Makes what was performed (or undone) last. */
  settle(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]>;
  /**
   * Back to the state before, last step first, whether a step was made, half made or not begun; may be called any number
   * of times until `release`. What somebody else put there meanwhile stays, and is told as `left-in-place`.
   */
  undo(machine: Machine, batch: readonly Step[]): Promise<readonly Problem[]>;
  /** After every step of every kind is back: what runs has to use again what is there again. May be repeated. */
  revive?(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]>;
  /** Content that the step replaced although we had not put it there; undefined when nothing of the sort was lost. */
  foreignContent?(machine: MachineReader, step: Step): Promise<Buffer | undefined>;
  /** Lets go of what undo would have needed. */
  release(machine: Machine, step: Step): readonly Problem[];
}

/** Every kind has a row: leaving one out does not compile. */
export type Kinds = { readonly [K in Kind]: ResourceKind };
