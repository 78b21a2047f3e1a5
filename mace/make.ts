// The engine on one page: roots of configuration sources, an environment and a family of distributions in; final files out.
import { type Problem, type Result, refuse, succeed } from "../common/problem.ts";
import { faultsInDemands, hintForUnset } from "./demands.ts";
import { gather, type Gathered } from "./gather.ts";
import { isSettings, layer, type Source, sourceName } from "./layer.ts";
import { merge } from "./merge.ts";
import type { Environment, Family, FinalFile, MakeInput, Piece, Removal, Rendering } from "./model.ts";
import { place, type Placed } from "./place.ts";
import { PROVIDERS, type Providers } from "./services/all.ts";

type Group = [Placed, ...Placed[]];

/** Makes every final file, or tells every problem found on the way. Touches nothing. */
export function make(input: MakeInput, providers: Providers = PROVIDERS): Result<Rendering> {
  const layered = layer(input.roots);
  const gathered = gather(layered.sources, input.env, input.family, providers);
  const sorted = sort(layered.sources, input.family, providers);
  const groups = [...sorted.groups.values()];
  const hintFor = (name: string): string | undefined => hintForUnset(gathered.layers, name);
  const merged = groups.map((group) => merge(group, gathered.env, hintFor));
  const faultsInText = [
    ...merged.flatMap((result) => (result.ok ? [] : result.problems)),
    ...faultsInDemands(
      gathered,
      groups.flatMap((group) => group.map(({ source }) => source)),
    ),
  ];
  const problems = [
    ...[...layered.problems, ...gathered.problems, ...sorted.problems],
    // With part of the environment unread, a name that seems undefined may well be defined there.
    ...(gathered.problems.length > 0 ? [] : faultsInText),
  ];
  if (problems.length > 0) return refuse(...problems);
  const files = merged.flatMap((result) => (result.ok ? [result.value] : []));
  return succeed({
    files: files.sort(byPath),
    removals: removalsFor(sorted.groups, input.family),
    pieces: [...sorted.used, ...layered.gone],
    notices: [...layered.notices, ...sorted.notices],
  });
}

/** The variables that `make` would fill in, each with the place where it was set. */
export function variablesOf(input: MakeInput, providers: Providers = PROVIDERS): Result<Environment> {
  const options = optionsOf(input, providers);
  return options.ok ? succeed(options.value.env) : options;
}

/** The same, with what layers declare of them. */
export function optionsOf(input: MakeInput, providers: Providers): Result<Gathered> {
  const gathered = gather(layer(input.roots).sources, input.env, input.family, providers);
  return gathered.problems.length > 0 ? refuse(...gathered.problems) : succeed(gathered);
}

interface Sorted {
  /** By final path. */
  readonly groups: ReadonlyMap<string, Group>;
  readonly used: readonly Piece[];
  readonly notices: readonly Problem[];
  readonly problems: readonly Problem[];
}

/** Sorts sources into the final files they are pieces of, keeping their order. */
function sort(sources: readonly Source[], family: Family, providers: Providers): Sorted {
  const groups = new Map<string, Group>();
  const [used, notices, problems] = [new Array<Piece>(), new Array<Problem>(), new Map<string, Problem>()];
  for (const source of sources) {
    const { root, path } = source;
    const placed = isSettings(source) ? undefined : place(source, family, providers);
    if (placed?.ok === false) {
      for (const problem of placed.problems) problems.set(`${problem.code} ${problem.where?.file ?? ""}`, problem);
    } else if (placed?.value !== undefined) {
      used.push({ root, path, fate: "used", final: placed.value.path });
      const fight = join(groups, placed.value);
      if (fight !== undefined) problems.set(`${fight.code} ${placed.value.path}`, fight);
    } else if (placed === undefined) used.push({ root, path, fate: "used" });
    else if (source.bytes.length > 0) notices.push(unused(source));
  }
  return { groups, used, notices, problems: [...problems.values(), ...fightsOverDirectories(groups)] };
}

function join(groups: Map<string, Group>, placed: Placed): Problem | undefined {
  const group = groups.get(placed.path);
  if (group === undefined) groups.set(placed.path, [placed]);
  else if (group[0].confile !== placed.confile) return twoServices(group[0], placed);
  else group.push(placed);
  return undefined;
}

function fightsOverDirectories(groups: ReadonlyMap<string, Group>): Problem[] {
  const problems: Problem[] = [];
  for (const [path, [below]] of groups) {
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
      const above = groups.get(path.slice(0, end))?.[0];
      if (above !== undefined) problems.push(fileAndDirectory(above, below));
    }
  }
  return problems;
}

/** Only services that have pieces take anything away, and never what is made here. */
function removalsFor(groups: ReadonlyMap<string, Group>, family: Family): Removal[] {
  const removals = new Map<string, Removal>();
  for (const { provider } of new Map([...groups.values()].map(([first]) => [first.provider.service, first])).values()) {
    for (const path of provider.removes[family] ?? []) {
      if (!groups.has(path)) removals.set(path, { path, service: provider.service });
    }
  }
  return [...removals.values()].sort(byPath);
}

function byPath(one: Pick<FinalFile, "path">, other: Pick<FinalFile, "path">): number {
  return one.path < other.path ? -1 : 1;
}

function unused(source: Source): Problem {
  const what = "is not in a service directory and is not used";
  return { code: "unused-file", where: { file: sourceName(source) }, what };
}

function twoServices(first: Placed, second: Placed): Problem {
  return {
    code: "two-services",
    where: { file: sourceName(second.source) },
    what: `makes ${second.path} through ${second.provider.service}.d, but ${sourceName(first.source)} makes it through ${first.provider.service}.d`,
    hint: "keep one of them, or hide the other with an empty file",
  };
}

function fileAndDirectory(above: Placed, below: Placed): Problem {
  return {
    code: "final-file-and-directory",
    where: { file: sourceName(below.source) },
    what: `makes ${below.path}, but ${sourceName(above.source)} makes a file of ${above.path}`,
    hint: "a path can be a file or a directory, not both: rename or hide one of them",
  };
}
