// The path of config.yaml in, the ground that a cycle stands on out: settings read, state directory there.
import { lstatSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { readConfig } from "../config/read.ts";
import type { Config } from "../config/config.ts";
import { openDeadman } from "../deadman/deadman.ts";
import type { Ground } from "../ground.ts";
import { takeLock, type Lock } from "../machine/lock.ts";
import { openFiles } from "../machine/real-files.ts";
import { openMachine } from "../machine/real.ts";
import { refuse, succeed, type Result } from "../../common/problem.ts";

export async function openGround(configFile: string): Promise<Result<Ground>> {
  const config = await readConfig(configFile);
  return config.ok ? groundOf(config.value) : config;
}

export function groundOf(config: Config): Result<Ground> {
  const state = makeState(config);
  if (!state.ok) return state;
  const machine = openMachine({ root: config.root, state: state.value });
  const stateFiles = openFiles(state.value);
  makeCopy(config);
  return succeed({
    config,
    machine,
    state: stateFiles,
    copy: openFiles(config.stateCopy),
    deadman: openDeadman(machine, stateFiles, config),
  });
}

function makeState({ state, file }: Config): Result<string> {
  try {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    return succeed(state);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return refuse({
      code: "state-unusable",
      where: { file, key: "state" },
      what: `the state directory ${state} cannot be made (${why})`,
      hint: why === "EACCES" ? "run it as root, or name a directory that you may write" : "name another directory",
    });
  }
}

/**
 * Only the folder itself: those above it may be where a disk is to be mounted. Whether it can be used, and by nobody
 * else, is told by whoever uses it.
 */
function makeCopy({ stateCopy }: Config): void {
  try {
    if (lstatSync(stateCopy, { throwIfNoEntry: false }) === undefined) mkdirSync(stateCopy, { mode: 0o700 });
  } catch {
    return;
  }
}

/** Never two cycles at once, whoever starts them. */
export function lockRun(ground: Ground, onWait: (who: string) => void): Promise<Result<Lock>> {
  return takeLock(join(ground.config.state, "lock"), {
    waitMs: ground.config.deadlines.cycleMs,
    onWait: ({ pid }) => onWait(pid === undefined ? "another run" : `another run (process ${pid})`),
  });
}
