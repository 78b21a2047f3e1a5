// `reconcile init`: a trial in a folder, or the settings of a school's server.
import { initServer, type ServerOptions } from "./init-server.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";
import { invocation } from "../trial/invocation.ts";
import { ownGit } from "../trial/repository.ts";
import { shellWord } from "../trial/shell-word.ts";
import { makeTrial, type Trial } from "../trial/trial.ts";
import { commitSomething, editByHand } from "../trial/try-next.ts";
import { programPath } from "../machine/program.ts";
import type { Problem } from "../../common/problem.ts";

export interface InitOptions extends ServerOptions {
  readonly server?: boolean;
}

/** Resolves with the exit code: 0 made, 1 not made, 2 not understood. */
export async function init(folder: string | undefined, options: InitOptions): Promise<number> {
  if (options.server === true && folder === undefined) return initServer(options);
  if (folder === undefined || folder === "" || options.server === true) {
    sayProblems([unclear()], options.json);
    return EXIT.usage;
  }
  const trial = await makeTrial(folder, ownGit());
  if (!trial.ok) {
    sayProblems(trial.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson({ version: 1, kind: "trial", ...trial.value });
  else say(account(trial.value, invocation(process.argv[1] ?? "reconcile", programPath())));
  return EXIT.settled;
}

function account(trial: Trial, reconcile: string): string {
  const settle = `${reconcile} --now --config ${shellWord(trial.config)}`;
  return `A trial is ready in ${trial.folder}

  config.yaml   the settings of the school's server, every one explained
  fleet         the fleet: edit it, commit, push
  fleet.git     the repository that the school follows
  root          the school's files, as the fleet wants them
  state         what the reconciler remembers

Three things to try:

1. Settle the school; a second time there is nothing left to do.
   ${settle}

2. ${editByHand(trial).what}
   ${editByHand(trial).line}
   ${settle}

3. ${commitSomething(trial).what}
   ${commitSomething(trial).line}
   ${settle}`;
}

function unclear(): Problem {
  return {
    code: "init-what",
    what: "init makes either a trial in a folder or the settings of a server",
    hint: "write: reconcile init DIR, or: reconcile init --server --remote URL --host NAME --allowed-signers FILE",
  };
}
