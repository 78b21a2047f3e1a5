// The path of an empty folder in, a fleet and a school in it out: a repository, its clone, a root, and the settings.
import { cp, mkdir, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";
import { exampleFleetFolder } from "../package-paths.ts";
import { checkAddress } from "../source/address.ts";
import { trialConfigText } from "./config-text.ts";
import { cloneRepository, commitAll, hasIdentity, makeRepository, nameAuthor } from "./repository.ts";
import type { Git } from "./repository.ts";
import { makeRoot } from "./root.ts";

/** Absolute paths of everything that a trial consists of. */
export interface Trial {
  readonly folder: string;
  readonly config: string;
  /** Bare: what the school follows. */
  readonly repository: string;
  /** The clone to edit, commit and push. */
  readonly fleet: string;
  /** What is kept as the fleet wants it. */
  readonly root: string;
  readonly state: string;
}

/** The school of the example fleet that a trial plays. */
export const TRIAL_HOST = "escuela-12";

/** What a Unix socket's path may have, less a little. */
const LONGEST_SOCKET_PATH = 100;

export function trialIn(folder: string): Trial {
  const below = (name: string): string => join(resolve(folder), name);
  const folders = { repository: below("fleet.git"), fleet: below("fleet"), root: below("root"), state: below("state") };
  return { folder: resolve(folder), config: below("config.yaml"), ...folders };
}

/**
 * Makes the folder when it is missing, and takes away again what it began when it cannot finish.
 * Problems: `folder-used`, `folder-unusable`, `path-too-long`, `address-refused`, `git-missing`, `git-failed`.
 */
export async function makeTrial(folder: string, git: Git): Promise<Result<Trial>> {
  const trial = trialIn(folder);
  const address = checkAddress(trial.repository, { plainHttp: false });
  if (!address.ok) return address;
  const socket = join(trial.folder, "control.sock");
  if (Buffer.byteLength(socket) > LONGEST_SOCKET_PATH) return refuse(tooLong(trial.folder));
  try {
    const made = await mkdir(trial.folder, { recursive: true });
    if ((await readdir(trial.folder)).length > 0) return refuse(await used(trial));
    const problem = await fillOrEmpty(trial, git, made);
    return problem === undefined ? succeed(trial) : refuse(problem);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    return refuse(unusable(trial.folder, code));
  }
}

/** Whatever goes wrong, nothing of it is left: `made` is the outermost folder that was not there before. */
async function fillOrEmpty(trial: Trial, git: Git, made: string | undefined): Promise<Problem | undefined> {
  let whole = false;
  try {
    const problem = await fill(trial, git);
    whole = problem === undefined;
    return problem;
  } finally {
    if (!whole) await (made === undefined ? empty(trial.folder) : rm(made, { recursive: true, force: true }));
  }
}

/** The settings come last: a folder that has them is whole. */
async function fill(trial: Trial, git: Git): Promise<Problem | undefined> {
  const first = (await makeRepository(git, trial.repository)) ?? (await cloneRepository(git, trial));
  if (first !== undefined) return first;
  await cp(await realpath(exampleFleetFolder()), trial.fleet, { recursive: true });
  const second = await commitAll(git, trial.fleet, "A fleet of three schools, to begin with");
  if (second !== undefined) return second;
  if (!(await hasIdentity(git, trial.fleet))) await nameAuthor(git, trial.fleet);
  await makeRoot(trial.root);
  await mkdir(trial.state, { mode: 0o700 });
  await writeFile(trial.config, trialConfigText(TRIAL_HOST), { flag: "wx", mode: 0o644 });
  return undefined;
}

/** Only ever called for a folder in which nothing was before us. */
async function empty(folder: string): Promise<void> {
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true, force: true });
}

async function used({ folder, config }: Trial): Promise<Problem> {
  const isTrial = (await readdir(folder)).includes("config.yaml");
  return {
    code: "folder-used",
    where: { file: folder },
    what: isTrial ? "there is a trial here already" : "this folder holds something already, and nothing is overwritten",
    hint: isTrial
      ? `go on with it: reconcile --now --config ${config}; or name a new folder`
      : "name a new folder, or an empty one",
  };
}

function unusable(file: string, code: string): Problem {
  const isFile = code === "EEXIST" || code === "ENOTDIR";
  return {
    code: "folder-unusable",
    where: { file },
    what: isFile ? "this is not a folder" : `a trial cannot be made here (${code})`,
    hint: isFile ? "name a new folder" : "name a folder that you may write, on a disk with some space left",
  };
}

function tooLong(file: string): Problem {
  return {
    code: "path-too-long",
    where: { file },
    what: `a control socket cannot be made below a path of more than ${LONGEST_SOCKET_PATH - "/control.sock".length} bytes`,
    hint: "name a folder with a shorter path, such as ~/trial",
  };
}
