// A package manager in; packages of the distribution as a kind of resource out.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import type { Change } from "../../model/plan.ts";
import { nameOf } from "../../model/state.ts";
import type { Problem } from "../../../common/problem.ts";
import { telling } from "../file/telling.ts";
import type { ResourceKind, Step } from "../kind.ts";
import type { PackageManager } from "../managers/manager.ts";
import { archiveFolder, pruneArchives } from "./archives.ts";
import { completePackages } from "./complete.ts";
import { gatherPackages } from "./gather.ts";
import { PATIENT, type Patience } from "./mend.ts";
import { observePackages } from "./observe.ts";
import { performPackages, preparePackages } from "./perform.ts";
import { refreshPackages } from "./refresh.ts";
import { needsOfPackages } from "./needs.ts";
import { versionOf } from "./states.ts";
import { undoPackages } from "./undo.ts";

export type ManagerOf = (machine: MachineReader) => PackageManager | undefined;

export function packageKindWith(managerOf: ManagerOf, patience: Patience = PATIENT): ResourceKind {
  return {
    refresh: (machine, ...rest) => refreshPackages(managerOf(machine), machine, ...rest),
    observe: (machine, ...rest) => observePackages(managerOf(machine), machine, ...rest),
    complete: (machine, draft) => completePackages(managerOf(machine), machine, draft),
    gather: (machine, ...rest) => gatherPackages(managerOf(machine), machine, ...rest, patience),
    steps: stepsOfPackages,
    needs: needsOfPackages,
    prepare: (machine) => preparePackages(managerOf(machine), machine, patience),
    perform: (machine, ...rest) => performPackages(managerOf(machine), machine, ...rest, patience),
    // A manager makes its own work last before it says that it is done.
    settle: () => Promise.resolve([]),
    undo: (machine, batch) => undoPackages(managerOf(machine), machine, batch, patience),
    release: releasePackage,
  };
}

/** A version that goes has its archive as a second name. */
function stepsOfPackages(changes: readonly Change[], _run: string, firstStep: number): readonly Step[] {
  return changes.map((change, index) => {
    const [from, to] = [versionOf(change.before), versionOf(change.after)];
    const isGoing = from !== undefined && from !== to;
    return { n: firstStep + index, change, ...(isGoing ? { backup: archiveFolder(nameOf(change.id), from) } : {}) };
  });
}

function releasePackage({ store }: Machine, { backup }: Step): readonly Problem[] {
  if (backup === undefined) return [];
  return telling(() => {
    pruneArchives(store);
    return [];
  });
}
