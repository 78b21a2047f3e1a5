// Names in; apt told to leave them at their version, or not any more.
import type { Problem } from "../../../../common/problem.ts";
import type { Machine } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { aptMark, touch } from "./call.ts";
import { complaints } from "./complaints.ts";
import { prepareGround } from "./ground.ts";
import { unfitNames } from "./words.ts";

export async function hold(
  machine: Machine,
  names: readonly string[],
  held: boolean,
  options: ManagerOptions,
): Promise<readonly Problem[]> {
  if (names.length === 0) return [];
  const problems = [...unfitNames(names), ...(await prepareGround(machine))];
  if (problems.length > 0) return problems;
  const verb = held ? "hold" : "unhold";
  const answer = await touch(machine, aptMark(machine, verb, "--", ...names), options, { toTheEnd: true });
  return answer.code === 0 ? [] : complaints(answer, `apt-mark ${verb}`);
}
