// Everything about files that can fail, made ready out of sight: new content staged beside its target and checked by
// the service's own program, old content kept under a second name.
import type { Machine } from "../../machine/machine.ts";
import type { Permissions } from "../../model/file-state.ts";
import { nameOf, type State } from "../../model/state.ts";
import type { Contents } from "../../model/target.ts";
import type { Problem } from "../../../common/problem.ts";
import type { Step } from "../kind.ts";
import { checkStaged } from "./check.ts";
import { parentOf } from "./names.ts";
import { tellingLater } from "./telling.ts";

/** Files staged at the same time: enough for the file system to commit several syncs as one. */
const STAGED_AT_ONCE = 16;

export async function prepareFiles(
  machine: Machine,
  steps: readonly Step[],
  contents: Contents,
): Promise<readonly Problem[]> {
  return tellingLater(async () => {
    await stageAll(machine, steps, contents);
    const problems = await checkStaged(machine, steps);
    if (problems.length > 0) return problems;
    keepOld(machine, steps);
    for (const folder of waitingFolders(steps)) await machine.files.syncDirectory(folder);
    return [];
  });
}

async function stageAll(machine: Machine, steps: readonly Step[], contents: Contents): Promise<void> {
  const waiting = steps.filter(({ staged }) => staged !== undefined);
  const next = waiting.values();
  const worker = async (): Promise<void> => {
    for (const step of next) await stage(machine, step, contents);
  };
  const workers = Array.from({ length: Math.min(STAGED_AT_ONCE, waiting.length) }, worker);
  // All must have stopped before the caller cleans up, so the first failure waits for the others.
  const failed = (await Promise.allSettled(workers)).find((result) => result.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  await keepAttributes(machine, waiting);
}

async function stage(machine: Machine, { staged = "", change }: Step, contents: Contents): Promise<void> {
  const { after } = change;
  if (after.type === "symlink") machine.files.makeSymlink(after.target, staged, permissionsOf(after));
  if (after.type !== "regular") return;
  const bytes = contents.get(after.digest);
  if (bytes === undefined) throw new Error(`no content for ${nameOf(change.id)}`);
  await machine.files.create(staged, bytes, { mode: 0o644, ...permissionsOf(after) });
}

/** ACLs and extended attributes belong to the place, not to the content. */
async function keepAttributes(machine: Machine, steps: readonly Step[]): Promise<void> {
  const replaced = steps.filter(({ change }) => change.before.type === "regular" && change.after.type === "regular");
  if (replaced.length === 0) return;
  await machine.files.copyAttributesOfMany(replaced.map(({ change, staged = "" }) => [nameOf(change.id), staged]));
  for (const { staged = "", change } of replaced) {
    if (change.after.type === "regular") machine.files.setPermissions(staged, permissionsOf(change.after));
  }
}

function keepOld(machine: Machine, steps: readonly Step[]): void {
  for (const { change, backup } of steps) if (backup !== undefined) machine.files.link(nameOf(change.id), backup);
}

function waitingFolders(steps: readonly Step[]): ReadonlySet<string> {
  return new Set(
    steps.flatMap(({ staged, backup }) => [staged, backup].filter((name) => name !== undefined).map(parentOf)),
  );
}

/** Only the permissions that are cared for. */
export function permissionsOf(state: State): Permissions {
  const { mode, uid, gid } = state as Permissions;
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(uid === undefined ? {} : { uid }),
    ...(gid === undefined ? {} : { gid }),
  };
}
