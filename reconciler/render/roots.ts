// The mace roots of one host in layering order: the package's templates, then the fleet's own layers.
import type { Root } from "../../mace/model.ts";
import type { DesiredState } from "../model/desired.ts";
import type { Tree } from "../model/revision.ts";
import { nearest } from "../../common/nearest.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";

export function hostRoots(desired: DesiredState, tree: Tree, templates: Root): Result<readonly Root[]> {
  const layers = new Set(Array.from(templates.files.keys(), (path) => path.slice(0, path.indexOf("/"))));
  const problems = desired.templates.filter((name) => !layers.has(name)).map((name) => unknownLayer(name, layers));
  if (problems.length > 0) return refuse(...problems);
  const chosen = new Set(desired.templates);
  const shipped = select(templates.files, (path) => chosen.has(path.slice(0, path.indexOf("/"))));
  const folders = [
    "config/fleet",
    ...desired.groups.map((group) => `config/groups/${group}`),
    `config/schools/${desired.host}`,
  ];
  const own = folders.map((name) => ({ name, files: below(tree, `${name}/`) }));
  return succeed([{ name: templates.name, files: shipped }, ...own].filter(({ files }) => files.size > 0));
}

function unknownLayer(name: string, known: Iterable<string>): Problem {
  const guess = nearest(name, known);
  return {
    code: "unknown-template",
    where: { key: `templates.${name}` },
    what: `there is no layer "${name}" in the templates of this program`,
    hint: guess === undefined ? `known layers: ${[...known].sort().join(", ")}` : `did you mean "${guess}"?`,
  };
}

function select(files: ReadonlyMap<string, Buffer>, wanted: (path: string) => boolean): ReadonlyMap<string, Buffer> {
  return new Map([...files].filter(([path]) => wanted(path)));
}

function below(tree: Tree, folder: string): ReadonlyMap<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const [path, { bytes }] of tree) if (path.startsWith(folder)) files.set(path.slice(folder.length), bytes);
  return files;
}
