// systemd below a root that does not run: what starts with the machine can be set, and nothing else.
import type { Machine, MachineReader } from "../../machine/machine.ts";
import { succeed, type Problem, type Result } from "../../../common/problem.ts";
import { LOOK_MS, refusal, unknownService, unusableName } from "./answer.ts";
import { isThere } from "./init-scripts.ts";
import { isUnitName, unitOf } from "./names.ts";
import type { ServiceAction, SupervisedService, Supervisor, SupervisorOptions } from "./supervisor.ts";
import { unitFiles } from "./systemd-paths.ts";

const WORKS: ReadonlySet<ServiceAction> = new Set(["enable", "disable", "mask", "unmask"]);

export const systemdOffline: Supervisor = {
  name: "systemd",
  offline: true,
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
  for (const name of names) found.set(name, isUnitName(name) ? await lookAt(machine, name) : unknownService());
  return succeed(found);
}

/** One call each: for a unit that is not known older versions print no line, and lines could not be told apart. */
async function lookAt(machine: MachineReader, name: string): Promise<SupervisedService> {
  const unit = unitOf(name);
  const argv = [...callFor(machine), "is-enabled", "--", unit];
  const { stdout } = await machine.query(argv, { timeoutMs: LOOK_MS });
  const state = stdout.toString("utf8").trim();
  const reads = unitFiles(unit);
  if (state === "not-found" || !/^[a-z-]+$/u.test(state)) return unknownService("not known there", reads);
  const no = { running: false, failed: false, reloadable: false };
  return {
    ...no,
    known: true,
    enabled: /^(?:enabled|enabled-runtime|alias)$/u.test(state),
    masked: state.startsWith("masked"),
    detail: state,
    ...(isFixed(machine, state, unit) ? { fixed: true as const } : {}),
    reads,
  };
}

/** A unit of the distribution that something else pulls in. */
function isFixed({ files }: MachineReader, state: string, unit: string): boolean {
  return (state === "static" || state === "indirect") && !isThere(files, `/etc/systemd/system/${unit}`);
}

async function act(
  machine: Machine,
  action: ServiceAction,
  names: readonly string[],
  { timeoutMs }: SupervisorOptions,
): Promise<readonly Problem[]> {
  const unusable = names.filter((name) => !isUnitName(name));
  if (unusable.length > 0) return unusable.map(unusableName);
  if (names.length === 0 || !WORKS.has(action)) return [];
  const argv = [...callFor(machine), action, "--", ...names.map(unitOf)];
  return refusal(argv, await machine.run(argv, { timeoutMs }), "look whether the unit is there, below that root");
}

function callFor(machine: MachineReader): readonly string[] {
  return ["systemctl", `--root=${machine.hostPath("/")}`, "--no-pager"];
}
