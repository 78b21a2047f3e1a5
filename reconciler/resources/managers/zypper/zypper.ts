// zypper, as in openSUSE and SUSE: its own words for what every package manager does.
import { refuse, succeed, type Problem, type Result } from "../../../../common/problem.ts";
import type { CommandResult, Machine, MachineReader } from "../../../machine/machine.ts";
import type { ManagerOptions, PackageManager } from "../manager.ts";
import { findArchive } from "../rpm/cache.ts";
import { fetching, toTheEnd } from "../rpm/call.ts";
import { unreachable, withoutRepositories } from "../rpm/causes.ts";
import type { Entry } from "../rpm/database.ts";
import type { Front, Rehearsal, Request } from "../rpm/front.ts";
import { rpmManager } from "../rpm/manager.ts";
import { archiveName } from "../rpm/names.ts";
import { needsNoRepository } from "../rpm/request.ts";
import { versionsByKey } from "../rpm/offers.ts";
import { explanationOf, parseDownloaded, parseFound, parseSummary, silentRepositories } from "./answers.ts";
import { installArguments, queryZypper, runZypper } from "./call.ts";
import { inWords, isDone, whyNot } from "./done.ts";
import { holdInZypper, zypperHolds } from "./holds.ts";
import { CACHE, upgradesByZypper } from "./upgrades.ts";

/** zypper's own exit codes: the solver gave up, and nothing of that name. */
const UNSOLVED = 4;
const UNKNOWN = 104;
const front: Front = {
  name: "zypper",
  pidFiles: ["/run/zypp.pid", "/var/run/zypp.pid"],
  holds: zypperHolds,
  rehearse,
  make,
  download,
  offers,
  refresh,
  upgrades: upgradesByZypper,
  fetch: fetchArchive,
  reinstall,
  hold: holdInZypper,
};

export const zypper: PackageManager = rpmManager(front);

async function rehearse(machine: MachineReader, request: Request): Promise<Result<Rehearsal>> {
  const result = await queryZypper(machine, ...installArguments(request, "--dry-run"));
  const xml = result.stdout.toString();
  const without = needsNoRepository(request) ? undefined : withoutRepositories(xml);
  if (without !== undefined) return refuse(without);
  if (result.code === UNKNOWN) return succeed({ actions: [], explanation: "" });
  if (result.code === UNSOLVED && explanationOf(xml) !== "") {
    return succeed({ actions: [], explanation: explanationOf(xml) });
  }
  return isDone(result) ? succeed({ actions: parseSummary(xml), explanation: "" }) : refuse(whyNot(result));
}

async function make(machine: Machine, request: Request, options: ManagerOptions): Promise<CommandResult> {
  return inWords(await runZypper(machine, toTheEnd(options), ...installArguments(request, "--download-in-advance")));
}

async function download(machine: Machine, request: Request, options: ManagerOptions): Promise<readonly Problem[]> {
  const result = await runZypper(machine, fetching(options), ...installArguments(request, "--download-only"));
  return isDone(result) ? [] : [whyNot(result)];
}

async function offers(
  machine: MachineReader,
  keys: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const search = ["search", "--details", "--match-exact", "--type", "package", "--"];
  const { stdout } = await queryZypper(machine, "--no-refresh", ...search, ...keys);
  return versionsByKey(parseFound(stdout.toString()));
}

async function refresh(machine: Machine, options: ManagerOptions): Promise<readonly Problem[]> {
  const result = await runZypper(machine, fetching(options), "refresh");
  const silent = [...silentRepositories(result.stdout.toString())].map(([name, why]) => unreachable(name, why));
  return silent.length > 0 || isDone(result) ? silent : [whyNot(result)];
}

async function fetchArchive(
  machine: Machine,
  { name, key, version, arch }: Entry,
  _store: string,
  options: ManagerOptions,
): Promise<string | undefined> {
  const cached = findArchive(machine.files, `${CACHE}/packages`, archiveName(name, version, arch));
  if (cached !== undefined) return machine.hostPath(cached);
  const result = await runZypper(machine, fetching(options), "--no-refresh", "download", "--", `${key}=${version}`);
  return parseDownloaded(result.stdout.toString());
}

async function reinstall(machine: Machine, entries: readonly Entry[], options: ManagerOptions): Promise<CommandResult> {
  const names = entries.map(({ key, version }) => `${key}=${version}`);
  const args = ["--no-refresh", "install", "--force", "--oldpackage", "--", ...names];
  return inWords(await runZypper(machine, toTheEnd(options), ...args));
}
