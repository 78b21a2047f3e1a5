// Pure data as a kind of resource: one file, or one tree that is switched whole.
import type { Change } from "../../model/plan.ts";
import { sameContent } from "../../model/satisfies.ts";
import { nameOf } from "../../model/state.ts";
import type { ResourceKind, Step } from "../kind.ts";
import { walksAhead } from "./ahead.ts";
import { foreignData } from "./foreign.ts";
import { gatherData } from "./gather.ts";
import { backupName, parentOf, versionName } from "./names.ts";
import { observeData } from "./observe.ts";
import { performData } from "./perform.ts";
import { needsOfData } from "./needs.ts";
import { prepareData } from "./prepare.ts";
import { refreshData } from "./refresh.ts";
import { releaseData, settleData } from "./settle.ts";
import { undoData } from "./undo.ts";

export const dataKind: ResourceKind = {
  ahead: walksAhead,
  refresh: refreshData,
  observe: observeData,
  gather: async (...given) => ({ troubles: await gatherData(...given) }),
  steps: stepsOfData,
  needs: needsOfData,
  prepare: prepareData,
  perform: performData,
  settle: settleData,
  undo: undoData,
  foreignContent: foreignData,
  release: releaseData,
};

function stepsOfData(changes: readonly Change[], run: string, firstStep: number): readonly Step[] {
  return changes.map((change, index) => {
    const n = firstStep + index;
    const path = nameOf(change.id);
    const [folder, { before, after }] = [parentOf(path), change];
    const onlyPermissions = sameContent(before, after);
    const isNew = after.type === "data" && !onlyPermissions;
    const isReplaced = before.type === "data" && !onlyPermissions;
    return {
      n,
      change,
      ...(isNew ? { staged: versionName(folder, path, after.digest) } : {}),
      ...(isReplaced ? { backup: backupName(folder, path, run, n) } : {}),
    };
  });
}
