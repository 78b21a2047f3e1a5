// One action on one service: what comes of it.
import type { Machine } from "../machine/machine.ts";
import { unknownService, unusableName } from "../resources/supervisors/answer.ts";
import { definitionFile } from "../resources/supervisors/embedded-protocol.ts";
import { isScriptName } from "../resources/supervisors/names.ts";
import type { ServiceAction, SupervisedService } from "../resources/supervisors/supervisor.ts";
import { printable } from "../../common/printable.ts";
import type { Problem } from "../../common/problem.ts";
import { readDefinition } from "./definition.ts";
import type { Marks } from "../resources/supervisors/embedded-marks.ts";
import type { Service } from "./service.ts";

export interface Stage {
  readonly machine: Machine;
  readonly marks: Marks;
  /** Makes it when there is none yet. */
  readonly serviceOf: (name: string) => Service;
  /** Undefined when it was never started. */
  readonly known: (name: string) => Service | undefined;
}

/** What does not change the marks. */
export async function actOn(stage: Stage, action: ServiceAction, name: string): Promise<readonly Problem[]> {
  switch (action) {
    case "start":
      return start(stage, name);
    case "restart":
      await stage.known(name)?.stop();
      return start(stage, name);
    case "stop":
      await stage.known(name)?.stop();
      return [];
    case "reload":
      return reload(stage, name);
    case "reset-failed":
      stage.known(name)?.forget();
      return [];
    default:
      return [];
  }
}

async function start({ machine, marks, serviceOf }: Stage, name: string): Promise<readonly Problem[]> {
  if (marks.masked.has(name)) return [cannot(name, "start", "is masked", "unmask it first")];
  const definition = await readDefinition(machine, name);
  if (definition === undefined) return [undefinedService(name)];
  if (!definition.ok) return definition.problems;
  const failure = await serviceOf(name).start(definition.value);
  if (failure === undefined) return [];
  const what = `cannot be run (${printable(failure)})`;
  return [cannot(name, "start", what, "name a program in `run` that is there and may be executed")];
}

async function reload({ machine, known }: Stage, name: string): Promise<readonly Problem[]> {
  const definition = await readDefinition(machine, name);
  const signal = definition?.ok === true ? definition.value.reload : undefined;
  const service = known(name);
  if (signal === undefined) return [cannot(name, "reload", "has no `reload`", "name a signal, such as SIGHUP")];
  if (service?.phase().type !== "running") return [cannot(name, "reload", "does not run", "start it instead")];
  service.signal(signal);
  return [];
}

/** Why a name may not be acted on at all; nothing when it may. */
export function refuseName({ machine }: Stage, action: ServiceAction, name: string): readonly Problem[] {
  if (!isScriptName(name)) return [unusableName(name)];
  const isThere = action !== "enable" || machine.files.stat(definitionFile(name)) !== undefined;
  return isThere ? [] : [undefinedService(name)];
}

function undefinedService(name: string): Problem {
  return {
    code: "service-unknown",
    where: { file: definitionFile(name) },
    what: `there is no service ${printable(name)}: its file is not there`,
    hint: "write its file first, for example: run: [/usr/sbin/squid, -N]",
  };
}

function cannot(name: string, action: string, why: string, hint: string): Problem {
  const what = `cannot ${action} ${printable(name)}: it ${why}`;
  return { code: "supervisor-refused", where: { file: definitionFile(name) }, what, hint };
}

/** A service as it is now. What has no file any more is known as long as it runs. */
export async function lookAt({ machine, marks, known }: Stage, name: string): Promise<SupervisedService> {
  const reads = [definitionFile(name)];
  const definition = isScriptName(name) ? await readDefinition(machine, name) : undefined;
  const service = known(name);
  const phase = service?.phase() ?? { type: "stopped" };
  if (definition === undefined && phase.type === "stopped") return unknownService("not known here", reads);
  const broken = definition?.ok === false;
  return {
    known: true,
    enabled: marks.enabled.has(name),
    masked: marks.masked.has(name),
    running: phase.type === "running",
    failed: phase.type === "waiting" || (phase.type === "over" && !phase.well) || (broken && phase.type === "stopped"),
    ...(phase.type === "waiting" ? { looping: true as const } : {}),
    restarts: service?.restarts() ?? 0,
    detail: broken ? "its file cannot be used" : "how" in phase ? `${phase.type} (${phase.how})` : phase.type,
    reloadable: definition?.ok === true && definition.value.reload !== undefined,
    reads,
  };
}
