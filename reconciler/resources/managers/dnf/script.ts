// What a transaction is to do in; the lines for dnf's shell out.
import type { Job } from "../rpm/front.ts";
import { splitKey, versionedName } from "../rpm/names.ts";
import { compareVersions } from "../rpm/version.ts";

type Install = Extract<Job, { type: "install" }>;

export function scriptOf(jobs: readonly Job[]): string {
  const archives = jobs.flatMap((job) => (job.type === "install" && job.archive !== undefined ? [job.archive] : []));
  // dnf takes archives only before anything else, and all of them at once.
  const first = archives.length === 0 ? [] : [`install ${archives.map(quoted).join(" ")}`];
  const others = jobs.filter((job) => job.type === "remove" || job.archive === undefined);
  return [...first, ...others.map(lineOf), "run", ""].join("\n");
}

function lineOf(job: Job): string {
  if (job.type === "remove") return `remove ${splitKey(job.key).name}-${job.version}.${job.arch}`;
  const { key, version, from } = job;
  if (version === undefined) return from === undefined ? newestOf(key) : `upgrade ${key}`;
  return `${verbOf(job, version)} ${versionedName(key, version)}`;
}

/** `upgrade` and `downgrade` leave it as it was whether somebody wanted the package or another one needed it. */
function verbOf({ from }: Install, version: string): string {
  if (from === undefined) return "install";
  return compareVersions(version, from) > 0 ? "upgrade" : "downgrade";
}

function newestOf(key: string): string {
  return splitKey(key).arch === undefined ? `install-n ${key}` : `install-na ${key}`;
}

/** The shell splits its lines as Bash does, and expands nothing. */
function quoted(path: string): string {
  return `'${path.replaceAll("'", `'"'"'`)}'`;
}
