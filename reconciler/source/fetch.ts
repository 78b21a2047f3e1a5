// Remotes in their order in, the branch's commits in the mirror out: from the first remote that answers.
import { performance } from "node:perf_hooks";
import { checkAddress, redacted } from "./address.ts";
import type { Address } from "./address.ts";
import { branchMissing, emptyRepository, explainFetch, saysNoSuchBranch } from "./fetch-problem.ts";
import type { FetchContext } from "./fetch-problem.ts";
import type { Git } from "./git.ts";
import type { Transport } from "./git-environment.ts";
import { isBranchName, isRemoteName, trackingRef } from "./names.ts";
import { findRevision, findTip } from "./revision.ts";
import { sshCommand } from "./ssh.ts";
import type { SshFiles } from "./ssh.ts";
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";
import type { Revision } from "../model/revision.ts";

export interface Remote extends SshFiles {
  /** One word of letters, digits, `-` and `_`. */
  readonly name: string;
  readonly address: string;
  readonly plainHttp: boolean;
}

/** One remote that was asked. */
export interface Attempt {
  readonly remote: string;
  readonly ok: boolean;
  /** Why not. */
  readonly problem?: Problem;
  readonly durationMs: number;
}

export interface Fetched {
  /** What the branch is at, on the remote that answered; left out when none did. */
  readonly tip?: Revision;
  /** Name of that remote. */
  readonly from?: string;
  readonly attempts: readonly Attempt[];
}

export interface FetchOptions {
  /** For each remote. */
  readonly timeoutMs: number;
  /** Unix milliseconds. */
  readonly now: () => number;
}

const LOCAL = { timeoutMs: 30_000 };

/** Never throws for what a remote does; each attempt tells its problem. */
export async function fetchBranch(
  git: Git,
  remotes: readonly Remote[],
  branch: string,
  options: FetchOptions,
): Promise<Fetched> {
  const attempts: Attempt[] = [];
  for (const remote of remotes) {
    const started = performance.now();
    const fetched = await fetchFrom(git, remote, branch, options);
    const durationMs = performance.now() - started;
    if (fetched.ok) {
      attempts.push({ remote: remote.name, ok: true, durationMs });
      return { tip: fetched.value, from: remote.name, attempts };
    }
    const [problem] = fetched.problems;
    attempts.push({ remote: remote.name, ok: false, ...(problem === undefined ? {} : { problem }), durationMs });
  }
  return { attempts };
}

async function fetchFrom(git: Git, remote: Remote, branch: string, options: FetchOptions): Promise<Result<Revision>> {
  const names = checkNames(remote, branch);
  if (names !== undefined) return refuse(names);
  const address = checkAddress(remote.address, remote);
  if (!address.ok) return address;
  const transport = transportTo(address.value, remote);
  if (!transport.ok) return transport;
  const ref = trackingRef(remote.name, branch);
  const call = { timeoutMs: options.timeoutMs, transport: transport.value };
  const args = fetchArguments(address.value.url, branch, ref);
  let told = await git.run(args, call);
  if (told.code !== 0 && /cannot lock ref/.test(told.stderr)) {
    await forgetOthers(git, remote.name);
    told = await git.run(args, call);
  }
  if (told.code === 0) {
    const tip = await findRevision(git, ref);
    return tip === undefined ? refuse(brokenAfterFetch()) : succeed(tip);
  }
  const context = await contextOf(git, remote, address.value, branch, options, told.stderr);
  if (!saysNoSuchBranch(told.stderr)) return refuse(explainFetch(told, context));
  return refuse(await explainMissingBranch(git, address.value, transport.value, context));
}

/** --verbose because simple-git waits 50 ms for the words of a process that said none. */
function fetchArguments(url: string, branch: string, ref: string): string[] {
  const options = ["--verbose", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"];
  return ["fetch", ...options, "--", url, `+refs/heads/${branch}:${ref}`];
}

/** `main` and `main/2026` cannot both be references: after such a change of branch the old ones have to go. */
async function forgetOthers(git: Git, remote: string): Promise<void> {
  const listed = await git.read(["for-each-ref", "--format=delete %(refname)", `refs/remotes/${remote}/`], LOCAL);
  await git.read(["update-ref", "--stdin"], { ...LOCAL, stdin: listed.stdout.toString("utf8") });
}

function checkNames(remote: Remote, branch: string): Problem | undefined {
  if (!isRemoteName(remote.name)) {
    const hint = "write one word of letters, digits, - and _";
    return { code: "remote-name-refused", what: "the name of a remote is not one word", hint };
  }
  if (isBranchName(branch)) return undefined;
  return { code: "branch-refused", what: "the name of the branch cannot be used", hint: "write a name such as main" };
}

function transportTo(address: Address, remote: Remote): Result<Transport> {
  const { scheme, credentials } = address;
  if (scheme !== "ssh") return succeed({ scheme, ...(credentials === undefined ? {} : { credentials }) });
  const ssh = sshCommand(remote);
  return ssh.ok ? succeed({ scheme, ssh: ssh.value }) : ssh;
}

async function contextOf(
  git: Git,
  remote: Remote,
  address: Address,
  branch: string,
  options: FetchOptions,
  stderr: string,
): Promise<FetchContext> {
  const about = { remote: remote.name, address: redacted(address), branch, timeoutMs: options.timeoutMs };
  const known = /certificate/i.test(stderr) ? await findTip(git, [remote.name], branch) : undefined;
  return { ...about, nowMs: options.now(), ...(known === undefined ? {} : { newestKnown: known.time }) };
}

async function explainMissingBranch(
  git: Git,
  address: Address,
  transport: Transport,
  context: FetchContext,
): Promise<Problem> {
  const told = await git.run(["ls-remote", "--heads", "--", address.url], { timeoutMs: context.timeoutMs, transport });
  if (told.code !== 0) return explainFetch(told, context);
  const branches = [...told.stdout.toString("utf8").matchAll(/\trefs\/heads\/(.+)$/gm)].map(([, name = ""]) => name);
  return branches.length === 0 ? emptyRepository(context) : branchMissing(context, branches);
}

function brokenAfterFetch(): Problem {
  return { code: "fetch-failed", what: "git fetched, but the commit cannot be read afterwards" };
}
