// An old content that was kept in; put back where it lay, as a run of one change: all of it or none of it, and what lay
// there instead is kept in its turn.
import { apply } from "./apply/apply.ts";
import { keep, rollBack } from "./apply/finish.ts";
import { isJournalOpen } from "./apply/journal.ts";
import { startCourse } from "./course.ts";
import type { Ground } from "./ground.ts";
import type { RegularFile } from "./model/file-state.ts";
import type { Change } from "./model/plan.ts";
import { satisfies } from "./model/satisfies.ts";
import { fileId, type State } from "./model/state.ts";
import type { Seen, Target } from "./model/target.ts";
import { observe } from "./observe.ts";
import { LARGEST_KEPT } from "./resources/file/foreign.ts";
import { keptFolder, limitKept, readKept, type Kept } from "./state/kept.ts";
import { loadLedger } from "./state/ledger.ts";
import { refuse, succeed, type Problem, type Result } from "../common/problem.ts";

export interface PutBack {
  /** The run that did it; what lay there before is kept under its name, if it was kept. */
  readonly run: string;
  readonly state: RegularFile;
  readonly keptInstead: boolean;
  /** Told; it is put back nevertheless. */
  readonly problems: readonly Problem[];
}

/** The caller holds the run lock. */
export async function putBack(ground: Ground, kept: Kept): Promise<Result<PutBack>> {
  const { machine, state, config } = ground;
  if (isJournalOpen(state)) return refuse(cutOff());
  const bytes = await readKept(state, kept);
  if (bytes === undefined) return refuse(damaged(kept));
  const found = await look(ground, kept.path);
  if (!found.ok) return found;
  const because = `${kept.path} is put back`;
  const course = startCourse(machine.clock, { trigger: "manual", because }, config.deadlines.cycleMs, () => undefined);
  const after = wantedState(ground, kept, found.value.state);
  if (satisfies(found.value.state, after))
    return succeed({ run: course.run, state: after, keptInstead: false, problems: [] });
  const problems = await make(ground, course, changeOf(kept.path, found.value, after), bytes);
  const keptInstead = state.stat(keptFolder(course.run) + kept.path) !== undefined;
  if (isJournalOpen(state) || !problems.made) return refuse(...problems.told);
  await limitKept(state, config.limits.keptBytes);
  return succeed({ run: course.run, state: after, keptInstead, problems: problems.told });
}

async function make(
  { machine, state, config }: Ground,
  { run, signal, emit }: ReturnType<typeof startCourse>,
  change: Change,
  bytes: Buffer,
): Promise<{ readonly made: boolean; readonly told: readonly Problem[] }> {
  const { ledger } = await loadLedger(state);
  const { digest } = change.after as RegularFile;
  const { steps, problems } = await apply(
    machine,
    state,
    {
      ...{ run, commit: ledger.applied?.commit ?? "", digest: "", at: machine.clock.wallMs() },
      ...{ deadlineMs: config.deadlines.cycleMs, signal, checks: [], before: [] },
      ...{ changes: [change], contents: new Map([[digest, bytes]]) },
    },
    emit,
  );
  if (problems.length === 0)
    // Memory stays as it is: to git this is a change that somebody made on this server.
    return { made: true, told: await keep(machine, state, run, steps, () => Promise.resolve()) };
  const left = steps.length === 0 ? [] : await rollBack(machine, state, run, steps);
  return { made: false, told: [...problems, ...left] };
}

/** What is there now is to be kept in its turn. */
async function look({ machine }: Ground, path: string): Promise<Result<Seen>> {
  const id = fileId(path);
  const wanted = new Map([[id, { state: { type: "regular", digest: "", size: 0 }, policy: "enforce" } as const]]);
  const target: Target = { key: "", wanted, health: [], brake: { maxRemovals: 0, maxShare: 0 } };
  const { observed, problems } = await observe(machine, target, new Map());
  const seen = observed.get(id);
  if (seen === undefined || problems.length > 0) return refuse(...problems);
  const { state } = seen;
  if (state.type !== "absent" && state.type !== "regular") return refuse(inTheWay(path, state.type));
  return state.type === "regular" && state.size > LARGEST_KEPT ? refuse(tooLarge(path)) : succeed(seen);
}

/** With the owner and the mode that it had; where the record of them is lost, those of what is there now. */
function wantedState({ machine }: Ground, kept: Kept, there: State): RegularFile {
  const { mode = 0o600, uid, gid } = kept.mode === undefined && there.type === "regular" ? there : kept;
  const owner = machine.privileged && uid !== undefined && gid !== undefined ? { uid, gid } : {};
  return { type: "regular", digest: kept.digest, size: kept.size, mode, ...owner };
}

function changeOf(path: string, { state: before, stamp }: Seen, after: RegularFile): Change {
  const seen = stamp === undefined ? {} : { stamp };
  return { id: fileId(path), before, after, why: "drifted", standing: "drift", ...seen };
}

function cutOff(): Problem {
  return {
    code: "interrupted-run",
    what: "a run was cut off in the middle, and has to be brought to its end before anything else",
    hint: "reconcile recover",
  };
}

function damaged({ path, run }: Kept): Problem {
  return {
    code: "kept-damaged",
    where: { file: path },
    what: `what was kept of it by the run ${run} is not what it was: it was damaged on disk, or somebody changed it`,
    hint: "take another one (reconcile restore with the path tells which there are); look at the disk's health (smartctl)",
  };
}

function inTheWay(path: string, type: string): Problem {
  return {
    code: "restore-in-the-way",
    where: { file: path },
    what: `there is a ${type} now, and only a file is replaced`,
    hint: "move it away, or take the old content elsewhere with --to FILE",
  };
}

function tooLarge(path: string): Problem {
  return {
    code: "restore-too-large",
    where: { file: path },
    what: `what is there now is larger than ${LARGEST_KEPT} bytes, and so could not be kept`,
    hint: "move it away first, or take the old content elsewhere with --to FILE",
  };
}
