// One path of this server in; which layer, file, line and commit gave each part of it, and how it stands now, out.
import { aim } from "../aim.ts";
import type { Ground } from "../ground.ts";
import { fileId } from "../model/state.ts";
import type { Memory, Target, Wanted } from "../model/target.ts";
import type { Revision } from "../model/revision.ts";
import { observe } from "../observe.ts";
import { ABSENT } from "../model/absent.ts";
import { isFileState } from "../model/satisfies.ts";
import { plan } from "../plan/plan.ts";
import type { Rendered } from "../render/rendered.ts";
import { revisionHere } from "../revision-here.ts";
import type { Mirror } from "../source/mirror.ts";
import { loadMemory } from "../state/memory.ts";
import { succeed, type Result } from "../../common/problem.ts";
import { creditsOf, type Credits } from "./credits.ts";
import type { Answer, Explanation, GoneSource, Part, Present, UsedVariable } from "./explanation.ts";
import { nearestPaths } from "./nearest-paths.ts";
import { fileOf, sourceRanges, type Origins } from "./ranges.ts";

/** Of the revision that this server follows; of what git wants, when it follows none yet. Only looks. */
export async function explainPath(ground: Ground, mirror: Mirror, path: string): Promise<Result<Answer>> {
  const revision = await revisionHere(ground, mirror);
  if (!revision.ok) return revision;
  const aimed = await aim(ground, mirror, revision.value);
  const rendered = aimed.ok ? await aimed.value.rendered() : aimed;
  if (!rendered.ok) return rendered;
  const { memory } = await loadMemory(ground.state);
  const wanted = rendered.value.target.wanted.get(fileId(path));
  if (wanted === undefined) return succeed(unmanaged(path, revision.value, rendered.value, memory));
  const credits = await creditsOf(mirror, revision.value, sourcesOf(rendered.value, path));
  const present = await presentOf(ground, rendered.value.target, wanted, path, memory);
  return succeed({
    managed: true,
    explanation: explain(path, revision.value, rendered.value, wanted, { memory, credits, present }),
  });
}

function sourcesOf({ provenance }: Rendered, path: string): readonly string[] {
  const { origins = [], wish } = provenance.get(path) ?? { by: "" };
  const files = origins.flatMap((origin) => (origin === undefined ? [] : fileOf(origin)));
  return [...new Set([...files, ...(wish?.file === undefined ? [] : [wish.file])])];
}

/** Compares this one path, as a cycle would. */
async function presentOf(
  { machine }: Ground,
  target: Target,
  wanted: Wanted,
  path: string,
  memory: Memory,
): Promise<Present | undefined> {
  if (wanted.policy === "ignore") return undefined;
  const id = fileId(path);
  const remembered = memory.get(id);
  const alone = { ...target, wanted: new Map([[id, wanted]]) };
  const known: Memory = new Map(remembered === undefined ? [] : [[id, remembered]]);
  const { observed } = await observe(machine, alone, known);
  const standing = plan({ target: alone, observed, memory: known }).plan.standings.get(id);
  const state = observed.get(id)?.state;
  if (state !== undefined && !isFileState(state)) return undefined;
  return { ...(standing === undefined ? {} : { standing }), ...(state === undefined ? {} : { state }) };
}

interface Found {
  readonly memory: Memory;
  readonly credits: Credits;
  readonly present: Present | undefined;
}

function explain(path: string, revision: Revision, rendered: Rendered, wanted: Wanted, found: Found): Explanation {
  const { by, wish, origins = [], owner, group } = rendered.provenance.get(path) ?? { by: "folder" };
  const { policy, check } = wanted;
  const state = isFileState(wanted.state) ? wanted.state : ABSENT;
  const remembered = found.memory.get(fileId(path));
  const credit = wish?.file === undefined ? undefined : found.credits(wish.file, wish.line ?? 1);
  return {
    ...{ path, revision, by, wanted: state, policy },
    ...(wish === undefined ? {} : { wish: { where: wish, ...(credit === undefined ? {} : { credit }) } }),
    ...(owner === undefined ? {} : { owner }),
    ...(group === undefined ? {} : { group }),
    ...(check === undefined ? {} : { check: check.argv }),
    ...(remembered === undefined ? {} : { origin: remembered.origin }),
    ...(found.present === undefined ? {} : { present: found.present }),
    parts: partsOf(origins, found.credits),
    variables: variablesOf(path, origins, rendered, wanted),
    gone: goneOf(path, rendered),
  };
}

function partsOf(origins: Origins, credits: Credits): readonly Part[] {
  const ranges = sourceRanges(origins, undefined, (file, line) => credits(file, line)?.commit);
  return ranges.map((range) => {
    const credit = range.source === undefined ? undefined : credits(range.source.file, range.source.from);
    return { ...range, ...(credit === undefined ? {} : { credit }) };
  });
}

/** What is filled into a file that only its owner may read may be a password. */
function variablesOf(path: string, origins: Origins, rendered: Rendered, { state }: Wanted): readonly UsedVariable[] {
  const used = [...new Set(origins.flatMap((origin) => origin?.variables ?? []))].sort();
  if (used.length === 0) return [];
  const secret = state.type === "regular" && state.mode !== undefined && (state.mode & 0o044) === 0;
  const { variables } = rendered.trace(path);
  return used.flatMap((name) => {
    const variable = variables.get(name);
    if (variable === undefined) return [];
    return [{ name, where: variable.where, ...(secret ? {} : { value: variable.value }) }];
  });
}

function goneOf(path: string, rendered: Rendered): readonly GoneSource[] {
  return rendered.trace(path).gone.flatMap((piece) => {
    const { fate, by } = piece;
    return fate === "used" ? [] : [{ file: fileOf(piece), fate, ...(by === undefined ? {} : { by }) }];
  });
}

function unmanaged(path: string, revision: Revision, rendered: Rendered, memory: Memory): Answer {
  const managed = Array.from(rendered.provenance, ([each, { by }]) => (by === "folder" ? undefined : each));
  const nearest = nearestPaths(
    path,
    managed.filter((each) => each !== undefined),
  );
  const retired = memory.get(fileId(path))?.origin === "created" ? ({ retired: true } as const) : {};
  return { managed: false, unmanaged: { path, revision, nearest, gone: goneOf(path, rendered), ...retired } };
}
