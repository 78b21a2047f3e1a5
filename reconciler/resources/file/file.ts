// Files, directories and symlinks as a kind of resource.
import type { Change } from "../../model/plan.ts";
import { sameContent } from "../../model/satisfies.ts";
import { nameOf } from "../../model/state.ts";
import type { ResourceKind, Step } from "../kind.ts";
import { backupName, stagedName, unsteadyFolders, waitingFolder } from "./names.ts";
import { observeFiles } from "./observe.ts";
import { foreignContent } from "./foreign.ts";
import { performFiles, settleFiles } from "./perform.ts";
import { needsOfFiles } from "./needs.ts";
import { prepareFiles } from "./prepare.ts";
import { releaseFile, undoFiles } from "./undo.ts";

export const fileKind: ResourceKind = {
  observe: observeFiles,
  steps: stepsOfFiles,
  needs: needsOfFiles,
  prepare: prepareFiles,
  perform: performFiles,
  settle: settleFiles,
  undo: undoFiles,
  foreignContent,
  release: releaseFile,
};

function stepsOfFiles(changes: readonly Change[], run: string, firstStep: number): readonly Step[] {
  const unsteady = unsteadyFolders(changes);
  return changes.map((change, index) => {
    const n = firstStep + index;
    const folder = waitingFolder(nameOf(change.id), unsteady);
    const onlyPermissions = change.before.type === change.after.type && sameContent(change.before, change.after);
    return {
      n,
      change,
      ...(isContent(change.after) && !onlyPermissions ? { staged: stagedName(folder, run, n) } : {}),
      ...(isContent(change.before) && !onlyPermissions ? { backup: backupName(folder, run, n) } : {}),
    };
  });
}

function isContent(state: Change["before"]): boolean {
  return state.type === "regular" || state.type === "symlink";
}
