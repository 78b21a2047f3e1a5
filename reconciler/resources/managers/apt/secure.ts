// An installed package in, the archive of just that version in a folder of ours out: from apt's cache, from a
// repository, or packed again from what is installed.
import type { Machine } from "../../../machine/machine.ts";
import type { ManagerOptions } from "../manager.ts";
import { readArchive } from "./archive.ts";
import { aptGet, look, touch } from "./call.ts";
import { prepareGround } from "./ground.ts";
import { repack } from "./repack.ts";
import { isThere, statuses, type PackageStatus } from "./status.ts";
import { unfit } from "./words.ts";
import { did, type Workshop } from "./workshop.ts";

const CACHE = "/var/cache/apt/archives";
/** There is another way to get it, so a silent repository is not worth waiting for. */
const IMPATIENT = ["Acquire::Retries=0", "Acquire::http::Timeout=15", "Acquire::https::Timeout=15"];

export async function secure(
  machine: Machine,
  { name, version }: { readonly name: string; readonly version: string },
  store: string,
  options: ManagerOptions,
): Promise<string | undefined> {
  if (unfit([{ name, versions: [version] }]).length > 0 || (await prepareGround(machine)).length > 0) return undefined;
  const known = await statuses(machine, [name]);
  const status = known.ok ? known.value.find((one) => one.name === name && isThere(one)) : undefined;
  if (status?.version !== version) return undefined;
  const file = fileNameOf(status);
  if (await isWhole(machine, status, `${store}/${file}`)) return file;
  const folder = `${store}/.${file}.part`;
  const kept = await gather({ machine, status, folder, file, options }, `${store}/${file}`);
  await empty(machine, folder, options);
  return kept ? file : undefined;
}

async function gather(workshop: Workshop, goal: string): Promise<boolean> {
  const { machine, status, folder, options } = workshop;
  for (const source of [fromCache, fromRepository, repack]) {
    const ready = (await empty(machine, folder, options)) && (await did(workshop, ["mkdir", "-p", "--", folder]));
    if (!ready) return false;
    const found = await source(workshop);
    if (found !== undefined && (await isWhole(machine, status, found)) && (await keep(workshop, found, goal)))
      return true;
  }
  return false;
}

async function fromCache(workshop: Workshop): Promise<string | undefined> {
  const { machine, folder, file } = workshop;
  if (machine.files.stat(`${CACHE}/${file}`)?.type !== "regular") return undefined;
  const copy = `${folder}/${file}`;
  return (await did(workshop, ["cp", "--", machine.hostPath(`${CACHE}/${file}`), copy])) ? copy : undefined;
}

async function fromRepository({ machine, status, folder, file, options }: Workshop): Promise<string | undefined> {
  const words = [...IMPATIENT.flatMap((words) => ["-o", words]), "download", "--", `${status.name}=${status.version}`];
  const answer = await touch(machine, aptGet(machine, ...words), options, { cwd: folder });
  return answer.code === 0 ? `${folder}/${file}` : undefined;
}

/** On disk before it has its name: what is found under that name after a power cut is whole. */
async function keep(workshop: Workshop, found: string, goal: string): Promise<boolean> {
  const store = goal.slice(0, goal.lastIndexOf("/"));
  for (const argv of [
    ["sync", "--", found],
    ["mv", "-f", "-T", "--", found, goal],
    ["sync", "--", store],
  ])
    if (!(await did(workshop, argv))) return false;
  return true;
}

/** Whether it is the archive of that package, readable to its end. */
async function isWhole(
  machine: Machine,
  { name, version, architecture }: PackageStatus,
  path: string,
): Promise<boolean> {
  const archive = await readArchive(machine, path);
  if (archive?.version !== version || archive.architecture !== architecture || !archive.names.includes(name))
    return false;
  return (await look(machine, ["dpkg-deb", "--contents", path])).code === 0;
}

async function empty(machine: Machine, folder: string, options: ManagerOptions): Promise<boolean> {
  // Also when there is no time left: what lies there would lie there for ever.
  const answer = await machine.run(["rm", "-rf", "--", folder], { timeoutMs: options.timeoutMs });
  return answer.code === 0;
}

function fileNameOf({ name, version, architecture }: PackageStatus): string {
  return `${name.replace(/:.*$/u, "")}_${version.replaceAll(":", "%3a")}_${architecture}.deb`;
}
