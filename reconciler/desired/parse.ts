// The texts of a fleet's repository in; every file of it read and checked, or every problem of every file, out.
import { nearest } from "../../common/nearest.ts";
import { refuse, succeed } from "../../common/problem.ts";
import type { Problem, Result } from "../../common/problem.ts";
import type { Tree, TreeFile } from "../model/revision.ts";
import { parseSchool, parseState } from "./layer.ts";
import type { Layer } from "./layer.ts";
import { FLEET_FILE, isName, namesIn } from "./paths.ts";
import { brokenRules } from "./rules/one-file.ts";

/** Everything that the YAML files of a repository say. */
export interface Fleet {
  readonly fleet: Layer;
  readonly groups: ReadonlyMap<string, Layer>;
  readonly schools: ReadonlyMap<string, Layer>;
}

/** Reads the whole repository. A file that cannot be read does not hide the problems of another. */
export function parseFleet(tree: Tree): Result<Fleet> {
  const groups = namesIn("groups", tree.keys());
  return parseFiles(tree, namesIn("schools", tree.keys()), () => groups, misplaced(tree));
}

/**
 * Reads only what speaks for one host, so that a mistake in the file of another school, or of a group that this school
 * is not in, changes nothing here. `hosts` are the known names, for the hint when this one is unknown.
 */
export function parseHost(tree: Tree, host: string, hosts?: readonly string[]): Result<Fleet> {
  if (!isName(host) || !tree.has(`schools/${host}.yaml`)) {
    return refuse(unknownHost(host, hosts ?? namesIn("schools", tree.keys())));
  }
  return parseFiles(tree, [host], (schools) => groupsListed(schools, tree), []);
}

/** A group without a file is told of by a rule. */
function groupsListed(schools: ReadonlyMap<string, Layer>, tree: Tree): Set<string> {
  const listed = [...schools.values()].flatMap(({ says }) => says.groups ?? []);
  return new Set(listed.filter((group) => tree.has(`groups/${group}.yaml`)));
}

/** Hosts for which the fleet has a file, sorted. */
export function hostsOf(fleet: Fleet): string[] {
  return [...fleet.schools.keys()].sort();
}

export function unknownHost(host: string, hosts: readonly string[]): Problem {
  const what = `the fleet has no school for the host ${host}`;
  if (!isName(host)) {
    const hint =
      "a host is named with small letters a-z, digits and hyphens, such as escuela-12; set `host` in config.yaml";
    return { code: "unknown-host", what, hint };
  }
  const near = nearest(host, hosts);
  const meant = near === undefined ? "" : `did you mean ${near}? Otherwise `;
  return {
    code: "unknown-host",
    what,
    hint: `${meant}write the file schools/${host}.yaml, or set \`host\` in config.yaml`,
  };
}

function parseFiles(
  tree: Tree,
  schools: Iterable<string>,
  groupsFor: (schools: ReadonlyMap<string, Layer>) => Iterable<string>,
  found: readonly Problem[],
): Result<Fleet> {
  const problems = [...found];
  const read = (path: string, parse: (file: TreeFile) => Result<Layer>): Layer | undefined => {
    const file = tree.get(path);
    const layer = file === undefined ? refuse<Layer>(missingFile(path)) : parse(file);
    problems.push(...(layer.ok ? brokenRules(layer.value, tree) : layer.problems));
    return layer.ok ? layer.value : undefined;
  };
  const fleet = read(FLEET_FILE, parseState);
  const schoolLayers = readEach(schools, (name) => read(`schools/${name}.yaml`, parseSchool));
  const groupLayers = readEach(groupsFor(schoolLayers), (name) => read(`groups/${name}.yaml`, parseState));
  if (fleet === undefined || problems.length > 0) return refuse(...problems);
  return succeed({ fleet, groups: groupLayers, schools: schoolLayers });
}

function readEach(names: Iterable<string>, read: (name: string) => Layer | undefined): Map<string, Layer> {
  const layers = new Map<string, Layer>();
  for (const name of names) {
    const layer = read(name);
    if (layer !== undefined) layers.set(name, layer);
  }
  return layers;
}

function missingFile(path: string): Problem {
  const hint =
    "write it, even if only a line `description: ...` is in it; or is this another repository, or another branch?";
  return { code: "missing-file", where: { file: path }, what: "this file is missing", hint };
}

/** Files that look as if they should be read, and are not. */
function misplaced(tree: Tree): Problem[] {
  return [...tree.keys()]
    .filter((path) => /^(?:fleet|groups\/.+|schools\/.+)\.ya?ml$/u.test(path))
    .flatMap((path) => {
      const name = path.replace(/^(?:groups|schools)\//u, "").replace(/\.ya?ml$/u, "");
      if (path.endsWith(".yml")) return notRead(path, `rename it to ${path.slice(0, -".yml".length)}.yaml`);
      if (isName(name)) return [];
      return notRead(
        path,
        "name it with small letters a-z, digits and hyphens, such as escuela-12.yaml, and not in a sub-folder",
      );
    });
}

function notRead(file: string, hint: string): Problem[] {
  return [{ code: "not-read", where: { file }, what: "a file of this name is not read", hint }];
}
