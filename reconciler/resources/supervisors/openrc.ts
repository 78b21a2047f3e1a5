// OpenRC: rc-service for now, rc-update for the next boot.
import type { FileReader, Machine, MachineReader } from "../../machine/machine.ts";
import { succeed, type Problem, type Result } from "../../../common/problem.ts";
import { impossible, refusal, unusableName } from "./answer.ts";
import { lookAtScript, namesIn, scriptOf } from "./init-scripts.ts";
import { isScriptName } from "./names.ts";
import type { ServiceAction, SupervisedService, Supervisor, SupervisorOptions } from "./supervisor.ts";

const RUNLEVELS = "/etc/runlevels";
/** Where a service goes that is to start with the machine. */
const USUAL_RUNLEVEL = "default";
/** Nothing starts with the machine by being in one of these. */
const DOWN: ReadonlySet<string> = new Set(["shutdown", "off", "recovery", "single"]);

export const openrc: Supervisor = {
  name: "openrc",
  unsupported: ["mask"],
  look,
  reread: () => Promise.resolve([]),
  act,
  lastWords: () => Promise.resolve(""),
};

async function look(
  machine: MachineReader,
  names: readonly string[],
): Promise<Result<ReadonlyMap<string, SupervisedService>>> {
  const found = new Map<string, SupervisedService>();
  const levels = bootLevels(machine.files);
  for (const name of names) {
    const reads = [scriptOf(name), `/etc/conf.d/${name}`, `/etc/default/${name}`];
    const known = { enabled: [...levels.values()].some((level) => level.includes(name)), reads };
    found.set(name, await lookAtScript(machine, name, ["rc-service", "--", name, "status"], known));
  }
  return succeed(found);
}

/** The runlevels of a machine that is up, with the names of what starts in them. */
function bootLevels(files: FileReader): ReadonlyMap<string, readonly string[]> {
  const levels = namesIn(files, RUNLEVELS).filter((level) => !DOWN.has(level));
  return new Map(levels.map((level) => [level, namesIn(files, `${RUNLEVELS}/${level}`)]));
}

async function act(
  machine: Machine,
  action: ServiceAction,
  names: readonly string[],
  { timeoutMs, signal }: SupervisorOptions,
): Promise<readonly Problem[]> {
  if (action === "mask" && names.length > 0) return [impossible(action, names, "OpenRC")];
  const problems: Problem[] = [];
  for (const name of names) {
    if (!isScriptName(name)) problems.push(unusableName(name));
    if (!isScriptName(name) || signal.aborted) continue;
    for (const argv of callsFor(action, name, machine)) {
      const hint = `look with \`rc-service ${name} status\` and in /var/log`;
      problems.push(...refusal(argv, await machine.run(argv, { timeoutMs }), hint));
    }
  }
  return problems;
}

function callsFor(action: ServiceAction, name: string, { files }: MachineReader): readonly (readonly string[])[] {
  const levels = [...bootLevels(files)].filter(([, names]) => names.includes(name)).map(([level]) => level);
  switch (action) {
    case "enable":
      return levels.length > 0 ? [] : [["rc-update", "--", "add", name, USUAL_RUNLEVEL]];
    case "disable":
      return levels.length > 0 ? [["rc-update", "--", "delete", name, ...levels]] : [];
    case "reset-failed":
      return [["rc-service", "--", name, "zap"]];
    case "unmask":
    case "mask":
      return [];
    default:
      return [["rc-service", "--", name, action]];
  }
}
