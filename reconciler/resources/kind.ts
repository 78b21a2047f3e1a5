// The contract of a kind of resource: how it is looked at, made ready, changed, and walked back.
import type { Machine, MachineReader } from "../machine/machine.ts";
import type { Change } from "../model/plan.ts";
import type { Kind, ResourceId } from "../model/state.ts";
import type { Contents, Memory, Seen, Target } from "../model/target.ts";
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

export interface Looked {
  readonly seen: ReadonlyMap<ResourceId, Seen>;
  /** What could not be looked at, and why. */
  readonly problems: readonly Problem[];
}

export interface ResourceKind {
  /** What the machine has for these ids. Bytes that did not move since Memory was written need not be read again. */
  observe(machine: MachineReader, ids: readonly ResourceId[], target: Target, memory: Memory): Promise<Looked>;
  /** Names for staged and kept things; thinks only. */
  steps(changes: readonly Change[], run: string, firstStep: number): readonly Step[];
  /** Whether the changes can fit at all: space, inodes, a writable file system. */
  room(machine: MachineReader, steps: readonly Step[]): readonly Problem[];
  /** Everything that can fail, made ready out of sight: nothing visible has changed when it resolves. */
  prepare(machine: Machine, steps: readonly Step[], contents: Contents): Promise<readonly Problem[]>;
  /** One visible change. */
  perform(machine: Machine, step: Step): readonly Problem[];
  /** Makes what was performed (or undone) last. */
  settle(machine: Machine, steps: readonly Step[]): Promise<readonly Problem[]>;
  /**
   * Back to the state before, whether the step was made, half made or not begun; may be called any number of times
   * until `release`. What somebody else put there meanwhile stays, and is told as `left-in-place`.
   */
  undo(machine: Machine, step: Step): Promise<readonly Problem[]>;
  /** Content that the step replaced although we had not put it there; undefined when nothing of the sort was lost. */
  foreignContent(machine: MachineReader, step: Step): Promise<Buffer | undefined>;
  /** Lets go of what undo would have needed. */
  release(machine: Machine, step: Step): readonly Problem[];
}

/** Every kind has a row: leaving one out does not compile. */
export type Kinds = { readonly [K in Kind]: ResourceKind };

export function kindOf(id: ResourceId): Kind {
  return id.slice(0, id.indexOf(":")) as Kind;
}
