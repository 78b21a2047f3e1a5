// The few words of git that a trial needs, each an argument list in and a Problem out when git did not do it.
import type { Problem } from "../../common/problem.ts";
import { runCommand } from "../machine/command.ts";
import type { CommandResult } from "../machine/machine.ts";

/** Runs git with these arguments in a directory. */
export type Git = (directory: string, args: readonly string[]) => Promise<CommandResult>;

const TIMEOUT_MS = 60_000;
const AUTHOR = { name: "School fleet", email: "fleet@localhost" };

/** git with the environment given, and nothing else of ours: whoever's configuration that names is in force. */
export function gitWith(env: Readonly<Record<string, string>>): Git {
  return (cwd, args) => runCommand(["git", ...args], { cwd, timeoutMs: TIMEOUT_MS, env });
}

/** git as the person at this terminal has it. */
export function ownGit(): Git {
  const names = ["HOME", "XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM"];
  const known = names.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return gitWith(Object.fromEntries(known));
}

/** A bare repository whose branch is main, whatever git's own configuration calls a first branch. */
export async function makeRepository(git: Git, repository: string): Promise<Problem | undefined> {
  return faultOf(await git("/", ["init", "--quiet", "--bare", "--template=", "--initial-branch=main", repository]));
}

/** An empty clone, from which `git push` just works. */
export async function cloneRepository(
  git: Git,
  { repository, fleet }: { readonly repository: string; readonly fleet: string },
): Promise<Problem | undefined> {
  const steps = [
    ["init", "--quiet", "--template=", "--initial-branch=main", fleet],
    ["-C", fleet, "remote", "add", "origin", repository],
    ["-C", fleet, "config", "branch.main.remote", "origin"],
    ["-C", fleet, "config", "branch.main.merge", "refs/heads/main"],
    ["-C", fleet, "config", "push.default", "simple"],
  ];
  for (const step of steps) {
    const fault = faultOf(await git("/", step));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Everything in the clone as one commit, pushed; with a name of ours, unsigned, and without anybody's hooks. */
export async function commitAll(git: Git, fleet: string, message: string): Promise<Problem | undefined> {
  const { name, email } = AUTHOR;
  const ours = ["-c", `user.name=${name}`, "-c", `user.email=${email}`, "-c", "commit.gpgSign=false"];
  const plain = ["-c", "core.hooksPath=/dev/null", "-c", "core.autocrlf=false", "-c", "core.excludesFile=/dev/null"];
  const steps = [
    ["add", "--all"],
    ["commit", "--quiet", "--no-verify", "--message", message],
    ["push", "--quiet", "origin", "main"],
  ];
  for (const step of steps) {
    const fault = faultOf(await git(fleet, [...ours, ...plain, ...step]));
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** Whether git knows whose commits are made here. */
export async function hasIdentity(git: Git, fleet: string): Promise<boolean> {
  return (await knows(git, fleet, "user.name")) && (await knows(git, fleet, "user.email"));
}

/** For whoever has never told git a name: the first `git commit` works all the same. */
export async function nameAuthor(git: Git, fleet: string): Promise<void> {
  await git(fleet, ["config", "user.name", AUTHOR.name]);
  await git(fleet, ["config", "user.email", AUTHOR.email]);
}

async function knows(git: Git, fleet: string, key: string): Promise<boolean> {
  const told = await git(fleet, ["config", "--get", key]);
  return told.code === 0 && told.stdout.toString("utf8").trim() !== "";
}

function faultOf({ code, ended, stderr }: CommandResult): Problem | undefined {
  if (code === 0) return undefined;
  if (ended === "not-found") {
    return { code: "git-missing", what: "the program git is not installed", hint: "install the package git" };
  }
  const said = stderr.trim().slice(-500);
  return {
    code: "git-failed",
    what: `git did not do its part: ${said === "" ? (ended ?? `exit code ${code ?? "unknown"}`) : said}`,
  };
}
