// How zypper is called: with the managed root's own repositories, answering in XML, and never asking.
import type { CommandOptions, CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import { OUTPUT_LIMIT, QUERY_TIMEOUT_MS } from "../rpm/call.ts";
import type { Job, Request } from "../rpm/front.ts";
import { splitKey } from "../rpm/names.ts";
import { needsNoRepository } from "../rpm/request.ts";

export function queryZypper(machine: MachineReader, ...args: readonly string[]): Promise<CommandResult> {
  return machine.query(zypper(machine, args), { timeoutMs: QUERY_TIMEOUT_MS, outputLimit: OUTPUT_LIMIT });
}

export function runZypper(
  machine: Machine,
  options: CommandOptions,
  ...args: readonly string[]
): Promise<CommandResult> {
  return machine.run(zypper(machine, args), options);
}

/** One call for what comes and what goes. */
export function installArguments(request: Request, ...more: readonly string[]): readonly string[] {
  const { jobs, exact } = request;
  const removes = jobs.some(({ type }) => type === "remove");
  const fromArchive = jobs.some((job) => job.type === "install" && job.archive !== undefined);
  return [
    "--no-refresh",
    ...(needsNoRepository(request) ? ["--no-remote"] : []),
    "install",
    ...more,
    "--oldpackage",
    // What needs a package that goes has to go as well; whoever asked sees it in the transaction.
    ...(removes ? ["--force-resolution"] : []),
    ...(exact ? ["--no-recommends"] : []),
    // It was installed here before, so its signature was looked at then.
    ...(fromArchive ? ["--allow-unsigned-rpm"] : []),
    "--",
    ...jobs.map(wordFor),
  ];
}

function wordFor(job: Job): string {
  if (job.type === "remove") return `-${splitKey(job.key).name}.${job.arch}=${job.version}`;
  if (job.archive !== undefined) return job.archive;
  if (job.version !== undefined) return `${job.key}=${job.version}`;
  return job.minimum === undefined ? job.key : `${job.key}>=${job.minimum}`;
}

function zypper(machine: MachineReader, args: readonly string[]): readonly string[] {
  const root = machine.live ? [] : ["--root", machine.hostPath("/").replace(/\/+$/u, "")];
  return ["zypper", "--xmlout", "--non-interactive", ...root, ...args];
}
