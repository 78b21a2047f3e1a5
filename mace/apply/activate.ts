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

/** One file of a service or all of it: `dhcp/kea`, or only `nginx`. A file may have an activation of its own. */
export type Part = string;

export function partOf({ service, confile }: { readonly service: string; readonly confile: string }): Part {
  return confile === "" ? service : `${service}/${confile}`;
}

export function serviceOf(part: Part): string {
  return part.replace(/\/.*/, "");
}

/**
 * What has to be run, in order: a service comes before those it affects. Affected services only count when they are
 * among `configured`, because what mace does not configure it does not restart either.
 */
export function stepsFor(
  changed: readonly Part[],
  configured: ReadonlySet<Part>,
  family: Family,
  providers: Providers,
): readonly Step[] {
  const order: string[] = [];
  const seen = new Set<string>();
  const known = new Set(Array.from(configured, serviceOf));
  const affected = new Set<string>();
  const visit = (service: string): void => {
    if (seen.has(service)) return;
    seen.add(service);
    for (const next of providers.get(service)?.affects ?? []) {
      if (known.has(next)) affected.add(next);
      if (known.has(next)) visit(next);
    }
    order.unshift(service);
  };
  changed.map(serviceOf).sort().forEach(visit);
  const parts = new Set([...changed, ...[...configured].filter((part) => affected.has(serviceOf(part)))]);
  const sorted = [...parts].sort();
  const steps = order.flatMap((service) => sorted.filter((part) => serviceOf(part) === service));
  // Several files of one service mostly share a unit.
  const byCommand = new Map(
    steps.flatMap((part) => stepFor(part, family, providers)).map((step) => [step.argv.join(" "), step]),
  );
  // Units have to be known before anything is started from them.
  const commands = [...byCommand.values()];
  return [...commands.filter(isReload), ...commands.filter((step) => !isReload(step))];
}

function isReload({ argv }: Step): boolean {
  return argv[1] === "daemon-reload";
}

function stepFor(part: Part, family: Family, providers: Providers): Step[] {
  const service = serviceOf(part);
  const provider = providers.get(service);
  const confile = provider?.confiles[part.slice(service.length + 1)];
  const activation = confile?.activation ?? provider?.activation;
  const reload = activation?.how === "daemon-reload" ? [{ service, argv: ["systemctl", "daemon-reload"] }] : [];
  const unit = activation?.units[family];
  if (activation === undefined || unit === undefined) return reload;
  const verb = activation.how === "reload" ? "reload-or-restart" : "restart";
  return [...reload, { service, argv: ["systemctl", verb, unit] }];
}

/** Runs every step and tells those that failed. */
export async function activate(steps: readonly Step[], run: CommandRunner): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const { service, argv } of steps) {
    const { code, output } = await run(argv);
    if (code !== 0) problems.push(failedToStart(service, argv, `${output}\n${await lastWordsOf(argv, run)}`));
  }
  return problems;
}

/** systemctl only says that it failed; why, the service told the journal. */
async function lastWordsOf([, , unit]: readonly string[], run: CommandRunner): Promise<string> {
  if (unit === undefined) return "";
  const argv = ["journalctl", "--quiet", "--no-pager", "--output=cat", "--lines=10", `--unit=${unit}`];
  const { code, output } = await run(argv);
  return code === 0 ? output : "";
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
