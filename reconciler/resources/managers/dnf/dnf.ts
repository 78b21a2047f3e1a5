// dnf 4, as in the families of Fedora and Red Hat: its own words for what every package manager does.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions, PackageManager } from "../manager.ts";
import { dropArchives, findArchive } from "../rpm/cache.ts";
import { causeOf, unreachable, withoutRepositories } from "../rpm/causes.ts";
import { fetching, OUTPUT_LIMIT, QUERY_TIMEOUT_MS, toTheEnd } from "../rpm/call.ts";
import type { Entry } from "../rpm/database.ts";
import type { Front, Rehearsal, Request } from "../rpm/front.ts";
import { rpmManager } from "../rpm/manager.ts";
import { archiveName } from "../rpm/names.ts";
import { versionsByKey } from "../rpm/offers.ts";
import { KNOWN_LISTS, OFFLINE, queryDnf, runDnf, shellCall } from "./call.ts";
import { explanationOf, silentRepositories } from "./complaints.ts";
import { dnfHolds, heldPatterns, holdInDnf } from "./holds.ts";
import { parseRows, ROW_FORMAT } from "./rows.ts";
import { parseTable } from "./table.ts";
import { CACHE, upgradesByDnf } from "./upgrades.ts";

const front: Front = {
  name: "dnf",
  pidFiles: ["/var/lib/dnf/rpmdb_lock.pid", "/var/cache/dnf/metadata_lock.pid", "/var/cache/dnf/download_lock.pid"],
  holds: dnfHolds,
  rehearse,
  make,
  download,
  offers,
  refresh,
  upgrades: upgradesByDnf,
  fetch: fetchArchive,
  reinstall,
  hold: holdInDnf,
};

export const dnf: PackageManager = rpmManager(front);

async function rehearse(machine: MachineReader, request: Request): Promise<Result<Rehearsal>> {
  const { argv, stdin } = shellCall(machine, request, await heldPatterns(machine), OFFLINE, "--assumeno");
  const result = await machine.query(argv, { stdin, timeoutMs: QUERY_TIMEOUT_MS, outputLimit: OUTPUT_LIMIT });
  if (result.code !== 0) return refuse(causeOf("dnf", result));
  const without = withoutRepositories(result.stderr);
  if (without !== undefined) return refuse(without);
  const actions = parseTable(result.stdout.toString(), request.entries);
  return actions.ok ? succeed({ actions: actions.value, explanation: explanationOf(result.stderr) }) : actions;
}

async function make(machine: Machine, request: Request, options: ManagerOptions): Promise<CommandResult> {
  const held = await heldPatterns(machine);
  // The archive of what is installed now is what the way back from the next version will need.
  const { argv, stdin } = shellCall(machine, request, held, OFFLINE, "--assumeyes", "--setopt=keepcache=1");
  const result = await machine.run(argv, { stdin, ...toTheEnd(options) });
  if (result.code === 0) dropArchives(machine.files, CACHE, replacedArchives(request));
  await markPulledIn(machine, request, options);
  return result;
}

/** What dnf is told by name counts as wanted by a person, which nobody said; it has no say in how the transaction went. */
async function markPulledIn(machine: Machine, { jobs }: Request, options: ManagerOptions): Promise<void> {
  const names = jobs.flatMap((job) => (job.type === "install" && job.pulledIn === true ? [job.key] : []));
  if (names.length > 0) await runDnf(machine, toTheEnd(options), OFFLINE, "mark", "remove", ...names);
}

function replacedArchives({ jobs, entries }: Request): ReadonlySet<string> {
  const keys = new Set(jobs.map(({ key }) => key));
  const replaced = entries.filter(({ key }) => keys.has(key));
  return new Set(replaced.map(({ name, version, arch }) => archiveName(name, version, arch)));
}

async function download(machine: Machine, request: Request, options: ManagerOptions): Promise<readonly Problem[]> {
  const held = await heldPatterns(machine);
  const { argv, stdin } = shellCall(machine, request, held, KNOWN_LISTS, "--assumeyes", "--downloadonly");
  const result = await machine.run(argv, { stdin, ...fetching(options) });
  const wrong = result.code !== 0 || /^Error: /mu.test(result.stderr);
  return wrong ? [causeOf("dnf", result)] : [];
}

async function offers(
  machine: MachineReader,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const { stdout } = await queryDnf(machine, OFFLINE, "-q", "repoquery", "--qf", ROW_FORMAT, ...keys);
  return versionsByKey(parseRows(stdout.toString()));
}

async function refresh(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]> {
  const result = await runDnf(machine, fetching(options), "--setopt=*.skip_if_unavailable=1", "--refresh", "makecache");
  const silent = [...silentRepositories(result.stderr)].map(([name, why]) => unreachable(name, why));
  return silent.length > 0 || result.code === 0 ? silent : [causeOf("dnf", result)];
}

async function fetchArchive(
  machine: Machine,
  { name, version, arch }: Entry,
  store: string,
  options: ManagerOptions,
): Promise<string | undefined> {
  const file = archiveName(name, version, arch);
  const cached = findArchive(machine.files, CACHE, file);
  if (cached !== undefined) return machine.hostPath(cached);
  const args = ["--assumeyes", KNOWN_LISTS, "--downloadonly", `--destdir=${store}`];
  const result = await runDnf(machine, fetching(options), ...args, "reinstall", `${name}-${version}.${arch}`);
  return result.code === 0 ? `${store}/${file}` : undefined;
}

function reinstall(machine: Machine, entries: readonly Entry[], options: ManagerOptions): Promise<CommandResult> {
  const names = entries.map(({ name, version, arch }) => `${name}-${version}.${arch}`);
  return runDnf(machine, toTheEnd(options), "--assumeyes", KNOWN_LISTS, "reinstall", ...names);
}
