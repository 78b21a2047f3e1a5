// Changes of data in, everything that can still fail done out of sight: after it, the switch is only names.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import type { Permissions } from "../../model/file-state.ts";
import type { Data } from "../../model/data-state.ts";
import { nameOf } from "../../model/state.ts";
import type { Change } from "../../model/plan.ts";
import type { Contents } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Step } from "../kind.ts";
import { tellingLater } from "../file/telling.ts";
import { noteWaiting } from "./bring.ts";
import { siteOf, versionAt } from "./site.ts";
import { stageFromRepository } from "./stage.ts";

export async function prepareData(
  machine: Machine,
  steps: readonly Step[],
  contents: Contents,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const step of steps) problems.push(...(await tellingLater(() => prepareOne(machine, step, contents))));
  return problems;
}

async function prepareOne(machine: Machine, { change, staged, backup }: Step, contents: Contents): Promise<Problem[]> {
  if (isData(change) && staged !== undefined) {
    const site = siteOf(machine.files, nameOf(change.id));
    if (!site.ok) return [...site.problems];
    if (change.supply !== undefined) {
      await noteWaiting(machine, site.value, change.supply);
      const failed = await stageFromRepository(machine, site.value, change, change.supply, contents);
      if (failed !== undefined) return [failed];
    }
    const version = versionAt(site.value, change.after.digest);
    if (machine.files.stat(version) === undefined) return [notGathered(nameOf(change.id))];
    removeEmpty(machine, site.value.workshop);
    machine.files.setPermissions(version, wantedPermissions(machine, change.after));
  }
  if (backup !== undefined && isFileForFile(change)) await keepBeside(machine, nameOf(change.id), backup);
  return [];
}

/** Whoever brought it may have been cut off with all moved out of the workshop, and the workshop itself still there. */
function removeEmpty({ files }: Machine, workshop: string): void {
  if (files.stat(workshop)?.type === "directory" && files.list(workshop).length === 0) files.removeDirectory(workshop);
}

function isData(change: Change): change is Change & { readonly after: Data } {
  return change.after.type === "data";
}

/** Only then is one rename enough, and the old content needs a second name. */
export function isFileForFile({ before, after }: Change): boolean {
  return before.type === "data" && before.shape === "file" && after.type === "data" && after.shape === "file";
}

async function keepBeside({ files }: Machine, path: string, backup: string): Promise<void> {
  files.link(path, backup);
  await files.syncDirectory(backup.slice(0, backup.lastIndexOf("/")) || "/");
}

const USUAL_MODE = { file: 0o644, tree: 0o755 } as const;

/** Never a set-user-id bit. */
export function wantedPermissions({ privileged }: MachineReader, { shape, mode, uid, gid }: Data): Permissions {
  return {
    mode: (mode ?? USUAL_MODE[shape]) & 0o1777,
    ...(uid === undefined || !privileged ? {} : { uid }),
    ...(gid === undefined || !privileged ? {} : { gid }),
  };
}

function notGathered(path: string): Problem {
  return {
    code: "data-not-gathered",
    where: { file: path },
    what: "its new content was here a moment ago and is gone",
    hint: "look who tidies up there; the next run brings it again",
  };
}
