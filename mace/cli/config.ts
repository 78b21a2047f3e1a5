// `mace config`: the variables that are filled in somewhere, each with its value and where it was set.
import { describePlace, type Result, succeed } from "../../common/problem.ts";
import { make, variablesOf } from "../make.ts";
import type { Rendering, Variable } from "../model.ts";
import { oneLine, type Output, printJson } from "./print.ts";
import type { Options, Settings } from "./settings.ts";

export async function config(settings: Settings, options: Options, output: Output): Promise<Result<void>> {
  const made = make(settings.input);
  if (!made.ok) return made;
  const env = variablesOf(settings.input);
  if (!env.ok) return env;
  const used = [...namesIn(made.value)].sort().flatMap((name): [string, Variable][] => {
    const variable = env.value.get(name);
    return variable === undefined ? [] : [[name, variable]];
  });
  if (options.json === true) printJson(output, "mace-config", true, { variables: Object.fromEntries(used) });
  else for (const [name, { value, where }] of used) output.out(`# ${describePlace(where)}\n${name}=${quote(value)}\n`);
  return succeed(undefined);
}

function namesIn(rendering: Rendering): Set<string> {
  return new Set(rendering.files.flatMap(({ origins }) => origins.flatMap((origin) => origin?.variables ?? [])));
}

/** As it may be written in an .env file. */
function quote(value: string): string {
  const plain = oneLine(value);
  if (/^[A-Za-z0-9_./:,@%+-]*$/.test(plain)) return plain;
  return plain.includes("'") ? `"${plain.replace(/[\\"$`]/g, "\\$&")}"` : `'${plain}'`;
}
