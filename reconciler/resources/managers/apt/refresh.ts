// The sources of apt asked for their lists; those that did not answer, or that nobody can believe, told.
import type { Problem } from "../../../../common/problem.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { aptGet, touch } from "./call.ts";
import { complaints, knownComplaints } from "./complaints.ts";
import { prepareGround } from "./ground.ts";

/** apt-get goes on with the lists it has and ends with 0 when a repository is silent, so its words count. */
export async function refresh(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]> {
  const ground = await prepareGround(machine);
  if (ground.length > 0) return ground;
  const answer = await touch(machine, aptGet(machine, "update"), options);
  return answer.code === 0 ? knownComplaints(answer) : complaints(answer, "apt-get update");
}
