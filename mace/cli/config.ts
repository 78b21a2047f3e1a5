// `mace config`: every option with its sentence, its value and where that was set; `mace config NAME`: is it on?
import type { Declaration } from "../declarations.ts";
import { nearest } from "../../common/nearest.ts";
import { describePlace, type Problem, type Result, refuse, succeed } from "../../common/problem.ts";
import type { Gathered } from "../gather.ts";
import { make, optionsOf } from "../make.ts";
import type { Rendering } from "../model.ts";
import { isTrue } from "../value-types.ts";
import { oneLine, type Output, printJson } from "./print.ts";
import type { Options, Settings } from "./settings.ts";

/** With a name the exit code is 0 for a value that means yes, 1 for one that means no, 2 for trouble. */
export async function config(
  settings: Settings,
  options: Options,
  output: Output,
  name: string | undefined,
): Promise<Result<void>> {
  const gathered = optionsOf(settings.input, settings.providers);
  if (!gathered.ok) return gathered;
  if (name !== undefined) return answer(gathered.value, options, output, name);
  const made = make(settings.input, settings.providers);
  const sections = sectionsOf(gathered.value, made.ok ? namesIn(made.value) : []);
  if (options.json !== true) output.out(sections.map(inWords).join("\n"));
  // What has still to be set is best read with all options in sight.
  if (!made.ok) return made;
  if (options.json === true) printJson(output, "mace-config", true, asJson(sections));
  return succeed(undefined);
}

function answer({ env, layers }: Gathered, options: Options, output: Output, name: string): Result<void> {
  const variable = env.get(name);
  if (variable === undefined) {
    const known = [...env.keys(), ...[...layers.values()].flatMap(({ declarations }) => [...declarations.keys()])];
    return refuse(unset(name, known));
  }
  const { value, where } = variable;
  if (options.json === true) printJson(output, "mace-config", true, { name, value, where, on: isTrue(value) });
  if (!isTrue(value)) process.exitCode = 1;
  return succeed(undefined);
}

function unset(name: string, known: readonly string[]): Problem {
  const guess = nearest(name, known);
  const hint = guess === undefined || guess === name ? "set it in the environment file" : `did you mean ${guess}?`;
  return { code: "unset-variable", where: { key: name }, what: "has no value", hint };
}

interface Option {
  readonly name: string;
  /** Undefined while nobody has set it. */
  readonly value: string | undefined;
  readonly set: string;
  readonly declaration: Declaration | undefined;
}

interface Section {
  readonly layer: string;
  readonly options: readonly Option[];
}

/** Layers in order, an option under the first that declares it; then what is used and not declared. */
function sectionsOf({ env, layers }: Gathered, used: Iterable<string>): readonly Section[] {
  const told = new Set<string>();
  const option = (name: string, declaration?: Declaration): Option[] => {
    if (told.has(name)) return [];
    told.add(name);
    const variable = env.get(name);
    return [{ name, value: variable?.value, set: describePlace(variable?.where), declaration }];
  };
  const sections = [...layers.values()].map(({ name, declarations }) => ({
    layer: name,
    options: [...declarations.values()].flatMap((declaration) => option(declaration.name, declaration)),
  }));
  const others = [...used].sort().flatMap((name) => option(name));
  return [...sections, { layer: "other", options: others }].filter(({ options }) => options.length > 0);
}

function namesIn(rendering: Rendering): Set<string> {
  return new Set(rendering.files.flatMap(({ origins }) => origins.flatMap((origin) => origin?.variables ?? [])));
}

function inWords({ layer, options }: Section): string {
  const lines = options.flatMap(({ name, value, set, declaration }) => [
    ...(declaration === undefined ? [] : [`# ${oneLine(declaration.about)}`]),
    `# ${value === undefined ? "not set" : oneLine(set)}`,
    `${name} = ${oneLine(value ?? "")}`.trimEnd(),
    "",
  ]);
  return [`[${oneLine(layer)}]`, "", ...lines].join("\n");
}

function asJson(sections: readonly Section[]): object {
  const options = sections.flatMap(({ layer, options: inside }) =>
    inside.map(({ name, value = null, set, declaration }) => ({
      ...{ layer, name, value, set },
      type: declaration?.type ?? null,
      about: declaration?.about ?? null,
    })),
  );
  return { options };
}
