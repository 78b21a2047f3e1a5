// The variables of one host: .env files and `env:` maps, from the fleet to the school; the nearest one counts.
import { parseEnvironment } from "../../mace/environment.ts";
import type { Environment, Variable } from "../../mace/model.ts";
import type { DesiredState } from "../model/desired.ts";
import type { Tree } from "../model/revision.ts";
import { refuse, succeed, type Problem, type Result } from "../../common/problem.ts";

export function hostEnvironment(desired: DesiredState, tree: Tree): Result<Environment> {
  const env = new Map<string, Variable>([
    ["HOST", { value: desired.host, where: { file: `schools/${desired.host}.yaml` } }],
  ]);
  const problems: Problem[] = [];
  for (const place of places(desired)) {
    const file = tree.get(place.env);
    if (file !== undefined) {
      const parsed = parseEnvironment(place.env, file.bytes, { earlier: env });
      if (parsed.ok) for (const [name, variable] of parsed.value) env.set(name, variable);
      else problems.push(...parsed.problems);
    }
    for (const [name, placed] of desired.env) if (placed.where.file === place.yaml) env.set(name, placed);
  }
  return problems.length > 0 ? refuse(...problems) : succeed(env);
}

/** From the farthest to the nearest. */
function places({ groups, host }: DesiredState): readonly { readonly env: string; readonly yaml: string }[] {
  return [
    { env: "env/fleet.env", yaml: "fleet.yaml" },
    ...groups.map((group) => ({ env: `env/groups/${group}.env`, yaml: `groups/${group}.yaml` })),
    { env: `env/schools/${host}.env`, yaml: `schools/${host}.yaml` },
  ];
}

/** A template's own variables on top of the host's. */
export function withOwn(env: Environment, own: ReadonlyMap<string, string>, file: string): Environment {
  if (own.size === 0) return env;
  const where = { file };
  return new Map([...env, ...Array.from(own, ([name, value]) => [name, { value, where }] as const)]);
}
