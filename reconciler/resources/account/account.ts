// What the two kinds have in common: they share four files, and so the way in which those are looked at and changed.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import { ABSENT } from "../../model/absent.ts";
import { fileId } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import { settleFiles } from "../file/perform.ts";
import { needsOfFiles } from "../file/needs.ts";
import { tellingLater } from "../file/telling.ts";
import type { ResourceKind, Step } from "../kind.ts";
import { ACCOUNT_FILES, readDatabase } from "./database.ts";
import { recordName } from "./names.ts";
import { observeAccounts } from "./observe.ts";
import { performAccounts } from "./perform.ts";
import { refusals } from "./rules.ts";
import { releaseAccount, undoAccounts } from "./undo.ts";

/** One and the same for both: a user and its group come and go by one edit of each file. */
export const accountKind: ResourceKind = {
  observe: observeAccounts,
  steps: (changes, run, firstStep) =>
    changes.map((change, index) => ({ n: firstStep + index, change, backup: recordName(run, firstStep + index) })),
  needs: (machine) => needsOfFiles(machine, filesOf(machine)),
  prepare: prepareAccounts,
  perform: performAccounts,
  settle: (machine) => settleFiles(machine, filesOf(machine)),
  undo: undoAccounts,
  release: releaseAccount,
};

/** However many accounts change, each file is written anew once; all of it happens in one folder. */
function filesOf({ files }: MachineReader): readonly Step[] {
  return ACCOUNT_FILES.map((file, n) => {
    const after = { type: "regular", digest: "", size: files.stat(file)?.size ?? 0 } as const;
    return { n, change: { id: fileId(file), before: ABSENT, after, why: "changed", standing: "pending" } };
  });
}

/** Nothing can be staged yet: a user may come together with its group. What can be known is known before anything moves. */
async function prepareAccounts({ files }: Machine, steps: readonly Step[]): Promise<readonly Problem[]> {
  return tellingLater(async () => {
    const { database } = await readDatabase(files);
    return steps.flatMap(({ change }) => refusals(database, change));
  });
}
