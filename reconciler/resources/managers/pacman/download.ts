// Actions in; the archives of what they bring in pacman's own folder of archives out.
import type { Problem } from "../../../../common/problem.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { ManagerOptions, PackageAction } from "../manager.ts";
import { cachedArchive } from "./cache.ts";
import { runPacman } from "./call.ts";
import { complaints } from "./complaints.ts";
import { badActions } from "./words.ts";

export async function downloadArchives(
  machine: Machine,
  actions: readonly PackageAction[],
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  const bad = badActions(actions);
  if (bad.length > 0) return bad;
  const targets: string[] = [];
  for (const { name, to } of actions) {
    if (to === undefined || (await cachedArchive(machine, name, to)) !== undefined) continue;
    targets.push(`${name}=${to}`);
  }
  if (targets.length === 0) return [];
  // Just these: what they need is among the actions, or there.
  const result = await runPacman(machine, options, "-Sw", "-dd", "--", ...targets);
  return result.code === 0 ? [] : complaints(result);
}
