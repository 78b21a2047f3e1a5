// Actions and archives in; what to ask of the manager so that it makes them, and why they can no longer be made.
import { basename } from "node:path/posix";
import type { PackageAction } from "../manager.ts";
import type { Entry } from "./database.ts";
import type { Job, Request } from "./front.ts";
import { archiveName, ownKey, splitKey } from "./names.ts";

export function requestOf(
  actions: readonly PackageAction[],
  archives: readonly string[],
  entries: readonly Entry[],
): Request {
  return { jobs: distinguished(actions.flatMap((action) => jobsOf(action, archives, entries))), exact: true, entries };
}

/** `glibc` beside `glibc.i686` has to be told from it: a manager may take one for both. */
export function distinguished(jobs: readonly Job[]): readonly Job[] {
  const foreign = new Set(jobs.map(({ key }) => splitKey(key)).flatMap(({ name, arch }) => (arch ? [name] : [])));
  return jobs.map((job) => (foreign.has(job.key) ? { ...job, key: ownKey(job.key) } : job));
}

function jobsOf(action: PackageAction, archives: readonly string[], entries: readonly Entry[]): readonly Job[] {
  const { name: key, from, to, pulledIn } = action;
  if (to !== undefined) {
    const archive = archives.find((path) => isArchive(path, key, to));
    return [
      {
        type: "install",
        key,
        version: to,
        ...(from === undefined ? {} : { from }),
        ...(archive === undefined ? {} : { archive }),
        ...(pulledIn === true ? { pulledIn } : {}),
      },
    ];
  }
  const there = entries.filter((entry) => entry.key === key && entry.version === from);
  return there.map(({ version, arch }) => ({ type: "remove", key, version, arch }));
}

function isArchive(path: string, key: string, version: string): boolean {
  const { name, arch } = splitKey(key);
  const file = basename(path);
  const [, ending] = /\.([^.]+)\.rpm$/u.exec(file) ?? [];
  if (ending === undefined || !path.startsWith("/")) return false;
  return file === archiveName(name, version, ending) && (arch === undefined || arch === ending);
}

/** One sentence for every action whose beginning is not what is there now. */
export function foretell(actions: readonly PackageAction[], entries: readonly Entry[]): readonly string[] {
  const there = new Set(entries.map(({ key, version }) => `${key} ${version}`));
  return actions.flatMap(({ name, from, to }) => {
    if (from !== undefined && !there.has(`${name} ${from}`)) return [`${name} ${from} is not installed any more`];
    if (to !== undefined && there.has(`${name} ${to}`)) return [`${name} ${to} is installed already`];
    return [];
  });
}

/** Actions in one order and one wording, so that two transactions can be compared. */
export function wordsOf(actions: readonly PackageAction[]): readonly string[] {
  return actions.map(({ name, from, to }) => `${name} ${from ?? "new"} to ${to ?? "nothing"}`).sort();
}

/** Every package comes from an archive at hand, or goes: no repository has a say in it. */
export function needsNoRepository({ jobs }: Request): boolean {
  return jobs.every((job) => job.type === "remove" || job.archive !== undefined);
}
