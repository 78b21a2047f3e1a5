// DesiredState, the host's texts and the templates go in; a Target with its bytes comes out. Only this folder knows mace.
import { make } from "../../mace/make.ts";
import type { Family, MakeInput, Rendering, Root } from "../../mace/model.ts";
import { ABSENT } from "../model/absent.ts";
import { fileId, idOf, type ResourceId } from "../model/state.ts";
import type { Check, Wanted } from "../model/target.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";
import { confirmedOn } from "./confirm.ts";
import { hostEnvironment } from "./environment.ts";
import { definedNames, permissionsFor } from "./permissions.ts";
import { policyOf } from "../model/policy.ts";
import { withOrigins, type Provenance, type Rendered } from "./rendered.ts";
import { hostRoots } from "./roots.ts";
import { trace } from "./trace.ts";
import { activatedServices } from "./activated.ts";
import { wantedSystem, withDeclared } from "./system.ts";
import { addWish } from "./wishes.ts";
import { regular, type Work, type WorkInput } from "./work.ts";

export interface RenderInput extends WorkInput {
  readonly templates: Root;
  readonly family: Family;
  /** Key of the Target to be. */
  readonly key: string;
}

export function render(input: RenderInput): Result<Rendered> {
  const { desired, tree } = input;
  const env = hostEnvironment(desired, tree);
  const roots = hostRoots(desired, tree, input.templates);
  if (!env.ok || !roots.ok) return refuse(...(env.ok ? [] : env.problems), ...(roots.ok ? [] : roots.problems));
  const sources = { roots: roots.value, env: env.value, family: input.family };
  const made = make(sources);
  if (!made.ok) return made;
  const accounts = withDeclared(input.accounts, desired);
  const work: Work = {
    input: { ...input, accounts },
    env: env.value,
    entries: new Map(),
    contents: new Map(),
    problems: [],
    owners: false,
  };
  addRendering(work, made.value);
  addRemovals(work, made.value);
  for (const wish of desired.files.values()) addWish(work, wish);
  for (const path of [...work.entries.keys()]) addFolders(work, path);
  for (const path of desired.data.keys()) addFolders(work, path);
  const system = wantedSystem(work, input.family, activatedServices(made.value, input.family));
  if (work.problems.length > 0) return refuse(...work.problems);
  return succeed(result(work, made.value, sources, system, input.key));
}

function addRendering(work: Work, { files }: Rendering): void {
  for (const file of files) {
    const { path, service, bytes, mode, owner, group, checker } = file;
    const wish = work.input.desired.files.get(path);
    const permissions = permissionsFor(work, { mode, ...definedNames(owner, group) }, wish, path);
    const check: Check | undefined = wish?.check === undefined ? checker : { argv: wish.check, byFleet: true };
    const names = definedNames(wish?.owner ?? owner, wish?.group ?? group);
    const told = { by: service, ...names, ...(wish === undefined ? {} : { wish: wish.where }) };
    work.entries.set(path, {
      state: regular(work, bytes, permissions),
      provenance: withOrigins(told, () => file.origins),
      ...(check === undefined ? {} : { check }),
    });
  }
}

/** What a service that has pieces would read as well, and that would say something else. */
function addRemovals(work: Work, { removals }: Rendering): void {
  for (const { path, service } of removals) {
    if (!work.entries.has(path)) work.entries.set(path, { state: ABSENT, provenance: { by: service } });
  }
}

/** Folders on the way to a wanted path: made when missing. */
function addFolders(work: Work, path: string): void {
  if (work.entries.get(path)?.state.type === "absent") return;
  for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1)) {
    const folder = path.slice(0, end);
    const there = work.entries.get(folder);
    if (there === undefined)
      work.entries.set(folder, { state: { type: "directory" }, provenance: { by: "folder" }, implied: true });
    else if (there.state.type !== "directory") work.problems.push(fileAsFolder(folder, path, there.provenance));
    if (there !== undefined) return;
  }
}

function fileAsFolder(folder: string, path: string, { by, wish }: Provenance): Problem {
  return {
    code: "file-as-folder",
    where: wish ?? { file: folder },
    what: `${folder} is made as a file or link (${by}), but ${path} has to lie in it`,
    hint: "rename one of them",
  };
}

function result(
  work: Work,
  made: Rendering,
  sources: MakeInput,
  system: ReadonlyMap<ResourceId, Wanted>,
  key: string,
): Rendered {
  const { input, entries, contents } = work;
  const needed = foldersNeeded(work);
  const sorted = [...entries].sort(([one], [other]) => (one < other ? -1 : 1));
  const wanted = new Map<ResourceId, Wanted>();
  for (const [path, { state, implied, check }] of sorted) {
    const policy = implied && needed.has(path) ? "enforce" : policyOf(path, input.desired.policy);
    const window = input.desired.files.get(path)?.window;
    const needs = implied ? [] : needsOfFile(work, path);
    wanted.set(fileId(path), {
      state,
      policy,
      ...(window === undefined ? {} : { window }),
      ...(needs.length === 0 ? {} : { needs }),
      ...(implied === undefined ? {} : { implied }),
      ...(check === undefined ? {} : { check }),
    });
  }
  for (const [id, state] of system) wanted.set(id, state);
  const { health, brake, policy: policies, updates, windows, calendars, irreversible } = input.desired;
  const notices = !input.privileged && work.owners ? [...made.notices, OWNERS_NOT_SET] : made.notices;
  return {
    target: {
      ...{ key, wanted, policies, health, brake, windows, calendars, irreversible },
      ...(updates === undefined ? {} : { updates }),
      ...confirmedOn(sources.family, input.desired),
    },
    contents,
    provenance: new Map(sorted.map(([path, { provenance }]) => [path, provenance])),
    pieces: made.pieces,
    trace: (path) => trace(path, sources, made.pieces, input.desired.files.get(path)),
    notices,
  };
}

/** Whoever it is to belong to, where the fleet declares them. */
function needsOfFile({ entries, input: { desired } }: Work, path: string): readonly ResourceId[] {
  const { owner, group } = entries.get(path)?.provenance ?? {};
  const { users, groups } = desired.accounts;
  return [
    ...(owner !== undefined && users.has(owner) ? [idOf("user", owner)] : []),
    ...(group !== undefined && groups.has(group) ? [idOf("group", group)] : []),
  ];
}

/** Folders on the way to what is to be put right: they have to be there, whatever is said of the folder itself. */
function foldersNeeded({ input, entries }: Work): ReadonlySet<string> {
  const folders = new Set<string>();
  for (const [path, { state, implied }] of entries) {
    if (implied || state.type === "absent" || policyOf(path, input.desired.policy) !== "enforce") continue;
    for (let end = path.lastIndexOf("/"); end > 0; end = path.lastIndexOf("/", end - 1))
      folders.add(path.slice(0, end));
  }
  return folders;
}

const OWNERS_NOT_SET: Problem = {
  code: "owners-not-set",
  what: "owners and groups are left alone, because only root can set them",
};
