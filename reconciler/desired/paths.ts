// The layout of a fleet's repository: which file speaks for whom.

export const FLEET_FILE = "fleet.yaml";

/** Which paths of the repository a school reads: a change to any other path is no news to it. */
export function scope(host: string): (path: string) => boolean {
  const files = new Set([FLEET_FILE, `schools/${host}.yaml`, "env/fleet.env", `env/schools/${host}.env`]);
  const configs = ["config/fleet/", "config/groups/", `config/schools/${host}/`];
  const folders = ["groups/", "env/groups/", ...configs, "files/", "data/"];
  return (path) => files.has(path) || folders.some((folder) => path.startsWith(folder));
}

const NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/u;

/** Whether this can be the name of a school's server or of a group: a lower-case DNS label. */
export function isName(name: string): boolean {
  return NAME.test(name);
}

/** The names for which a family has YAML files. */
export function namesIn(family: "groups" | "schools", paths: Iterable<string>): string[] {
  const beginning = `${family}/`;
  return [...paths]
    .filter((path) => path.startsWith(beginning) && path.endsWith(".yaml"))
    .map((path) => path.slice(beginning.length, -".yaml".length))
    .filter(isName)
    .sort();
}
