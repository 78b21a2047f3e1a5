// Services whose files changed in, the commands that make them use the new files out; and running those.
import { printableLines } from "../../common/printable.ts";
import type { Problem } from "../../common/problem.ts";
import type { Family } from "../model.ts";
import type { Providers } from "../services/all.ts";
import type { CommandRunner } from "./command.ts";

/** One service made to use its files, as an argument list. */
export interface Step {
  readonly service: string;
  readonly argv: readonly string[];
}

/**
 * What has to be run, in order: a service comes before those it affects. Affected services only count when they are
 * among `configured`, because what mace does not configure it does not restart either.
 */
export function stepsFor(
  changed: readonly string[],
  configured: ReadonlySet<string>,
  family: Family,
  providers: Providers,
): readonly Step[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const visit = (service: string): void => {
    if (seen.has(service)) return;
    seen.add(service);
    for (const affected of providers.get(service)?.affects ?? []) if (configured.has(affected)) visit(affected);
    order.unshift(service);
  };
  [...changed].sort().forEach(visit);
  return order.flatMap((service) => stepFor(service, family, providers));
}

function stepFor(service: string, family: Family, providers: Providers): Step[] {
  const activation = providers.get(service)?.activation;
  const unit = activation?.units[family];
  if (activation === undefined || unit === undefined) return [];
  const verb = activation.how === "reload" ? "reload-or-restart" : "restart";
  return [{ service, argv: ["systemctl", verb, unit] }];
}

/** Runs every step and tells those that failed. */
export async function activate(steps: readonly Step[], run: CommandRunner): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { service, argv } of steps) {
    const { code, output } = await run(argv);
    if (code !== 0) problems.push(failedToStart(service, argv, output));
  }
  return problems;
}

function failedToStart(service: string, argv: readonly string[], output: string): Problem {
  const said = printableLines(output).trim().slice(0, 4000);
  return {
    code: "activation-failed",
    where: { key: `${service}.d` },
    what: `\`${argv.join(" ")}\` failed${said === "" ? "" : `: ${said}`}`,
    hint: "run `mace apply -R` to leave the new files in place, then start the service by hand and read its errors",
  };
}
