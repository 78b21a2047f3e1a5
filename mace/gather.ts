// The .env files of all roots and the environment given from outside in, one environment out.
import type { Problem } from "../common/problem.ts";
import { parseEnvironment } from "./environment.ts";
import { isEnvironmentFile, type Source, sourceName } from "./layer.ts";
import type { Environment, Family, Variable } from "./model.ts";
import type { Providers } from "./services/all.ts";

export interface Gathered {
  readonly env: Environment;
  readonly problems: readonly Problem[];
}

/**
 * What services export comes first, then the files in layering order, then what was given: the last one counts. A
 * given value is also the one that `$NAME` in a file sees, so defaults may be derived from it.
 */
export function gather(sources: readonly Source[], given: Environment, family: Family, providers: Providers): Gathered {
  const env = exported(family, providers);
  const problems: Problem[] = [];
  const files = sources.filter((source) => isEnvironmentFile(source.path)).sort((one, other) => one.rank - other.rank);
  for (const source of files) {
    const parsed = parseEnvironment(sourceName(source), source.bytes, { fixed: given, earlier: env });
    if (!parsed.ok) problems.push(...parsed.problems);
    else for (const [name, variable] of parsed.value) env.set(name, variable);
  }
  for (const [name, variable] of given) env.set(name, variable);
  return { env, problems };
}

function exported(family: Family, providers: Providers): Map<string, Variable> {
  const env = new Map<string, Variable>();
  for (const { service, variables } of providers.values()) {
    for (const [name, value] of Object.entries(variables?.[family] ?? {})) {
      env.set(name, { value, where: { key: `${service}.d` } });
    }
  }
  return env;
}
