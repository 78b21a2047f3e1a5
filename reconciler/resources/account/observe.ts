// What the machine has of these users and groups, and which of them are not ours to change: each file is read once.
import { describeFileError } from "../../machine/file-problem.ts";
import { FileError, type MachineReader } from "../../machine/machine.ts";
import { ABSENT } from "../../model/absent.ts";
import type { Change } from "../../model/plan.ts";
import { satisfies } from "../../model/satisfies.ts";
import type { ResourceId, State } from "../../model/state.ts";
import type { Memory, Seen, Target } from "../../model/target.ts";
import type { Looked, Trouble } from "../kind.ts";
import { readDatabase, type Database } from "./database.ts";
import { noFolder, refusals } from "./rules.ts";
import { accountsOf, stateIn } from "./states.ts";

export async function observeAccounts(
  { files }: MachineReader,
  ids: readonly ResourceId[],
  target: Target,
  memory: Memory,
): Promise<Looked> {
  if (ids.length === 0) return { seen: new Map(), problems: [] };
  try {
    const { database } = await readDatabase(files);
    const accounts = accountsOf(database);
    const seen = new Map<ResourceId, Seen>(ids.map((id) => [id, { state: stateIn(accounts, id) }]));
    const changes = [...seen].flatMap(([id, { state }]) => changeOf(id, state, target, memory));
    const isThere = files.stat("/etc") !== undefined;
    return { seen, problems: [], troubles: changes.flatMap((change) => troubleOf(database, isThere, change)) };
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    return { seen: new Map(), problems: [describeFileError(error)] };
  }
}

/** What would have to be done, as far as that can be said here. */
function changeOf(id: ResourceId, before: State, { wanted }: Target, memory: Memory): readonly Change[] {
  const after = wanted.get(id)?.state ?? (memory.get(id)?.origin === "created" ? ABSENT : before);
  return satisfies(before, after) ? [] : [{ id, before, after, why: "changed", standing: "pending" }];
}

function troubleOf(database: Database, isThere: boolean, change: Change): readonly Trouble[] {
  const problems = isThere ? refusals(database, change) : [noFolder(change)];
  return problems.slice(0, 1).map((problem) => ({ id: change.id, problem }));
}
