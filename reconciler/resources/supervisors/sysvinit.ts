// SysV init: the scripts themselves for now, update-rc.d for the next boot.
import type { FileReader, Machine, MachineReader } from "../../machine/machine.ts";
import { succeed, type Problem, type Result } from "../../../common/problem.ts";
import { impossible, refusal, unusableName } from "./answer.ts";
import { hasStartLinks, lookAtScript, scriptOf, startOrder } from "./init-scripts.ts";
import { isScriptName } from "./names.ts";
import type { ServiceAction, SupervisedService, Supervisor, SupervisorOptions } from "./supervisor.ts";

export const sysvinit: Supervisor = {
  name: "sysvinit",
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
  for (const name of names) {
    const script = scriptOf(name);
    const known = { enabled: hasStartLinks(machine.files, name), reads: [script, `/etc/default/${name}`] };
    found.set(name, await lookAtScript(machine, name, [script, "status"], known));
  }
  return succeed(found);
}

async function act(
  machine: Machine,
  action: ServiceAction,
  names: readonly string[],
  { timeoutMs, signal }: SupervisorOptions,
): Promise<readonly Problem[]> {
  if (action === "mask" && names.length > 0) return [impossible(action, names, "SysV init")];
  const problems: Problem[] = [];
  for (const name of inOrder(names, action, machine.files)) {
    if (!isScriptName(name)) problems.push(unusableName(name));
    if (!isScriptName(name) || signal.aborted) continue;
    for (const argv of callsFor(action, name)) {
      problems.push(...refusal(argv, await machine.run(argv, { timeoutMs }), `look with \`${scriptOf(name)} status\``));
    }
  }
  return problems;
}

/** As the machine itself starts them, and the other way round to stop them. */
function inOrder(names: readonly string[], action: ServiceAction, files: FileReader): readonly string[] {
  const order = startOrder(files);
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  const started = names.toSorted((one, other) => place(one) - place(other));
  return action === "stop" ? started.toReversed() : started;
}

function callsFor(action: ServiceAction, name: string): readonly (readonly string[])[] {
  switch (action) {
    case "enable":
      // The first makes the links where there are none, the second turns round those that are there.
      return [
        ["update-rc.d", name, "defaults"],
        ["update-rc.d", name, "enable"],
      ];
    case "disable":
      return [["update-rc.d", name, "disable"]];
    case "reset-failed":
    case "unmask":
    case "mask":
      return [];
    default:
      return [[scriptOf(name), action]];
  }
}
