// What pacman says is installed: versions by name.
import { refuse, succeed, type Result } from "../../../../common/problem.ts";
import type { MachineReader } from "../../../machine/machine.ts";
import { askPacman } from "./call.ts";
import { complaints } from "./complaints.ts";
import { parseVersions } from "./parse.ts";

export type Versions = ReadonlyMap<string, string>;

export async function readInstalled(machine: MachineReader): Promise<Result<Versions>> {
  const result = await askPacman(machine, "-Q");
  // It answers 1, and not a word, where nothing is installed yet.
  const isAnswer = result.code === 0 || (result.code === 1 && (result.stdout.length > 0 || result.stderr === ""));
  return isAnswer ? succeed(parseVersions(result.stdout)) : refuse(...complaints(result));
}
