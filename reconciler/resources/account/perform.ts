// Changes of users and groups in; all of them made by one edit of each account file.
//
// We edit the files ourselves, everywhere, and never ask useradd, usermod, groupadd or userdel: those change up to six
// files one after the other, and a power cut in between leaves some of it; they read defaults, copy skeletons and add
// numbers of their own that no undo could take back exactly; they differ from one distribution to the next (busybox has
// adduser); and on another root than "/" they want to be run inside it. An edit of ours is staged, takes each file over
// by one rename, and can be walked back line by line, whoever else changed those files meanwhile.
import type { Machine } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { kindOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import { tellingLater } from "../file/telling.ts";
import type { Performing, Step } from "../kind.ts";
import { busyUser } from "./busy.ts";
import { changedFiles, readDatabase, type Database, type Found } from "./database.ts";
import { doEdit, type Edit } from "./edit.ts";
import { groupEdits, userEdits } from "./edits.ts";
import { withAccountsLocked } from "./lock.ts";
import { keptName } from "./names.ts";
import { writeRecord } from "./record.ts";
import { lateRefusals } from "./late.ts";
import { refusals } from "./rules.ts";
import { accountsOf, stateIn } from "./states.ts";
import { writeDatabase } from "./write.ts";

export async function performAccounts(
  machine: Machine,
  batch: readonly Step[],
  performing: Performing,
): Promise<readonly Problem[]> {
  const { signal } = performing;
  const problems = await tellingLater(() => withAccountsLocked(machine, () => performTogether(machine, batch), signal));
  if (problems.length > 0) return problems;
  for (const step of batch) await performing.done(step);
  return [];
}

async function performTogether(machine: Machine, batch: readonly Step[]): Promise<readonly Problem[]> {
  const found = await readDatabase(machine.files);
  const edits = new Map<Step, readonly Edit[]>();
  let next = found.database;
  for (const step of batch) {
    const problems = obstacles(machine, next, step.change);
    if (problems.length > 0) return problems;
    const own = editsOf(next, step.change);
    edits.set(step, own);
    next = own.reduce(doEdit, next);
  }
  await keepOld(machine, found, next, edits);
  const moved = await writeDatabase(machine, found, next, { record: batch[0]?.backup ?? "" });
  return moved === undefined ? [] : [movedProblem(moved)];
}

function editsOf(database: Database, change: Change): readonly Edit[] {
  return kindOf(change.id) === "group" ? groupEdits(database, change) : userEdits(database, change);
}

function obstacles(machine: Machine, database: Database, change: Change): readonly Problem[] {
  if (hasMoved(database, change)) return [movedProblem(kindOf(change.id) === "group" ? "/etc/group" : "/etc/passwd")];
  return [...refusals(database, change), ...lateRefusals(database, change), ...busyUser(machine, change)];
}

/** Further groups may have come or gone with an earlier step. */
function hasMoved(database: Database, { id, before }: Change): boolean {
  const seen = stateIn(accountsOf(database), id);
  if (seen.type !== before.type) return true;
  if (seen.type === "group" && before.type === "group") return seen.gid !== before.gid;
  return (
    seen.type === "user" &&
    before.type === "user" &&
    (["uid", "group", "home", "shell"] as const).some((key) => before[key] !== undefined && seen[key] !== before[key])
  );
}

/** On disk before anything is touched: what the undo goes by, and the old files under second names. */
async function keepOld(
  machine: Machine,
  { database, stats }: Found,
  next: Database,
  edits: ReadonlyMap<Step, readonly Edit[]>,
): Promise<void> {
  const changed = changedFiles(database, next);
  const missing = changed.filter((file) => !stats.has(file));
  const [first] = edits.keys();
  for (const file of changed) {
    if (stats.has(file)) machine.files.link(file, keptName(first?.backup ?? "", file));
  }
  for (const [step, own] of edits) await writeRecord(machine, step, { edits: own, missing });
  await machine.files.syncDirectory("/etc");
}

function movedProblem(file: string): Problem {
  return {
    code: "moved",
    where: { file },
    what: "was changed by somebody else while this run was under way",
    hint: "the run is taken back; the next one starts from what is there now",
  };
}
