// Roots in, one merged tree of sources out: later roots supplement, override and hide earlier ones.
import type { Problem } from "../common/problem.ts";
import type { Piece, Root } from "./model.ts";
import { compareNames, faultInPath, isLeftover, serviceIndex } from "./names.ts";

/** One source file, with the root it came from. */
export interface Source {
  readonly root: string;
  /** Place of its root in the layering order. */
  readonly rank: number;
  /** Path below its root, whole and in parts. */
  readonly path: string;
  readonly segments: readonly string[];
  readonly bytes: Buffer;
}

export interface Layered {
  /** What is left, in byte-wise order of the path segments; settings of one path in layering order. */
  readonly sources: readonly Source[];
  /** What was overridden or hidden. */
  readonly gone: readonly Piece[];
  readonly notices: readonly Problem[];
  readonly problems: readonly Problem[];
}

interface Branch {
  sources: Source[];
  children: Map<string, Branch>;
}

interface Layering {
  readonly gone: Piece[];
  readonly notices: Problem[];
  readonly problems: Problem[];
}

/** Lays roots over one another. Linear in the number of files: what is hidden is walked once and then gone. */
export function layer(roots: readonly Root[]): Layered {
  const tree = newBranch();
  const layering: Layering = { gone: [], notices: [], problems: [] };
  roots.forEach((root, rank) => {
    for (const path of root.skipped ?? []) layering.notices.push(leftover(nameOf(root.name, path)));
    for (const [path, bytes] of root.files) {
      const source = { root: root.name, rank, path, segments: path.split("/"), bytes };
      if (isUsable(source, layering)) put(tree, source, layering);
    }
  });
  return { sources: collectBelow(tree, []), ...layering };
}

/** How a source file is called in problems and provenance: the root's name, then the path below it. */
export function sourceName(source: { readonly root: string; readonly path: string }): string {
  return nameOf(source.root, source.path);
}

export function isEnvironmentFile(path: string): boolean {
  return path.endsWith(".env");
}

/** What a layer says of its variables. */
export function isLayerFile(segments: readonly string[]): boolean {
  return segments.at(-1) === "layer.yaml" && serviceIndex(segments) === undefined;
}

/** Files that supplement those of the same path instead of overriding them; empty, they hide those before them. */
export function isSettings({ path, segments }: Pick<Source, "path" | "segments">): boolean {
  return isEnvironmentFile(path) || isLayerFile(segments);
}

function nameOf(root: string, path: string): string {
  if (root === "") return path;
  return root.endsWith("/") ? root + path : `${root}/${path}`;
}

function newBranch(): Branch {
  return { sources: [], children: new Map() };
}

function isUsable(source: Source, layering: Layering): boolean {
  const fault = faultInPath(source.segments);
  if (fault !== undefined) layering.problems.push(badName(source, fault));
  else if (isLeftover(source.segments)) layering.notices.push(leftover(sourceName(source)));
  else return true;
  return false;
}

function put(tree: Branch, source: Source, layering: Layering): void {
  let branch = tree;
  for (const name of source.segments) {
    if (!makeWay(branch, source, layering)) return;
    let next = branch.children.get(name);
    if (next === undefined) branch.children.set(name, (next = newBranch()));
    branch = next;
  }
  land(branch, source, layering);
}

/** On the way down: an empty file of an earlier root yields to a directory of that name, one with content does not. */
function makeWay(branch: Branch, source: Source, layering: Layering): boolean {
  const obstacle = branch.sources.find((earlier) => earlier.bytes.length > 0 || earlier.rank === source.rank);
  if (obstacle !== undefined) {
    layering.problems.push(fight(obstacle, source));
    return false;
  }
  retire(branch, "overridden", source, layering);
  return true;
}

function land(branch: Branch, source: Source, layering: Layering): void {
  const below = collectBelow(branch, []);
  const obstacle = below.find((earlier) => source.bytes.length > 0 || earlier.rank === source.rank);
  if (obstacle !== undefined) {
    layering.problems.push(fight(source, obstacle));
    return;
  }
  if (hidesNothing(branch, below, source)) layering.notices.push(nothingHidden(source));
  for (const child of branch.children.values()) bury(child, source, layering);
  branch.children.clear();
  if (!isSettings(source)) retire(branch, "overridden", source, layering);
  else if (source.bytes.length === 0) retire(branch, "hidden", source, layering);
  branch.sources.push(source);
}

function bury(branch: Branch, by: Source, layering: Layering): void {
  retire(branch, "hidden", by, layering);
  for (const child of branch.children.values()) bury(child, by, layering);
}

function retire(branch: Branch, fate: "overridden" | "hidden", by: Source, layering: Layering): void {
  for (const { root, path } of branch.sources) layering.gone.push({ root, path, fate, by: sourceName(by) });
  branch.sources = [];
}

function collectBelow(branch: Branch, into: Source[]): Source[] {
  if (branch.children.size === 0) return into;
  const children = [...branch.children].sort(([left], [right]) => compareNames(left, right));
  for (const [, child] of children) {
    into.push(...child.sources);
    collectBelow(child, into);
  }
  return into;
}

/** An empty piece or an empty environment file may be meant; any other empty file is there to hide something. */
function hidesNothing(branch: Branch, below: readonly Source[], source: Source): boolean {
  if (source.bytes.length > 0 || source.path.endsWith(".conf") || isSettings(source)) return false;
  return below.length === 0 && branch.sources.length === 0;
}

function leftover(file: string): Problem {
  return { code: "ignored-file", where: { file }, what: "begins with a dot or was left by an editor; it is not used" };
}

function nothingHidden(source: Source): Problem {
  const what = "is an empty file, but no earlier root has anything of this name to hide";
  return { code: "hides-nothing", where: { file: sourceName(source) }, what, hint: "correct its name, or remove it" };
}

function badName(source: Source, fault: string): Problem {
  const hint = "give it a plain name: letters, digits, dots and dashes";
  return { code: "bad-name", where: { file: sourceName(source) }, what: fault, hint };
}

function fight(file: Source, below: Source): Problem {
  return {
    code: "file-and-directory",
    where: { file: sourceName(file) },
    what: `is a file with content, while ${sourceName(below)} needs a directory of that name`,
    hint: "rename one of them; an empty file of that name in a later root would hide the directory",
  };
}
