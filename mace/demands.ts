// What layers declare, what their pieces use and the values that are there in; values that are missing, unknown or of
// another type out, each with the line that wanted it.
import { nearest } from "../common/nearest.ts";
import { printable } from "../common/printable.ts";
import { describePlace, type Problem, type Where } from "../common/problem.ts";
import type { Declaration, Layer } from "./declarations.ts";
import { namesInDefault } from "./defaults.ts";
import { referencesIn } from "./expand.ts";
import type { Gathered } from "./gather.ts";
import { type Source, sourceName } from "./layer.ts";
import type { Variable } from "./model.ts";
import { faultOfType } from "./value-types.ts";

type Layers = ReadonlyMap<string, Layer>;

/** `pieces` are the sources that are part of a final file. */
export function faultsInDemands(gathered: Gathered, pieces: readonly Source[]): Problem[] {
  if (gathered.layers.size === 0) return [];
  const uses = new Map<string, Where>();
  const problems = new Map<string, Problem>();
  for (const piece of pieces) {
    const around = layersAround(gathered.layers, piece);
    if (around.length === 0) continue;
    for (const { name, line, column } of referencesIn(piece.bytes)) {
      const where = { file: sourceName(piece), line, column };
      const declaring = around.filter(({ declarations }) => declarations.has(name));
      for (const layer of declaring) if (!uses.has(useOf(layer, name))) uses.set(useOf(layer, name), where);
      const promised = around.some(({ ranks }) => ranks.has(piece.rank));
      if (declaring.length > 0 || !promised || gathered.exported.has(name) || !gathered.env.has(name)) continue;
      problems.set(`${where.file} ${name}`, undeclared(name, where, around));
    }
  }
  const faults = [...gathered.layers.values()].flatMap((layer) => faultsIn(layer, gathered, uses));
  for (const fault of faults) problems.set(`${describePlace(fault.where)} ${fault.code} ${fault.what}`, fault);
  return [...problems.values()];
}

/** What a person can do who reads that a variable has no value. */
export function hintForUnset(layers: Layers, name: string): string | undefined {
  for (const { declarations } of layers.values()) {
    const declaration = declarations.get(name);
    if (declaration !== undefined) return howToSet(declaration);
  }
  return undefined;
}

/** Every layer in whose folder a source lies. */
function layersAround(layers: Layers, { segments }: Source): readonly Layer[] {
  const folders = ["", ...segments.slice(0, -1).map((_, at) => segments.slice(0, at + 1).join("/"))];
  return folders.flatMap((folder) => layers.get(folder) ?? []);
}

function useOf({ folder }: Layer, name: string): string {
  return `${folder}\0${name}`;
}

function faultsIn(layer: Layer, { env }: Gathered, uses: ReadonlyMap<string, Where>): Problem[] {
  const isWrong = ({ name, type, choices }: Declaration): boolean => {
    const value = env.get(name)?.value ?? "";
    return value !== "" && faultOfType(type, value, choices) !== undefined;
  };
  return [...layer.declarations.values()].flatMap((declaration) => {
    const variable = env.get(declaration.name);
    // What is derived from a wrong value is wrong because of that one.
    const derivedFrom = isFromDefault(variable, declaration) ? namesInDefault(declaration.default ?? "") : [];
    if (derivedFrom.some((name) => isWrong(layer.declarations.get(name) ?? declaration))) return [];
    const wanted = uses.get(useOf(layer, declaration.name));
    // A piece that wants a value which is not there says so itself, with its line.
    const isMissing = variable === undefined ? wanted === undefined : variable.value === "";
    if (declaration.required && isMissing) return [missing(declaration, wanted, variable?.where)];
    if (variable === undefined || (variable.value === "" && mayBeEmpty(declaration))) return [];
    const fault = faultOfType(declaration.type, variable.value, declaration.choices);
    return fault === undefined ? [] : [illTyped(declaration, variable.value, fault, variable.where, wanted)];
  });
}

function isFromDefault(variable: Variable | undefined, { where }: Declaration): boolean {
  return variable?.where.file === where.file && variable?.where.line === where.line;
}

function mayBeEmpty({ type, default: usual }: Declaration): boolean {
  return usual === "" || type === "text" || type === "list";
}

function missing(declaration: Declaration, wanted: Where | undefined, set: Where | undefined): Problem {
  const empty = set === undefined ? "is not set" : `is empty (${describePlace(set)})`;
  return {
    code: "missing-variable",
    where: wanted ?? declaration.where,
    what: `@${declaration.name}@ has to be set for each school, and ${empty}`,
    hint: howToSet(declaration),
  };
}

function illTyped(declaration: Declaration, value: string, fault: string, set: Where, wanted?: Where): Problem {
  const shown = printable(value.length > 80 ? `${value.slice(0, 80)}...` : value);
  const user = wanted === undefined ? "" : `${describePlace(wanted)} uses it, and `;
  return {
    code: "wrong-type",
    where: set,
    what: `${declaration.name} is "${shown}", which ${fault}`,
    hint: `${user}${describePlace(withoutKey(declaration.where))} declares it: ${declaration.about}`,
  };
}

function withoutKey({ key: _, ...where }: Where): Where {
  return where;
}

function undeclared(name: string, where: Where, around: readonly Layer[]): Problem {
  const guess = nearest(
    name,
    around.flatMap(({ declarations }) => [...declarations.keys()]),
  );
  const layer = around.at(-1)?.name ?? "";
  const declare = `declare it in the layer.yaml of ${layer}`;
  const hint = guess === undefined ? declare : `did you mean @${guess}@? Or ${declare}`;
  return { code: "undeclared-variable", where, what: `@${name}@ is not declared`, hint };
}

function howToSet({ name, about, example }: Declaration): string {
  const sentence = example === undefined ? about : `${about} For example: ${example}`;
  return `set ${name} in the environment file. ${sentence}`;
}
