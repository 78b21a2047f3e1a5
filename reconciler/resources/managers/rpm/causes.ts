// What a manager built on rpm complained of in; a Problem in the words of this project out, whoever said it.
import type { Problem } from "../../../../common/problem.ts";
import { printable } from "../../../../common/printable.ts";
import type { CommandResult } from "../../../machine/machine.ts";
import { splitKey } from "./names.ts";
import { managerFailed, safeWords, withoutNoise } from "./told.ts";

const LONGEST = 1500;

const FULL = /needs [0-9]+[KMGT]?i?B (more space )?on the .* filesystem|more space needed on|No space left on device/iu;
const UNREACHABLE =
  /Cannot download|Error downloading packages|Download \(curl\) error|No more mirrors|Failed to download/u;
const WHY_UNREACHABLE = /Curl error|Error message: |Cannot download|Failed to download/u;
const LOCKED =
  /already locked by|can't create transaction lock|System management is locked|waiting for transaction lock|Failed to obtain the transaction lock/u;

const SCRIPT = /Error in \w+ scriptlet|scriptlet failed|script failed|failed to execute/iu;
const NO_REPOSITORIES = /There are no enabled repositories|No repositories defined/u;

/** Why a transaction or a download did not work. */
export function causeOf(manager: string, result: CommandResult): Problem {
  const text = withoutNoise(`${result.stderr}\n${result.stdout.toString()}`);
  const line = (pattern: RegExp): string =>
    text
      .split("\n")
      .find((each) => pattern.test(each))
      ?.trim() ?? "";
  if (LOCKED.test(text)) return locked(manager, line(LOCKED));
  if (FULL.test(text)) return noSpace(line(FULL));
  if (UNREACHABLE.test(text)) return notFetched(line(WHY_UNREACHABLE));
  if (SCRIPT.test(text)) return packageFailed(line(SCRIPT));
  return managerFailed(manager, result);
}

export function locked(manager: string, who: string): Problem {
  return {
    code: "manager-locked",
    what: `${manager} is in use by somebody else: ${safeWords(who)}`,
    hint: "wait until it has finished; the next run tries again",
  };
}

/** The lists of the repositories that there are, if any, were never fetched. */
export function withoutRepositories(said: string): Problem | undefined {
  if (!NO_REPOSITORIES.test(said)) return undefined;
  return {
    code: "no-repositories",
    what: "this server has no repository whose lists it knows",
    hint: "add one, and see that it can be reached: the lists are fetched at the beginning of a run",
  };
}

function packageFailed(what: string): Problem {
  return {
    code: "package-failed",
    what: `a package's own script did not work: ${safeWords(what)}`,
    hint: "the package itself may be at fault: look in the manager's log on the server",
  };
}

function noSpace(what: string): Problem {
  return {
    code: "no-space",
    what: `the disk is too full for this: ${safeWords(what)}`,
    hint: "make room (df -h); the next run goes on by itself",
  };
}

function notFetched(what: string): Problem {
  return {
    code: "repository-unreachable",
    what: `an archive could not be fetched: ${safeWords(what)}`,
    hint: "look at the link and at the repository's address; the next run tries again",
  };
}

export function unreachable(repository: string, why: string): Problem {
  return {
    code: "repository-unreachable",
    what: `the repository ${printable(repository)} did not answer: ${safeWords(why)}`,
    hint: "look at the link and at the address in its .repo file; until then its last known lists are used",
  };
}

/** Names those that the explanation speaks of, or else all of them. */
export function brokenDependencies(names: readonly string[], explanation: string): Problem {
  const spoken = names.filter((name) => explanation.includes(` ${splitKey(name).name}-`));
  return {
    code: "broken-dependencies",
    what: `${(spoken.length > 0 ? spoken : names).join(", ")} cannot be had like this: ${safeWords(explanation).trim().slice(0, LONGEST)}`,
    hint: "ask for other versions, or add a repository that has what is missing",
  };
}

export function heldBack(name: string): Problem {
  return {
    code: "held-back",
    what: `${printable(name)} is held at its version, and this would change it`,
    hint: "release the hold first, or ask for the version that is there",
  };
}

export function surprise(what: string): Problem {
  return {
    code: "surprise",
    what: `the transaction would not be the one that was planned: ${safeWords(what).slice(0, LONGEST)}`,
    hint: "nothing was changed; the next run plans anew from what is there then",
  };
}
