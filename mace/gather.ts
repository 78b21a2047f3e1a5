// What services export, what layers and .env files set and the environment given from outside in; one environment out.
import type { Problem } from "../common/problem.ts";
import { declaredIn, type Layer } from "./declarations.ts";
import { defaultsOf } from "./defaults.ts";
import { parseEnvironment } from "./environment.ts";
import { isEnvironmentFile, type Source, sourceName } from "./layer.ts";
import type { Environment, Family, Variable } from "./model.ts";
import type { Providers } from "./services/all.ts";

export interface Gathered {
  readonly env: Environment;
  /** Layers that declare their variables, by folder. */
  readonly layers: ReadonlyMap<string, Layer>;
  /** What services export on this family. */
  readonly exported: Environment;
  readonly problems: readonly Problem[];
}

/**
 * What services export comes first, then the defaults of layers, then .env files in layering order, then what was given:
 * the last one counts. A given value is also the one that `$NAME` in a file sees, so defaults may be derived from it.
 */
export function gather(sources: readonly Source[], given: Environment, family: Family, providers: Providers): Gathered {
  const exported = exportedBy(providers, family);
  const { layers, problems: faults } = declaredIn(sources);
  const [env, problems] = [new Map<string, Variable>(exported), [...faults]];
  for (const { declarations } of layers.values()) {
    for (const { name, default: usual } of declarations.values()) if (usual !== undefined) env.delete(name);
  }
  const files = sources.filter((source) => isEnvironmentFile(source.path)).sort((one, other) => one.rank - other.rank);
  for (const source of files) {
    const earlier = withDefaults(env, given, layers);
    const parsed = parseEnvironment(sourceName(source), source.bytes, { fixed: given, earlier });
    if (!parsed.ok) problems.push(...parsed.problems);
    else for (const [name, variable] of parsed.value) env.set(name, variable);
  }
  for (const [name, variable] of given) env.set(name, variable);
  return { env: withDefaults(env, given, layers), layers, exported, problems };
}

/** A default that is derived from another variable follows what has been set so far. */
function withDefaults(env: Environment, given: Environment, layers: Gathered["layers"]): Environment {
  if (layers.size === 0) return env;
  return new Map([...env, ...defaultsOf(layers.values(), new Map([...env, ...given]))]);
}

function exportedBy(providers: Providers, family: Family): Map<string, Variable> {
  const env = new Map<string, Variable>();
  for (const { service, variables } of providers.values()) {
    for (const [name, value] of Object.entries(variables?.[family] ?? {})) {
      env.set(name, { value, where: { key: `${service}.d` } });
    }
  }
  return env;
}
