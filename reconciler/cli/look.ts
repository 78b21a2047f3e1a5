// The path of config.yaml in, the ground to look at out: nothing is made, not even the state directory.
import { readConfig } from "../config/read.ts";
import type { Ground } from "../ground.ts";
import { dryMachine } from "../machine/dry.ts";
import { describeFileError } from "../machine/file-problem.ts";
import { FileError, type Files } from "../machine/machine.ts";
import { openFiles } from "../machine/real-files.ts";
import { openMachine } from "../machine/real.ts";
import { lookIntoMirror, type Mirror } from "../source/mirror.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";
import { join } from "node:path";

/** Both the root and the state directory only seem to change. */
export async function openForLooking(configFile: string): Promise<Result<Ground>> {
  const config = await readConfig(configFile);
  if (!config.ok) return config;
  const machine = openMachine({ root: config.value.root, state: config.value.state });
  const dry = (folder: string): Files => dryMachine({ ...machine, files: openFiles(folder) }).files;
  return succeed({
    config: config.value,
    machine: dryMachine(machine),
    state: dry(config.value.state),
    copy: dry(config.value.stateCopy),
  });
}

/** What may not be looked at is told, with the folder in which it lies when `below` names that; a surprise stays one. */
export async function lookFor<T>(look: () => Promise<Result<T>>, below = ""): Promise<Result<T>> {
  try {
    return await look();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const problem = describeFileError(error);
    return refuse({ ...problem, where: { ...problem.where, file: `${below}${error.path}` } });
  }
}

/** What was fetched before. */
export function openMirrorForLooking({ config, state }: Ground): Promise<Result<Mirror>> {
  const look = async (): Promise<Result<Mirror>> => {
    const there = state.stat("/mirror.git/HEAD") !== undefined;
    const mirror = there ? lookIntoMirror(join(config.state, "mirror.git")) : undefined;
    return mirror === undefined ? refuse(nothingFetched(config.state)) : succeed(mirror);
  };
  return lookFor(look, config.state);
}

function nothingFetched(state: string): Problem {
  return {
    code: "no-revision",
    where: { file: state },
    what: "no revision of the fleet is known here yet, because nothing was ever fetched",
    hint: "run reconcile --now, or reconcile plan without --no-fetch, when no other run is at work",
  };
}
