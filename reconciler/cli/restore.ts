// `reconcile restore PATH`: old contents that a run replaced although they were not ours; listed, put back, or taken out.
import { describeProblem, refuse, succeed, type Problem, type Result } from "../../common/problem.ts";
import type { Ground } from "../ground.ts";
import { putBack, type PutBack } from "../restoring.ts";
import { listKept, type Kept } from "../state/kept.ts";
import { openGround, lockRun } from "./ground.ts";
import { describeKept, keptToJson } from "./kept-words.ts";
import { lookFor, openForLooking } from "./look.ts";
import { managedPath } from "./managed-path.ts";
import type { CommonOptions } from "./options.ts";
import { afterwards, whatGitDoes, type GitDoes } from "./restore-next.ts";
import { takeOut } from "./take-out.ts";
import { EXIT, say, sayJson, sayProblems } from "./terminal.ts";

export interface RestoreOptions extends CommonOptions {
  /** The run that kept it, or as much of its name as tells it from others. */
  readonly from?: string;
  readonly newest?: boolean;
  /** Write it there instead of where it lay. */
  readonly to?: string;
}

/** Resolves with the exit code: 0 listed or put back, 1 not, 64 not understood. */
export async function restore(word: string | undefined, options: RestoreOptions): Promise<number> {
  const misunderstood = faultOf(word, options);
  if (misunderstood !== undefined) {
    sayProblems([misunderstood], options.json);
    return EXIT.usage;
  }
  const chooses = options.from !== undefined || options.newest === true;
  const told = await (chooses ? choose(word ?? "", options) : list(word, options));
  if (!told.ok) {
    sayProblems(told.problems, options.json);
    return EXIT.notSettled;
  }
  if (options.json) sayJson(told.value.json);
  else say(told.value.words);
  return EXIT.settled;
}

interface Told {
  readonly json: unknown;
  readonly words: string;
}

async function list(word: string | undefined, { config }: RestoreOptions): Promise<Result<Told>> {
  const ground = await openForLooking(config);
  if (!ground.ok) return ground;
  const found = await lookFor(() => keptOf(ground.value, word), ground.value.config.state);
  if (!found.ok) return found;
  return succeed({ json: keptToJson(found.value), words: describeKept(found.value, word !== undefined).join("\n") });
}

/** Never beside a run: it keeps, lets go of what is kept, and writes files. */
async function choose(word: string, options: RestoreOptions): Promise<Result<Told>> {
  const ground = await openGround(options.config);
  if (!ground.ok) return ground;
  const lock = await lockRun(ground.value, (who) => process.stderr.write(`waiting for ${who}\n`));
  if (!lock.ok) return lock;
  try {
    return await lookFor(() => bringBack(ground.value, word, options));
  } finally {
    lock.value.release();
  }
}

async function bringBack(ground: Ground, word: string, { from, to }: RestoreOptions): Promise<Result<Told>> {
  const found = await keptOf(ground, word);
  if (!found.ok) return found;
  const chosen = from === undefined ? found.value[0] : oneOf(found.value, from);
  if (chosen === undefined) return refuse(noSuchRun(word, from ?? "", found.value));
  const { run, path } = chosen;
  if (to !== undefined) {
    const written = await takeOut(ground.state, chosen, to);
    return written.ok
      ? succeed({
          json: { ...RESTORED, path, from: run, to: written.value },
          words: `${path} as it was kept by ${run} is in ${written.value}`,
        })
      : written;
  }
  const back = await putBack(ground, chosen);
  if (!back.ok) return back;
  const next = await whatGitDoes(ground, path, back.value.state);
  return succeed({ json: backToJson(chosen, back.value, next), words: account(chosen, back.value, next) });
}

const RESTORED = { version: 1, kind: "restored" } as const;

async function keptOf({ config, state }: Ground, word: string | undefined): Promise<Result<readonly Kept[]>> {
  const all = await listKept(state);
  if (word === undefined) return succeed(all);
  const path = managedPath(word, config.root);
  if (!path.ok) return path;
  const own = all.filter((kept) => kept.path === path.value);
  return own.length === 0 ? refuse(nothingKept(path.value, all.length)) : succeed(own);
}

/** Named in full, or by a part that only one of them begins or ends with. */
function oneOf(found: readonly Kept[], name: string): Kept | undefined {
  const named = found.filter(({ run }) => run.startsWith(name) || run.endsWith(name));
  return found.find(({ run }) => run === name) ?? (named.length === 1 ? named[0] : undefined);
}

/** docs/json/restore.schema.json describes every member. */
function backToJson({ run, path }: Kept, { keptInstead, problems, ...back }: PutBack, next: GitDoes) {
  return { ...RESTORED, path, from: run, ...(keptInstead ? { instead: back.run } : {}), next, problems } as const;
}

function account({ run, path }: Kept, back: PutBack, next: GitDoes): string {
  return [
    `${path} is as it was kept by ${run}.`,
    ...(back.keptInstead ? [`What lay there until now is kept by ${back.run}.`] : []),
    ...afterwards(path, next),
    ...back.problems.map(describeProblem),
  ].join("\n");
}

function faultOf(word: string | undefined, { from, newest, to }: RestoreOptions): Problem | undefined {
  const chooses = from !== undefined || newest === true;
  const what =
    from !== undefined && newest === true
      ? "--from and --newest are two answers to one question"
      : chooses && word === undefined
        ? "there is no path to put something back to"
        : to !== undefined && !chooses
          ? "which of those that are kept is to be written there is not said"
          : undefined;
  if (what === undefined) return undefined;
  return { code: "bad-words", what, hint: "reconcile restore /etc/motd --newest, or --from and a run of the list" };
}

function nothingKept(path: string, others: number): Problem {
  return {
    code: "nothing-kept",
    where: { file: path },
    what: "nothing is kept of it: only what a run replaced although it was not ours is, and not for ever",
    hint: others === 0 ? "nothing at all is kept here now" : "reconcile restore without a path lists what is kept",
  };
}

function noSuchRun(path: string, run: string, found: readonly Kept[]): Problem {
  return {
    code: "nothing-kept",
    where: { file: path },
    what: `it is not kept by one run with the name ${run}`,
    hint: `kept by: ${found.map((kept) => kept.run).join(", ")}`,
  };
}
